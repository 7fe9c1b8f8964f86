"""`trackstack cost-report`: what a reader sees, and what a pipeline can rely on."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.costs import scope
from trackstack_infra.costs.history import record_run
from trackstack_infra.costs.scope import PricedStack
from trackstack_infra.costs.snapshot import read_snapshot
from trackstack_infra.graph import Graph, Resource

Report = Callable[..., tuple[int, str, str]]
CHECKOUT = Path(__file__).resolve().parents[3]
PRICES = CHECKOUT / "tests" / "infra" / "costs" / "fixture_prices.yaml"
# An event loop wakes itself through a pair of local sockets; whatever may leave the machine is forbidden.
OFFLINE = """
import socket, sys

def forbid(event, arguments):
    inet = event == "socket.__new__" and arguments[1] in (socket.AF_INET, socket.AF_INET6)
    if inet or event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"):
        raise AssertionError(f"a socket was used: {event}")

sys.addaudithook(forbid)
"""


def document(report: Report, *arguments: str) -> dict[str, Any]:
    """The JSON of a report that was made."""
    code, out, err = report(*arguments, "--json")
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_without_a_stack_all_three_are_priced_together_for_this_month(report: Report) -> None:
    """NAT 126 h × 0.04 + 5 GB × 0.04 = 5.24; an address 720 h × 0.005 = 3.60; foundation's thing has no price."""
    code, out, err = report()
    assert (code, err) == (0, "")
    assert out.startswith("foundation, pragmatic and enterprise · November 2026 · us-east-1\n")
    assert "Total at least $8.84 a month before tax, at expected use." in out
    # 720 × 0.04 + 0.20 + 3.60 = 32.60
    assert "If always on: at least $32.60. The schedule saves at least $23.76." in out
    assert "foundation: 1 × aws:odd/thing:Thing: no billing rule for this type" in out
    assert max(map(len, out.splitlines())) <= 80


def test_hours_come_from_the_month_asked_for(report: Report) -> None:
    """140 h in May, 121.75 on average, 112 or 730 as told; each with 0.20 of gigabytes."""
    totals = {
        " ".join(given): document(report, "enterprise", *given)["total"]
        for given in (["--month", "2026-05"], ["--average"], ["--hours", "112"], ["--hours", "730"])
    }
    # 10 × 14 × 0.04 = 5.60; 30.4375 × 2 / 7 = 8.696 windows of 14 h: 4.87; 4.48; 29.20
    assert totals == {"--month 2026-05": "5.80", "--average": "5.07", "--hours 112": "4.68", "--hours 730": "29.40"}


def test_another_region_has_other_prices(report: Report) -> None:
    """The fixture's eu-central-1 is twice as dear."""
    assert document(report, "enterprise", "--region", "eu-central-1")["total"] == "10.48"


def test_use_may_be_high_or_ones_own(report: Report, tmp_path: Path) -> None:
    """50 GB instead of 5 make 2.00 instead of 0.20."""
    mine = tmp_path / "usage.yaml"
    mine.write_text(
        "schema: 1\nassumptions:\n  nat.gb: {unit: GB, why: measured, each: {any: {low: 1, expected: 50, high: 100}}}\n"
    )
    assert document(report, "enterprise", "--usage", str(mine))["total"] == "7.04"
    assert document(report, "enterprise", "--level", "high")["use"] == "high"


@pytest.mark.parametrize("shape", ["text", "json", "csv", "markdown", "svg"])
def test_every_format_says_that_a_total_is_the_least(report: Report, shape: str) -> None:
    """`at least` beside each total that lacks a price, a flag in JSON; CSV has the row without a cost."""
    _, out, _ = report("--format", shape)
    said = {
        "text": "Total at least $8.84",
        "json": '"at_least": true',
        "csv": "aws:odd/thing:Thing",
        "markdown": "### foundation, pragmatic and enterprise: at least $8.84 a month",
        "svg": "Foundation adds at least $0.00.",
    }
    assert said[shape] in out
    assert shape == "csv" or said[shape] not in report("enterprise", "--format", shape)[1]


