"""Run history: what one run of a stack cost, kept and added up."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.history import FOLDER, RunRecord, price_window, read_history, record_run
from trackstack_infra.costs.line import Estimate, Unpriced
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.errors import UsageError
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings

SATURDAY = datetime(2026, 11, 7, 7, 0, tzinfo=UTC)


@pytest.fixture
def graph() -> Graph:
    """One NAT gateway with its address, and a persistent address."""

    def resource(name: str, type_: str, layer: str) -> Resource:
        inputs = {"tags": {"layer": layer, "domain": "shared"}}
        return Resource(f"urn:{name}", type_, name, None, custom=True, inputs=inputs, outputs={"id": name})

    return Graph(
        "enterprise",
        (
            resource("address", "aws:ec2/eip:Eip", "runtime"),
            resource("kept", "aws:ec2/eip:Eip", "persistent"),
            resource("nat", "aws:ec2/natGateway:NatGateway", "runtime"),
        ),
        {},
    )


def window(graph: Graph, prices: Snapshot, usage: Usage, minutes: int) -> Estimate:
    """Priced from Saturday morning on."""
    return price_window(
        graph,
        prices,
        usage,
        ScheduleSettings(),
        region="us-east-1",
        started=SATURDAY,
        ended=SATURDAY + timedelta(minutes=minutes),
    )


def amounts(priced: Estimate) -> dict[str, Decimal]:
    """By price, to a hundredth of a cent."""
    return {line.price.id: round(line.exact, 4) for line in priced.lines}


def test_each_hour_begun_of_a_stretch_is_billed_whole(graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """14 h 20 min: NAT bills 15 h × 0.04, its address 14.3333 h × 0.005; of the month's 5 GB × 0.04 it bears
    14.3333 / 126. What stays while the stack is stopped is in no record."""
    assert amounts(window(graph, prices, usage, 860)) == {
        "ipv4.hour": Decimal("0.0717"),
        "nat.hour": Decimal("0.60"),
        "nat.gb": Decimal("0.0228"),
    }


def test_a_minute_is_an_hour_of_nat_and_a_minute_of_an_address(graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """0.04, and 0.005 / 60."""
    priced = amounts(window(graph, prices, usage, 1))
    assert (priced["nat.hour"], priced["ipv4.hour"]) == (Decimal("0.04"), Decimal("0.0001"))


def test_a_clock_that_went_back_costs_nothing_less_than_nothing(graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """An end before the start is no time at all."""
    priced = window(graph, prices, usage, -5)
    assert priced.exact >= 0
    assert amounts(priced)["nat.hour"] == 0


def test_a_stretch_longer_than_all_windows_bears_a_months_use_once(
    graph: Graph, prices: Snapshot, usage: Usage
) -> None:
    """200 h in a month of 126 h: 5 GB × 0.04."""
    assert amounts(window(graph, prices, usage, 200 * 60))["nat.gb"] == Decimal("0.20")


def kept(home: Path, priced: Estimate, started: datetime = SATURDAY, hours: int = 14) -> RunRecord:
    """A run recorded."""
    ended = started + timedelta(hours=hours)
    return record_run(home, "enterprise", started, ended, priced, snapshot=date(2026, 11, 1))


def test_a_record_comes_back_as_it_was_written(tmp_path: Path, graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """To the last digit; the folder holds nothing else."""
    record = kept(tmp_path, window(graph, prices, usage, 840))
    assert read_history(tmp_path).kept == (record,)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["20261107T070000Z-enterprise.json"]
    # 14 × 0.04 + 14 × 0.005 + 5 × 0.04 × 14 / 126 = 0.56 + 0.07 + 0.0222
    assert record.usd == Decimal("0.65")
    assert str(record) == "enterprise ran for 14.00 h, about $0.65 by estimate"


def test_a_sum_with_gaps_is_the_least(tmp_path: Path, graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """A run with something unpriced says `at least`; so does a history that holds it, or a file nobody can read."""
    priced = window(graph, prices, usage, 840)
    kept(tmp_path, priced)
    assert not read_history(tmp_path).gaps
    odd = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
    record = kept(tmp_path, replace(priced, unpriced=(odd,)), SATURDAY + timedelta(days=1))
    assert str(record) == (
        "enterprise ran for 14.00 h, at least $0.65 by estimate (resources without a price, not included: 1)"
    )
    assert read_history(tmp_path).gaps
    (tmp_path / FOLDER / "20261108T070000Z-enterprise.json").write_text("{")
    assert read_history(tmp_path).gaps


def test_no_run_is_priced_where_there_are_no_prices(graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """In us-west-2 a run would have cost nothing; it is refused, with the regions that have prices."""
    with pytest.raises(UsageError, match="has no prices for us-west-2"):
        price_window(
            graph, prices, usage, None, region="us-west-2", started=SATURDAY, ended=SATURDAY + timedelta(hours=1)
        )


def test_they_are_added_up_exactly_and_by_month(tmp_path: Path, graph: Graph, prices: Snapshot, usage: Usage) -> None:
    """A stretch belongs to the UTC month it began in, whatever zone its time was given in."""
    priced = window(graph, prices, usage, 840)
    berlin = timezone(timedelta(hours=1))
    for started in (SATURDAY, SATURDAY + timedelta(days=1), datetime(2026, 12, 1, 0, 30, tzinfo=berlin)):
        kept(tmp_path, priced, started)
    every = read_history(tmp_path)
    assert every.usd == Decimal("1.96")  # 3 × 0.65222
    assert len(every.of("enterprise", (2026, 11)).kept) == 3
    assert every.of("pragmatic").kept == ()
    assert every.of(None, (2026, 12)).exact == 0


def test_a_damaged_record_is_named_and_stops_nothing(
    tmp_path: Path, graph: Graph, prices: Snapshot, usage: Usage
) -> None:
    """Half a file, another schema, a time without a zone, no amount, a list, bytes that are no text."""
    good = kept(tmp_path, window(graph, prices, usage, 840))
    whole = json.loads((tmp_path / FOLDER / "20261107T070000Z-enterprise.json").read_text())
    wrong = [
        json.dumps(whole)[:40],
        json.dumps({**whole, "schema": 2}),
        json.dumps({**whole, "started": "2026-11-07T07:00:00"}),
        json.dumps({**whole, "usd_exact": "NaN"}),
        json.dumps([whole]),
        json.dumps({**whole, "lines": None}),
    ]
    for number, text in enumerate(wrong):
        (tmp_path / FOLDER / f"{number}.json").write_text(text)
    (tmp_path / FOLDER / "bytes.json").write_bytes(b"\xff\xfe")
    found = read_history(tmp_path)
    assert found.kept == (good,)
    assert len(found.damaged) == 7


def test_no_history_is_no_error(tmp_path: Path) -> None:
    """A folder that is not there is an empty one."""
    assert read_history(tmp_path).kept == ()
