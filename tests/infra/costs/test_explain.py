"""The working of a line, as a reader checks it with a pocket calculator."""

from collections.abc import Callable
from decimal import Decimal
from math import prod
from typing import Any

import pytest

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.explain import as_document, as_text, exactly, part_of, working
from trackstack_infra.costs.hours import calendar_month
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.errors import UsageError
from trackstack_infra.graph import Graph
from trackstack_infra.settings.groups import ScheduleSettings

Make = Callable[..., Line]


@pytest.fixture(scope="module")
def may(stack_graph: Callable[..., Graph], prices: Snapshot, usage: Usage) -> Estimate:
    """All stacks in May 2026: ten weekend days, 140 h."""
    graphs = [stack_graph(name) for name in ("foundation", "pragmatic", "enterprise")]
    always, weekends = calendar_month(2026, 5, None), calendar_month(2026, 5, ScheduleSettings())
    hours = {"foundation": always, "pragmatic": always, "enterprise": weekends}
    return estimate(graphs, prices, usage, hours)


def test_each_lines_numbers_multiply_to_its_quantity(may: Estimate) -> None:
    """Whatever the rule, the numbers that are shown are the whole working."""
    assert len(may.lines) > 50
    for line in may.lines:
        product = prod((each.amount for each in working(line).factors), start=Decimal(1))
        assert abs(product - line.quantity) < Decimal("1e-15"), line.urn
        assert line.price.of(line.quantity - line.free_units) == line.exact


def test_a_gateway_by_the_hour(may: Estimate) -> None:
    """NAT: 140 h at an invented 4 cents, 5 GB at as many."""
    lines = part_of(may.of("enterprise"), "nat")
    assert [working(line).formula for line in lines] == [
        "1 × 140 h × $0.005 = $0.70",  # its address
        "1 × 140 h × $0.04 = $5.60",
        "5 GB × $0.04 = $0.20",
    ]


def test_a_task_by_the_second(make_line: Make) -> None:
    """Three quarters of a vCPU for 112 h: 0.75 × 112 = 84, at 3 cents 2.52."""
    meter = Meter(price="fargate.arm.vcpu_hour", count=Decimal("0.75"), billing=Billing.BY_SECOND)
    line = make_line("enterprise", "fargate.arm.vcpu_hour", "0.03", 84, meter=meter, hours=112)
    assert working(line).formula == "0.75 × 112 h × $0.03 = $2.52"


def test_free_units_come_off_before_the_price(make_line: Make) -> None:
    """1,200,000 requests of which a million is free, at 40 cents a million: 0.08."""
    meter = Meter(price="sqs.request", billing=Billing.BY_USE, usage="sqs.messages")
    line = make_line(
        "pragmatic", "sqs.request", "0.0000004", 1_200_000, meter=meter, used=Decimal(1_200_000), free=10**6
    )
    assert working(line).formula == "(1,200,000 hour – 1,000,000 free) × $0.0000004 = $0.08"


def test_use_times_a_count(make_line: Make) -> None:
    """Nine runs of 60 s at 1.5 GB are 810 GB-seconds; at a hundredth of a cent 0.081."""
    meter = Meter(price="lambda.x", count=Decimal(90), billing=Billing.BY_USE, usage="bridge.runs")
    line = make_line("enterprise", "lambda.x", "0.0001", 810, meter=meter, used=Decimal(9))
    assert working(line).formula == "9 bridge.runs × 90 hour × $0.0001 = $0.081"


def test_part_of_a_month(make_line: Make) -> None:
    """A host for 186 of 744 h is a quarter of its month: 0.25 × 12 = 3. All month long it is one month."""
    meter = Meter(price="lightsail.x", billing=Billing.HOURLY_UP_TO_MONTH)
    part = make_line("enterprise", "lightsail.x", "12", "0.25", meter=meter, hours=186)
    whole = make_line("enterprise", "lightsail.x", "12", 1, meter=meter, hours=744)
    assert working(part).formula == "1 × 0.25 of a month (186 h) × $12.00 = $3.00"
    assert working(whole).formula == "1 × 1 month × $12.00 = $12.00"


def test_zones_by_creation(make_line: Make) -> None:
    """A zone made anew on each of nine days is billed nine times, 4.50."""
    meter = Meter(price="dns.zone_month", billing=Billing.MONTH_EACH_TIME)
    line = make_line("enterprise", "dns.zone_month", "0.5", 9, meter=meter, hours=126)
    assert working(line).formula == "1 × 9 creations × $0.50 = $4.50"


def test_units_that_fall_into_two_tiers(prices: Snapshot, make_line: Make) -> None:
    """12,100 GB out, 100 free: 10,000 at 9 cents and 2,000 at 4.5 are 900 + 90 = 990."""
    price = prices.find("data.out_gb", "us-east-1")
    assert price is not None
    meter = Meter(price="data.out_gb", billing=Billing.BY_USE, usage="data.out_gb")
    plain = make_line("pragmatic", "data.out_gb", "0", 12_100, meter=meter, used=Decimal(12_100), free=100)
    line = Line(**{**vars(plain), "price": price, "exact": Decimal(990)})
    assert working(line).formula == ("(12,100 GB – 100 free) × tiers (10,000 × $0.09 + 2,000 × $0.045) = $990.00")


