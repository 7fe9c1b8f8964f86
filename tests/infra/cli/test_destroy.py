"""`destroy` ends a run as `down` does: what it cost by estimate is kept, and told."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra import lifecycle
from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.views import price_now
from trackstack_infra.costs import snapshot
from trackstack_infra.costs.history import read_history
from trackstack_infra.errors import DataNotVerified
from trackstack_infra.local.engine.plan import Result
from trackstack_infra.local.engine.state import ResourceState, StackState, state_path, write_state
from trackstack_infra.local.observe import status

CHECKOUT = Path(__file__).resolve().parents[3]
HOURS = 3


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pragmatic has run for three hours, made of one address at 0.005 an hour; `destroy` only forgets it."""
    monkeypatch.setenv("TRACKSTACK_HOME", str(tmp_path))
    home = tmp_path / "local"
    inputs = {"tags": {"layer": "runtime", "domain": "shared"}}
    address = ResourceState("urn:1", "aws:ec2/eip:Eip", "only", None, custom=True, id="1", inputs=inputs)
    write_state(state_path(home, "pragmatic"), StackState("pragmatic", "boot", datetime.now(UTC), (address,)))
    since = (datetime.now(UTC) - timedelta(hours=HOURS)).isoformat()
    statuses = status.statuses(home)

    def up(_home: Path) -> tuple[status.StackStatus, ...]:
        return tuple(replace(each, since=since if each.stack == "pragmatic" else "") for each in statuses)

    def forget(_session: object, *, accept_data_loss: bool) -> Result:
        if not accept_data_loss:
            raise DataNotVerified("no backup holds it", hint="make one")
        state_path(home, "pragmatic").unlink(missing_ok=True)
        return Result((), {}, (), 1.0)

    prices = tmp_path / "prices.yaml"  # the fixture's, read today
    fixture = (CHECKOUT / "tests" / "infra" / "costs" / "fixture_prices.yaml").read_text()
    prices.write_text(fixture.replace("2026-11-01", f"{datetime.now(UTC).date()}"))
    monkeypatch.setattr(status, "statuses", up)
    monkeypatch.setattr(lifecycle, "destroy", forget)
    monkeypatch.setattr(snapshot, "shipped", lambda: prices)
    price_now._prices.cache_clear()
    return home


def destroyed(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(["destroy", "pragmatic", "--confirm", "pragmatic", *options])
    return code, capsys.readouterr().out


def test_a_run_that_destroy_ends_is_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three hours of an address, 3 × 0.005 = 0.015 and a second's worth; the same line as after `down`."""
    code, out = destroyed(capsys, "--accept-data-loss")
    assert code == 0, out
    assert "On AWS: pragmatic ran for 3.00 h, about $0.02 by estimate.\nRun history: " in out
    (run,) = read_history(home).kept
    assert (run.stack, round(run.hours, 2), round(run.exact, 3)) == ("pragmatic", HOURS, Decimal("0.015"))


def test_json_has_the_run_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the field that `down` has."""
    _, out = destroyed(capsys, "--accept-data-loss", "--json")
    document: dict[str, Any] = json.loads(out)
    assert document["aws_price"].startswith("pragmatic ran for 3.00 h")


def test_what_is_refused_ends_no_run(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a backup nothing is destroyed, and the run goes on."""
    assert destroyed(capsys)[0] == 7
    assert read_history(home).kept == ()


def test_what_does_not_run_leaves_none(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A stack that was down before has its record already."""
    state_path(home, "pragmatic").unlink()
    assert "On AWS" not in destroyed(capsys, "--accept-data-loss")[1]
    assert read_history(home).kept == ()
