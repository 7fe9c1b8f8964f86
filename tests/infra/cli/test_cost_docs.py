"""docs/costs.md: every command in it works, its example runs, and its file formats are read."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from trackstack_infra.cli import cost_options
from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.verbs import cost, cost_report
from trackstack_infra.costs.claims import read_claims
from trackstack_infra.costs.snapshot import read_snapshot
from trackstack_infra.costs.usage import read_usage

CHECKOUT = Path(__file__).resolve().parents[3]
TEXT = (CHECKOUT / "docs" / "costs.md").read_text()

Capsys = pytest.CaptureFixture[str]


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language; those without one are commands."""
    return [text for found, text in re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.M | re.S) if found == language]


COMMANDS = [line.partition("#")[0].strip() for block in blocks("") for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where commands write what others read."""
    return tmp_path_factory.mktemp("shown")


@pytest.fixture(autouse=True)
def _some_day(monkeypatch: pytest.MonkeyPatch, _recorded_once: None) -> None:
    """A day on which the shipped prices are young."""
    for module in (cost, cost_options):
        monkeypatch.setattr(module, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    monkeypatch.setattr(cost_report, "now", lambda: datetime(2026, 11, 24, tzinfo=UTC))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_works(command: str, folder: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands there, from the first to the last: what one writes another reads."""
    monkeypatch.chdir(folder)
    shown, _, file = command.partition(" > ")
    assert shown.startswith("./trackstack cost")
    assert main(shlex.split(shown)[1:]) == 0, capsys.readouterr().err
    out = capsys.readouterr().out
    assert out
    if file:
        (folder / file).write_text(out)


def test_the_bill_is_asked_for_as_it_stands_there(
    emulator: Any, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With AWS's place taken by an emulator, and --yes as there is no terminal."""
    (command,) = re.findall(r"`\./trackstack (cost actual [^`]*)`", TEXT)
    monkeypatch.setattr(cost, "_cost_explorer", lambda endpoint: emulator.client("ce"))
    assert main([*shlex.split(command), "--yes"]) == 0
    assert capsys.readouterr().out.endswith("Reading the bill took 1 request, $0.01.\n")


def test_what_is_said_of_explain_is_what_it_prints(capsys: Capsys) -> None:
    """The formula that the page quotes."""
    (formula,) = re.findall(r"`(1 × 140 h × [^`]*)`", TEXT)
    assert main(["cost", "explain", "enterprise", "nat", "--month", "2026-05"]) == 0
    assert formula in capsys.readouterr().out


def test_what_is_said_of_a_budget_is_what_it_prints(capsys: Capsys) -> None:
    """The sentence that the page quotes, as the last line of the report."""
    (sentence,) = re.findall(r"`(Budget fits: [^`]*)`", TEXT)
    (command,) = [each for each in COMMANDS if "--budget" in each]
    assert main(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out.endswith(f"\n{sentence}\n")


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its assertions hold."""
    monkeypatch.chdir(CHECKOUT)
    (example,) = blocks("python")
    exec(compile(example, "docs/costs.md", "exec"), {})


def test_the_formats_are_read(tmp_path: Path) -> None:
    """Assumptions, prices and claims, as the page writes them."""
    read = {"assumptions": read_usage, "entries": read_snapshot, "claims": read_claims}
    for text in blocks("yaml"):
        (kind,) = read.keys() & yaml.safe_load(text).keys()
        path = tmp_path / f"{kind}.yaml"
        path.write_text(text)
        assert read.pop(kind)(path)
    assert not read
