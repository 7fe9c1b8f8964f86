"""How an estimate is added up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from trackstack_infra.costs.report.summary import Report, Shared, period, summarise
from trackstack_infra.costs.scope import Period, PricedStack, Scope
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings


def amounts(sums: object) -> dict[str, str]:
    """Names and cents."""
    return {each.name: str(each.usd) for each in sums}  # type: ignore[attr-defined]


def test_every_way_of_adding_up_gives_the_same_total(report: Report) -> None:
    """12.62991 by stack, layer, domain, meter and group; shown as 12.63."""
    for sums in (report.by_stack, report.by_layer, report.by_domain, report.by_meter, report.by_group):
        assert sum(each.exact for each in sums) == Decimal("12.62991")
    assert report.total.usd == Decimal("12.63")


def test_stacks_layers_and_domains_keep_their_order_and_meters_go_by_price(report: Report) -> None:
    """Dearest first, as that is what one asks about."""
    assert amounts(report.by_stack) == {"pragmatic": "3.60", "enterprise": "9.03"}
    assert amounts(report.by_layer) == {"persistent": "0.30", "runtime": "12.33"}
    assert list(amounts(report.by_domain)) == ["expenses", "gym", "heating", "shared"]
    assert list(amounts(report.by_meter).items()) == [
        ("nat.hour", "5.67"),
        ("ipv4.hour", "3.60"),
        ("fargate.arm.vcpu_hour", "3.06"),
        ("efs.standard_gb_month", "0.30"),
        ("sqs.request", "0.00"),
    ]
    assert list(amounts(report.by_group)) == ["NAT", "public IPv4", "tasks (Fargate)", "storage", "messages, functions"]


def test_free_tiers_are_a_column_of_their_own(report: Report) -> None:
    """262,800 requests that were free would have cost 10.512 cents; nothing is netted."""
    assert report.total.free_saved == Decimal("0.10512")
    assert report.by_stack[0].free_saved == Decimal("0.10512")


def test_shared_costs_stay_shared_unless_asked(report: Report) -> None:
    """3.60 + 5.67 + 0.30 = 9.57 belongs to no domain alone."""
    assert amounts(report.by_domain)["shared"] == "9.57"


def test_shared_costs_may_be_split_alike(report: Report) -> None:
    """9.57 / 3 = 3.19 on each domain's own 1.01997."""
    assert amounts(replace(report, shared=Shared.EQUAL).by_domain) == {
        "expenses": "4.21",
        "gym": "4.21",
        "heating": "4.21",
    }


def test_shared_costs_may_be_split_by_vcpu_hours(report: Report, make_line) -> None:
    """Gym gets twice the vCPU-hours of each other: a quarter, a half and a quarter of 9.57."""
    more = make_line("enterprise", "fargate.arm.vcpu_hour", "0.03238", "31.5", layer="runtime", domain="gym")
    grown = replace(report, estimate=replace(report.estimate, lines=(*report.lines, more)))
    # 1.01997 + 2.3925 = 3.41247; 2.03994 + 4.785 = 6.82494
    assert amounts(replace(grown, shared=Shared.VCPU_HOURS).by_domain) == {
        "expenses": "3.41",
        "gym": "6.82",
        "heating": "3.41",
    }


def test_without_vcpu_hours_of_its_own_no_domain_bears_more_than_another(report: Report) -> None:
    """Pragmatic's one process is shared by all three: 3.60 / 3."""
    alone = replace(report, estimate=report.estimate.of("pragmatic"), shared=Shared.VCPU_HOURS)
    assert amounts(alone.by_domain) == {"expenses": "1.20", "gym": "1.20", "heating": "1.20"}


def test_months_have_names(report: Report) -> None:
    """A real one, an average one, and the calculators' 730 h, however many of them a stack runs."""
    weekends = ScheduleSettings()
    asked = {"pragmatic": None, "enterprise": weekends}

    def named(chosen: Period) -> str:
        usage = Usage(schema=1, assumptions={})
        return period({stack: chosen.calendar(stack, schedule, usage) for stack, schedule in asked.items()})

    assert named(Period(month=(2026, 5))) == "May 2026"
    assert named(Period()) == "an average month"
    assert named(Period(hours=Decimal(112))) == "a month of 730 h"
    assert named(Period(hours=Decimal(744))) == "a month of 744 h"


def test_an_assumption_is_listed_when_it_moved_a_cent(prices: Snapshot, usage: Usage) -> None:
    """Five GB through a NAT gateway are 0.20; nothing else that is assumed touches a stack of one gateway."""
    tags = {"layer": "runtime", "domain": "shared"}
    gateway = Resource(
        "urn:nat",
        "aws:ec2/natGateway:NatGateway",
        "nat",
        None,
        custom=True,
        inputs={"tags": tags},
        outputs={"id": "nat"},
    )
    scope = Scope(
        stacks=(PricedStack(Graph("enterprise", (gateway,), {}), "us-east-1", ScheduleSettings()),),
        period=Period(month=(2026, 11)),
        prices=prices,
        usage=usage,
    )
    made = summarise(scope, date(2026, 11, 24))
    assert [(each.id, each.stack, each.figure, each.effect) for each in made.assumed] == [
        ("nat.gb", "enterprise", Decimal(5), Decimal("0.20"))
    ]
    # 9 × 14 h × 0.04, with 5 GB or 1 GB × 0.04; at high use 20 GB, and minutes of warming up make 9 × 15 h
    assert (made.total.exact, made.low, made.high) == (Decimal("5.24"), Decimal("5.08"), Decimal("6.20"))
    assert made.age_days == 23
