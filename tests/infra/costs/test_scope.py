"""What is priced: which stacks, over which hours, at which use."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.hours import Basis
from trackstack_infra.costs.scope import Period, PricedStack, Scope, names, record_running, usage_with
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Level, Usage
from trackstack_infra.errors import UsageError
from trackstack_infra.graph import Graph
from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.load import SettingsFiles

CHECKOUT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 24)
WEEKENDS = ScheduleSettings()


def asked(month: str | None = None, *, average: bool = False, hours: str | None = None) -> Period:
    """The options of a command."""
    return Period.asked(TODAY, month=month, average=average, hours=None if hours is None else Decimal(hours))


@pytest.fixture
def nothing() -> Usage:
    """Nothing is assumed, so that windows are as long as the schedule says."""
    return Usage(schema=1, assumptions={})


def test_without_an_option_it_is_this_month(nothing: Usage) -> None:
    """November 2026 has nine weekend days of 14 h, and 720 h."""
    calendar = asked().calendar("enterprise", WEEKENDS, nothing)
    assert (calendar.label, calendar.running.hours, calendar.month.hours) == ("2026-11", 126, 720)


def test_months_have_their_own_hours(nothing: Usage) -> None:
    """Ten weekend days in May 2026, eight in February 2027; the clock change in March changes no window."""
    hours = {
        month: asked(month).calendar("enterprise", WEEKENDS, nothing).running.hours
        for month in ("2026-05", "2026-03", "2027-02")
    }
    assert hours == {"2026-05": 140, "2026-03": 126, "2027-02": 112}


def test_an_average_month_and_given_hours(nothing: Usage) -> None:
    """365.25 / 12 days × 2 / 7 × 14 h = 121.75 h; 112 h are eight windows."""
    average, given = (
        period.calendar("enterprise", WEEKENDS, nothing) for period in (asked(average=True), asked(hours="112"))
    )
    assert (average.basis, average.running.hours) == (Basis.AVERAGE, Decimal("121.75"))
    assert (given.running.hours, given.running.stretches[0].times, given.month.hours) == (112, 8, 730)


def test_a_stack_without_a_schedule_is_always_on(nothing: Usage) -> None:
    """Whatever hours are given for those that do."""
    for period in (asked(), asked(average=True), asked(hours="112")):
        calendar = period.calendar("pragmatic", None, nothing)
        assert calendar.running == calendar.month


def test_coming_up_and_going_down_lengthen_each_window(usage: Usage) -> None:
    """Ten minutes before and ten after are 9 × 14 h 20 min = 129 h; a NAT gateway is billed for 9 × 15 h."""
    ten = usage.assumptions["schedule.warmup_min"].model_copy(
        update={
            "each": {"any": usage.assumptions["schedule.warmup_min"].each["any"].model_copy(update={"expected": 10})}
        }
    )
    longer = usage.model_copy(
        update={"assumptions": {**usage.assumptions, "schedule.warmup_min": ten, "schedule.cooldown_min": ten}}
    )
    calendar = asked().calendar("enterprise", WEEKENDS, longer)
    assert round(calendar.running.hours, 6) == 129
    assert calendar.running.hours_started == 135


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026", "may", "26-05", "2026-5", "1999-01"])
def test_a_month_that_is_none_is_refused(month: str) -> None:
    """With one that is."""
    with pytest.raises(UsageError, match="is not a month"):
        asked(month)


def test_only_one_option_says_how_long_a_month_is() -> None:
    """Both are named."""
    with pytest.raises(UsageError, match="--month and --average both"):
        asked("2026-05", average=True)
    with pytest.raises(UsageError, match="--average and --hours both"):
        asked(average=True, hours="0")


def test_no_month_has_so_many_hours() -> None:
    """744 are the most."""
    assert asked(hours="744").hours == 744
    with pytest.raises(UsageError, match="--hours is 745"):
        asked(hours="745")


def test_stacks_in_two_regions_have_no_common_price(prices: Snapshot, usage: Usage) -> None:
    """Free tiers are pooled and each thing has one price, so one region must be named."""
    stacks = tuple(
        PricedStack(Graph(name, (), {}), region) for name, region in (("a", "us-east-1"), ("b", "eu-central-1"))
    )
    scope = Scope(stacks=stacks, period=asked(), prices=prices, usage=usage)
    with pytest.raises(UsageError, match="eu-central-1 and us-east-1"):
        scope.estimate()
    assert replace(scope, stacks=stacks[:1]).estimate().usd == 0


def test_a_stack_that_is_off_is_priced_as_when_running() -> None:
    """What it will cost is asked, not what it costs stopped; `power=off` asks for that."""
    on, off = (record_running("enterprise", SettingsFiles(CHECKOUT), given) for given in ({}, {"power": "off"}))
    gateway = "aws:ec2/natGateway:NatGateway"
    assert (len(on.graph.all(gateway)), len(off.graph.all(gateway))) == (1, 0)
    assert on.schedule == WEEKENDS
    assert on.region == "us-east-1"


def test_a_file_of_assumptions_replaces_only_what_it_names(tmp_path: Path) -> None:
    """All others stay as shipped."""
    mine = tmp_path / "usage.yaml"
    mine.write_text(
        "schema: 1\nassumptions:\n  nat.gb: {unit: GB, why: measured, each: {any: {low: 1, expected: 2, high: 3}}}\n"
    )
    merged = usage_with(mine, Level.HIGH)
    assert merged.of("nat.gb", "enterprise") == 3
    assert merged.of("efs.gb", "pragmatic") == usage_with(None, Level.HIGH).of("efs.gb", "pragmatic")


def test_a_file_that_names_one_stack_leaves_the_others_as_shipped(tmp_path: Path) -> None:
    """Pragmatic's gigabytes are one's own; enterprise keeps its 1 and foundation the shipped figure for any stack."""
    mine = tmp_path / "usage.yaml"
    mine.write_text(
        "schema: 1\nassumptions:\n"
        "  cloudfront.gb: {unit: GB, why: measured, each: {pragmatic: {low: 7, expected: 8, high: 9}}}\n"
    )
    merged = usage_with(mine, Level.EXPECTED)
    found = [merged.of("cloudfront.gb", stack) for stack in ("pragmatic", "enterprise", "foundation")]
    assert found == [8, 1, 0]


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (
            "nat.gbs: {unit: GB, why: mine, each: {any: {low: 1, expected: 2, high: 3}}}",
            "usage.yaml: no billing rule uses 'nat.gbs'",
            "did you mean nat.gb?",
        ),
        (
            "nat.gb: {unit: GB, why: mine, each: {enterprize: {low: 1, expected: 2, high: 3}}}",
            "usage.yaml: nat.gb is for 'enterprize', which is no stack",
            "did you mean enterprise?",
        ),
        (
            "nat.gb: {unit: GB, why: mine, each: {zz: {low: 1, expected: 2, high: 3}}}",
            "nat.gb is for 'zz', which is no stack",
            "it may be one of any, enterprise, foundation, pragmatic",
        ),
        (
            "nat.gb: {unit: GB, why: mine, each: {any: {low: 1, expcted: 2, high: 3}}}",
            "assumptions.nat.gb.each.any.expected: Field required",
            "docs/costs.md",
        ),
        (
            "nat.gb: {unit: GB, why: mine, each: {any: {low: 1, expected: 2, high: 3}}, wy: mine}",
            "assumptions.nat.gb.wy is not a key of it; did you mean why?",
            "docs/costs.md",
        ),
        (
            "nat.gb: {unit: GB, why: a, each: {any: {low: 1, low: 0, expected: 2, high: 3}}}",
            "duplicate key low",
            "docs/costs.md",
        ),
    ],
)
def test_what_a_file_says_and_nothing_reads_is_refused(tmp_path: Path, text: str, said: str, hint: str) -> None:
    """A figure with a slip in its name would change nothing, and nobody would learn why; the nearest name is told."""
    mine = tmp_path / "usage.yaml"
    mine.write_text(f"schema: 1\nassumptions:\n  {text}\n")
    with pytest.raises(UsageError) as refused:
        usage_with(mine, Level.EXPECTED)
    assert said in refused.value.message
    assert hint in (refused.value.hint or "")


def test_a_file_does_not_choose_the_level(tmp_path: Path) -> None:
    """`level` in a file would be ignored; the option says it."""
    mine = tmp_path / "usage.yaml"
    mine.write_text("schema: 1\nlevel: high\nassumptions: {}\n")
    with pytest.raises(UsageError, match="does not choose the level"):
        usage_with(mine, Level.EXPECTED)


def test_what_no_stack_needs_may_be_stated_for_all(tmp_path: Path) -> None:
    """Reads of an on-demand table have no shipped figure: a file may state them, for every stack that there is."""
    mine = tmp_path / "usage.yaml"
    head = "schema: 1\nassumptions:\n  dynamodb.reads: {unit: reads, why: mine, each: {"
    mine.write_text(head + "any: {low: 1, expected: 2, high: 3}}}\n")
    assert usage_with(mine, Level.EXPECTED).of("dynamodb.reads", "foundation") == 2
    mine.write_text(head + "foundation: {low: 1, expected: 2, high: 3}}}\n")
    with pytest.raises(UsageError, match=r"dynamodb\.reads is stated for foundation only"):
        usage_with(mine, Level.EXPECTED)


def test_a_region_without_prices_is_refused(prices: Snapshot, usage: Usage) -> None:
    """Everything would be unpriced there, and the total nothing; the regions that have prices are named."""
    scope = Scope(stacks=(PricedStack(Graph("a", (), {}), "us-west-2"),), period=asked(), prices=prices, usage=usage)
    with pytest.raises(UsageError, match="no prices for us-west-2") as refused:
        scope.estimate()
    assert "eu-central-1, eu-west-1, us-east-1" in (refused.value.hint or "")


def test_half_a_minute_is_refused(tmp_path: Path) -> None:
    """Windows are counted in whole minutes; what is cut off would be hours that nobody sees."""
    mine = tmp_path / "usage.yaml"
    mine.write_text(
        "schema: 1\nassumptions:\n"
        "  schedule.warmup_min: {unit: min, why: measured, each: {any: {low: 0, expected: 7.5, high: 9}}}\n"
    )
    with pytest.raises(UsageError, match=r"schedule\.warmup_min is 7\.5 for enterprise"):
        asked().calendar("enterprise", WEEKENDS, usage_with(mine, Level.EXPECTED))


def test_names_are_listed_as_in_a_sentence() -> None:
    """One, two, three."""
    assert [names(each) for each in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