def test_a_region_without_prices_is_refused(report: Report) -> None:
    """Everything would be unpriced in us-west-2: exit 2 with the regions that have prices, never a total of $0.00."""
    code, out, err = report("enterprise", "--region", "us-west-2")
    assert (code, out) == (2, "")
    assert "the price snapshot of 2026-11-01 has no prices for us-west-2" in err
    assert "eu-central-1, eu-west-1, us-east-1" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--month", "2026-13"], "is not a month"),
        (["--average", "--hours", "1"], "both set the length of the month"),
        (["--hours", "many"], "is not a number"),
        (["--budget", "-5"], "is not a number"),
        (["--max-increase", "10%"], "require each other"),
        (["--baseline", "x.json"], "require each other"),
        (["--set", "azs=3"], "--set requires a STACK"),
        (["--prices", "nowhere.yaml"], "nowhere.yaml"),
        (["--usage", "nowhere.yaml"], "nowhere.yaml"),
        (["--history", "--format", "svg"], "the run history has no svg format"),
        (["--history", "--budget", "5"], "--budget would change nothing"),
        (["--history", "--hours", "5", "--level", "low"], "--hours and --level would change nothing"),
        (["pragmatic", "--hours", "112"], "--hours 112 changes nothing: pragmatic has no schedule"),
        (["--allow-unpriced"], "--allow-unpriced requires a limit"),
        (["--budget", "5", "--allow-unpriced", "--fail-on-unpriced"], "contradict each other"),
        (["--shared", "equal", "--format", "csv"], "--shared changes nothing in the csv format"),
        (["nope"], "there is no stack 'nope'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(report: Report, arguments: list[str], said: str) -> None:
    """Exit 2, and what to write instead."""
    code, out, err = report(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "→" in err


def test_what_has_no_price_may_fail(report: Report) -> None:
    """Exit 1 with the type, after the report; 0 where all is priced."""
    code, out, err = report("--fail-on-unpriced")
    assert code == 1
    assert "Total" in out
    assert "resources without a price: 1 (aws:odd/thing:Thing)" in err
    assert report("enterprise", "--fail-on-unpriced")[0] == 0


def test_old_prices_warn_then_fail_unless_any_age_will_do(report: Report) -> None:
    """The fixture is of 2026-11-01: 61 days later a warning, 181 days later nothing without --any-age."""
    young = report(today=datetime(2026, 12, 31, tzinfo=UTC))
    assert (young[0], young[2]) == (0, "")
    assert "Warning: 3 of 3 prices used are over 60 days old" in report(today=datetime(2027, 1, 1, tzinfo=UTC))[1]
    code, out, err = report(today=datetime(2027, 5, 1, tzinfo=UTC))
    assert (code, out) == (1, "")
    assert "181 days old" in err
    assert "181 days old" in report("--any-age", today=datetime(2027, 5, 1, tzinfo=UTC))[1]
    assert "181 days old" in report("--any-age", "--format", "csv", today=datetime(2027, 5, 1, tzinfo=UTC))[2]


def test_prices_of_tomorrow_are_refused(report: Report) -> None:
    """On 31 October the fixture of 1 November is from the future, even for --any-age."""
    code, out, err = report("--any-age", today=datetime(2026, 10, 31, tzinfo=UTC))
    assert (code, out) == (1, "")
    assert "the price snapshot is of 2026-11-01, but today is 2026-10-31 (UTC)" in err


@pytest.mark.parametrize("shape", ["text", "json", "csv", "markdown", "svg"])
def test_the_same_question_has_the_same_bytes_for_an_answer(report: Report, shape: str) -> None:
    """In every format."""
    first, second = (report("--format", shape) for _ in range(2))
    assert first == second
    assert first[0] == 0


def test_runs_are_listed_and_added_up(report: Report, tmp_path: Path) -> None:
    """None yet; then one, and a damaged one that is named; the sum is of those that can be read."""
    assert report("--history")[1].startswith("The run history is empty. Each `trackstack down STACK`")
    started = datetime(2026, 11, 7, 7, 0, tzinfo=UTC)
    inputs = {"tags": {"layer": "runtime"}}
    address = Resource("urn:1", "aws:ec2/eip:Eip", "only", None, custom=True, inputs=inputs, outputs={"id": "only"})
    priced = scope.Scope(
        stacks=(PricedStack(Graph("pragmatic", (address,), {}), "us-east-1"),),
        period=scope.Period(month=(2026, 11)),
        prices=read_snapshot(PRICES),
        usage=scope.usage_with(None, scope.Level.EXPECTED),
    ).estimate()
    home = tmp_path / "local"
    record_run(home, "pragmatic", started, started + timedelta(hours=14), priced, snapshot=started.date())
    (home / "runs" / "zz.json").write_text("{")
    code, out, _ = report("--history")
    assert code == 0
    assert "pragmatic  2026-11-07 07:00  2026-11-07 21:00  14.00  $3.60" in out
    assert "Runs: 1. Total: at least $3.60 " in out  # a file that cannot be read is missing from it
    assert "zz.json" in out
    found = json.loads(report("--history", "--json")[1])
    assert (found["total"], found["at_least"], found["damaged"]) == ("3.60", True, ["zz.json"])
    (home / "runs" / "zz.json").unlink()
    assert "Runs: 1. Total: $3.60 " in report("--history")[1]
    assert json.loads(report("--history", "--json", "--month", "2026-10")[1])["total"] == "0.00"


def test_the_real_stacks_are_priced_offline(tmp_path: Path) -> None:
    """All three, with sockets forbidden; nothing is written to the state directory."""
    command = ["cost-report", "--prices", str(PRICES), "--any-age", "--fail-on-unpriced"]
    program = f"{OFFLINE}\nfrom trackstack_infra.cli.__main__ import main\nsys.exit(main({command!r}))"
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env={"TRACKSTACK_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "foundation, pragmatic and enterprise" in shown.stdout
    assert not list(tmp_path.iterdir())
