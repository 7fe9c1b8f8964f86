"""Runs the command line as its users do: as a process, with a state directory of its own."""

import os
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import CommandLine

from trackstack_infra.cli import cost_options
from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.verbs import cost_report
from trackstack_infra.costs import scope, what_if
from trackstack_infra.costs.scope import PricedStack, record_running
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]

_RECORDED: dict[str, PricedStack] = {}

PRICES = CHECKOUT / "tests" / "infra" / "costs" / "fixture_prices.yaml"
Report = Callable[..., tuple[int, str, str]]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """TRACKSTACK_HOME of the commands of one test."""
    return tmp_path / "home"


@pytest.fixture
def trackstack(home: Path, command_line: CommandLine) -> Run:
    """Call it like `trackstack("up", "enterprise")`; returns exit code, stdout and stderr."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        whole = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "TRACKSTACK_HOME": str(home),
            "COLUMNS": "80",
            **environment,
        }
        command = command_line.start(arguments, whole)
        out, err = command.communicate(timeout=600)
        assert command.returncode is not None
        return subprocess.CompletedProcess(arguments, command.returncode, out, err)

    return run


@pytest.fixture
def _recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands about costs that run in this process record a stack once for each set of settings, not once each."""

    def remembered(stack: str, files: SettingsFiles, overrides: Mapping[str, object]) -> PricedStack:
        key = repr((stack, sorted(overrides.items())))
        if key not in _RECORDED:
            _RECORDED[key] = record_running(stack, files, overrides)
        return _RECORDED[key]

    for module in (scope, what_if):
        monkeypatch.setattr(module, "record_running", remembered)


def small_stack(stack: str, _root: Path, overrides: dict[str, object]) -> PricedStack:
    """Enterprise is a NAT gateway on weekends, pragmatic an address; foundation has something without a rule."""
    types = {
        "enterprise": "aws:ec2/natGateway:NatGateway",
        "pragmatic": "aws:ec2/eip:Eip",
        "foundation": "aws:odd/thing:Thing",
    }
    inputs = {"tags": {"layer": "runtime", "domain": "shared"}}
    only = Resource(f"urn:{stack}", types[stack], "only", None, custom=True, inputs=inputs, outputs={"id": "only"})
    schedule = ScheduleSettings() if stack == "enterprise" else None
    return PricedStack(Graph(stack, (only,), {}), str(overrides.get("region", "us-east-1")), schedule)


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Report:
    """Price small stacks at invented prices on 24 November 2026; returns exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TRACKSTACK_HOME", str(tmp_path))
    monkeypatch.setattr(scope, "record_running", small_stack)

    def run(*arguments: str, today: datetime = datetime(2026, 11, 24, tzinfo=UTC)) -> tuple[int, str, str]:
        monkeypatch.setattr(cost_report, "now", lambda: today)
        monkeypatch.setattr(cost_options, "now", lambda: today)
        given = [] if "--history" in arguments or "--prices" in arguments else ["--prices", str(PRICES)]
        code = main(["cost-report", *arguments, *given])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