def test_units_whose_tiers_other_lines_share(prices: Snapshot, make_line: Make) -> None:
    """Two gateways of 10,000 GB each: 10,000 at 9 cents and 10,000 at 4.5 are 1,350, and each bears 675."""
    price = prices.find("data.out_gb", "us-east-1")
    assert price is not None
    meter = Meter(price="data.out_gb", billing=Billing.BY_USE, usage="data.out_gb")
    plain = make_line("pragmatic", "data.out_gb", "0", 10_000, meter=meter, used=Decimal(10_000))
    line = Line(**{**vars(plain), "price": price, "exact": Decimal(675)})
    assert working(line).formula == (
        "10,000 GB × $0.0675 (the mean of the tiers that all lines of this price reach) = $675.00"
    )
    assert line.free_saved == 0


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("0", "0"), ("1234.5", "1,234.5"), ("0.0000004", "0.0000004"), ("1E+3", "1,000"), ("0.12345678", "0.123457")],
)
def test_numbers_are_written_out(amount: str, shown: str) -> None:
    """Never an exponent, and the first digits of what is tiny."""
    assert exactly(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("gym", {"fargate.arm.vcpu_hour", "fargate.arm.gb_hour"}),  # a domain and a component
        ("loadbalancer", {"alb.hour", "alb.lcu_hour"}),  # a type's last name
        ("aws:lb/loadBalancer:LoadBalancer", {"alb.hour", "alb.lcu_hour"}),
        ("alb", {"alb.hour", "alb.lcu_hour"}),  # the beginning of ids
        ("nat.gb", {"nat.gb"}),
    ],
)
def test_a_part_is_a_component_a_domain_a_type_or_a_meter(may: Estimate, part: str, ids: set[str]) -> None:
    """By any name it goes by, in any case of letters."""
    found = {line.price.id for line in part_of(may.of("enterprise"), part.upper())}
    assert ids <= found
    assert found <= ids | {"logs.ingest_gb", "logs.stored_gb_month", "sqs.request", "cloudwatch.alarm_month"}


def test_an_unknown_part_names_those_there_are(may: Estimate) -> None:
    """With the components and domains to choose from."""
    with pytest.raises(UsageError, match="'nut' names nothing that costs money") as error:
        part_of(may.of("enterprise"), "nut")
    assert "balancer" in str(error.value.hint)


def test_what_is_free_says_why(may: Estimate) -> None:
    """Asking for the working of a subnet is no mistake: it costs nothing, and the rule knows why."""
    page = as_text(may.of("enterprise"), "subnet", "enterprise, subnet")
    assert page == "enterprise, subnet\naws:ec2/subnet:Subnet: costs nothing; what runs in a VPC does.\n"


def test_the_page_has_rule_source_and_confidence(may: Estimate) -> None:
    """80 columns; of each price whence, of when, and how sure."""
    enterprise = may.of("enterprise")
    page = as_text(enterprise, "nat", "enterprise, nat")
    assert max(map(len, page.splitlines())) <= 80
    assert "per started hour, anew at each start" in page
    assert "invented, read 2026-11-01; confidence" in " ".join(page.split())
    assert "nat.gb 5, from the file of assumptions" in page
    # 0.70 + 5.60 + 0.20
    assert page.splitlines()[-1] == "Total $6.50 a month (3 lines, exact sum rounded once)."


def test_rounded_lines_may_add_up_to_something_else(make_line: Make) -> None:
    """Two halves of a cent are a cent, though each alone is shown as one."""
    lines = tuple(make_line("pragmatic", f"x.{name}", "0.005", 1) for name in "ab")
    page = as_text(Estimate(lines=lines, unpriced=(), free=()), None, "two")
    assert "Lines rounded one by one would add up to $0.02.\n" in page
    assert "Total $0.01 a month" in page


def test_the_document_has_exact_texts(may: Estimate) -> None:
    """No floats: amounts are texts, formulas the same as on the page."""
    lines: list[dict[str, Any]] = as_document(may.of("enterprise"), "nat.hour")["lines"]
    (line,) = lines
    assert (line["exact"], line["quantity"], line["hours"]) == ("5.6", "140", "140")
    assert line["factors"] == [{"amount": "1", "what": ""}, {"amount": "140", "what": "h"}]
    assert line["price"]["usd"] == ["0.04"]


def test_a_total_that_lacks_a_price_is_the_least(make_line: Make) -> None:
    """The page names what is missing, also if it is the part that was asked for; programs have a flag."""
    odd = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
    gapped = Estimate(lines=(make_line("enterprise", "nat.hour", "0.04", 100),), unpriced=(odd,), free=())
    assert "Total at least $4.00 a month (1 line)." in as_text(gapped, None, "enterprise")
    page = as_text(gapped, "Thing", "enterprise")
    assert "Total at least $0.00 a month" in page
    assert "Unpriced: aws:odd/thing:Thing: no rule." in page
    document = as_document(gapped, None)
    assert (document["usd"], document["at_least"], document["unpriced"]) == (
        "4.00",
        True,
        [{"type": "aws:odd/thing:Thing", "urn": "urn:odd", "why": "no rule"}],
    )
    assert as_document(Estimate(lines=gapped.lines, unpriced=(), free=()), None)["at_least"] is False
