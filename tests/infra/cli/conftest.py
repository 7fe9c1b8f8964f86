"""Runs the command line as its users do: as a process, with a state directory of its own."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from command_line import CommandLine

from trackstack_infra.costs import scope, what_if
from trackstack_infra.costs.scope import PricedStack, record_running
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]

_RECORDED: dict[str, PricedStack] = {}

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
