"""Whole stacks, worked out by hand at the fixture's prices and a use that is stated here."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import pytest

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import Calendar, assumed_hours, average_month, calendar_month
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph
from trackstack_infra.settings.groups import ScheduleSettings

WEEKENDS: Final = ScheduleSettings()
ALWAYS: Final = assumed_hours(Decimal(730), None)
AWAKE_112: Final = assumed_hours(Decimal(112), WEEKENDS)
DOMAIN: Final = {"name": "track.example.org", "zone": "example.org"}

USE: Final = {
    "alb.lcu": "0.05",
    "api.requests": 100_000,
    "api.kb_per_request": 4,
    "bridge.runs": 9,
    "bridge.seconds": 60,
    "cloudfront.gb": 2,
    "cloudfront.requests": 200_000,
    "cognito.users": 5,
    "data.inter_az_gb": 0,
    "data.out_gb": "0.1",
    "dns.queries": 20_000,
    "dynamodb.gb": "0.001",
    "ecr.gb": "1.7",
    "efs.gb": 1,
    "fallback.runs": 122,
    "fallback.seconds": 2,
    "fargate.on_demand_share": 0,
    "logs.gb": 1,
    "logs.stored_gb": "0.5",
    "nat.gb": 5,
    "s3.gb": 1,
    "s3.gets": 100_000,
    "s3.puts": 3_000,
    "secrets.calls": 0,
    "sns.publishes": 1_000,
    "sqs.kb_per_message": 2,
    "sqs.messages": 3_000,
}

# Of enterprise, whatever its hours: 5 GB through NAT × $0.04 = 0.20; API 100,000 × $0.000001 = 0.10; EFS 1 GB = 0.30;
# S3 0.02 + 3,000 × $0.000005 + 100,000 × $0.0000004 = 0.075; the bridge's disk 9 × 60 s × 3.5 GB × $0.00000003.
# What it sends, logs, computes in Lambda and shows through CloudFront is within the free tiers.
BRIDGE_DISK: Final = Decimal("0.0000567")
FIXED: Final = Decimal("0.675") + BRIDGE_DISK
# An hour of it: three tasks of 0.25 vCPU × $0.03 + 0.5 GB × $0.004 = 0.0095 each; NAT 0.04 and its address 0.005;
# balancer 0.02 and 0.05 capacity units × $0.008 = 0.0004; Lightsail $14.88/744 = 0.02.
HOUR: Final = Decimal("0.1139")

Priced = Callable[..., Estimate]


@pytest.fixture
def priced(prices: Snapshot, stated: Callable[[Mapping[str, Any]], Usage], stack_graph: Callable[..., Graph]) -> Priced:
    """A stack's estimate: `priced("enterprise", AWAKE_112, egress="ipv6")`."""

    def price(stack: str, calendar: Calendar, *, free_tier: bool = True, **settings: Any) -> Estimate:
        estimated = estimate(stack_graph(stack, **settings), prices, stated(USE), calendar, free_tier=free_tier)
        assert estimated.unpriced == ()
        return estimated

    return price


def by_price(estimated: Estimate) -> dict[str, Decimal]:
    """Dollars by price id, without what is free."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in estimated.lines:
        sums[line.price.id] += line.exact
    return {id_: exact for id_, exact in sums.items() if exact}


def test_pragmatic_over_ipv4(priced: Priced) -> None:
    """Always on, a task on Spot with a public address; half of the total is that address."""
    estimated = priced("pragmatic", ALWAYS, ingress="ipv4")
    assert by_price(estimated) == {
        "fargate.spot.arm.vcpu_hour": Decimal("1.825"),  # 0.25 × 730 × $0.01
        "fargate.spot.arm.gb_hour": Decimal("0.365"),  # 0.5 × 730 × $0.001
        "ipv4.hour": Decimal("3.65"),  # 730 × $0.005
        "dns.zone_month": Decimal("0.5"),  # the namespace that API Gateway finds the task by
        "api.http.request": Decimal("0.1"),
        "efs.standard_gb_month": Decimal("0.3"),
        "s3.standard_gb_month": Decimal("0.02"),
        "s3.put": Decimal("0.015"),
        "s3.get": Decimal("0.04"),
    }
    assert estimated.exact == Decimal("6.815")
    assert estimated.usd == Decimal("6.82")  # half up


def test_pragmatic_over_ipv6(priced: Priced) -> None:
    """Neither an address nor an API; CloudFront's look-ups of the task are new."""
    estimated = priced("pragmatic", ALWAYS, ingress="ipv6", domain=DOMAIN)
    # 6.815 - 3.65 (address) - 0.10 (API) + 20,000 queries × $0.0000004
    assert estimated.exact == Decimal("3.073")
    assert "ipv4.hour" not in by_price(estimated)


def test_a_domain_of_ones_own_costs_no_more(priced: Priced) -> None:
    """Certificates and aliases are free, and its zone was there before."""
    assert priced("pragmatic", ALWAYS, domain=DOMAIN).exact == Decimal("6.815")


# By the hour: Spot 0.0025 + 0.0005, address 0.005 = 0.008; by the month 0.975.
@pytest.mark.parametrize(("month", "exact"), [(2, "6.351"), (6, "6.735"), (10, "6.927")])
def test_pragmatic_in_months_of_672_720_and_744_hours(priced: Priced, month: int, exact: str) -> None:
    """October has as many hours as any month of 31 days: AWS counts in UTC."""
    assert priced("pragmatic", calendar_month(2026, month, None)).exact == Decimal(exact)


def test_pragmatic_without_the_free_tier(priced: Priced) -> None:
    """What an account that uses up its free tiers elsewhere pays on top: $4.76."""
    free = priced("pragmatic", ALWAYS)
    paid = priced("pragmatic", ALWAYS, free_tier=False)
    more = {id_: exact for id_, exact in by_price(paid).items() if id_ not in by_price(free)}
    assert {id_: round(exact, 9) for id_, exact in more.items()} == {
        "sqs.request": Decimal("0.05616"),  # (131,400 polls + 3 × 3,000) × $0.0000004
        "cloudfront.out_gb": Decimal("0.16"),
        "cloudfront.request": Decimal("0.2"),
        "cloudfront.function": Decimal("0.02"),
        "logs.ingest_gb": Decimal("0.5"),
        "logs.stored_gb_month": Decimal("0.015"),
        "cloudwatch.alarm_month": Decimal("0.5"),  # five alarms
        "cloudwatch.metric_month": Decimal("0.3"),
        "cloudwatch.dashboard_month": Decimal(3),
        "data.out_gb": Decimal("0.009"),
        "lambda.request": Decimal("0.0000244"),
        "lambda.arm.gb_second": Decimal("0.000305"),  # 122 × 2 s × 0.125 GB × $0.00001
        "scheduler.invocation": Decimal("0.000152083"),  # 730 h × (1/6 + 1/24) × $0.000001
    }


def test_enterprise_for_112_hours(priced: Priced) -> None:
    """Eight weekend days behind one NAT gateway."""
    estimated = priced("enterprise", AWAKE_112)
    assert {id_: round(exact, 10) for id_, exact in by_price(estimated).items()} == {
        "fargate.arm.vcpu_hour": Decimal("2.52"),  # 3 × 0.25 × 112 × $0.03
        "fargate.arm.gb_hour": Decimal("0.672"),  # 3 × 0.5 × 112 × $0.004
        "nat.hour": Decimal("4.48"),
        "nat.gb": Decimal("0.2"),
        "ipv4.hour": Decimal("0.56"),
        "alb.hour": Decimal("2.24"),
        "alb.lcu_hour": Decimal("0.0448"),
        "lightsail.bundle.small_3_0_month": Decimal("2.24"),
        "api.http.request": Decimal("0.1"),
        "efs.standard_gb_month": Decimal("0.3"),
        "s3.standard_gb_month": Decimal("0.02"),
        "s3.put": Decimal("0.015"),
        "s3.get": Decimal("0.04"),
        "lambda.ephemeral_gb_second": BRIDGE_DISK,
    }
    assert round(estimated.exact, 10) == Decimal("13.4318567")


# 112 h × 0.1139 + 0.6750567 and so on; March has the clocks' change, May five Saturdays and five Sundays.
@pytest.mark.parametrize(
    ("month", "hours", "usd"), [(2, 112, "13.43"), (3, 126, "15.03"), (5, 140, "16.62"), (10, 126, "15.03")]
)
def test_enterprise_in_real_months(priced: Priced, month: int, hours: int, usd: str) -> None:
    """112 to 140 h are two to three dollars apart, and a change of the clocks at night is nothing."""
    estimated = priced("enterprise", calendar_month(2026, month, WEEKENDS))
    assert round(estimated.exact, 10) == round(hours * HOUR + FIXED, 10)
    assert estimated.usd == Decimal(usd)


def test_enterprise_in_an_average_month(priced: Priced) -> None:
    """121.75 h × 0.1139 + 0.6750567 = $14.54."""
    assert priced("enterprise", average_month(WEEKENDS)).usd == Decimal("14.54")


def test_enterprise_always_on(priced: Priced) -> None:
    """730 h × 0.1139 + 0.6750567 = $83.82; that is what `if_always` says beside each weekend's estimate, too."""
    always = priced("enterprise", ALWAYS)
    assert round(always.exact, 10) == Decimal("83.8220567")
    weekends = priced("enterprise", AWAKE_112)
    assert round(sum(line.if_always for line in weekends.lines), 10) == Decimal("83.8220567")


@pytest.mark.parametrize(
    ("settings", "exact"),
    [
        # a second gateway with its address: + 112 × (0.04 + 0.005)
        ({"egress": "nat-per-az"}, "18.4718567"),
        # and a third with three zones: + 112 × 0.045 once more
        ({"egress": "nat-per-az", "azs": 3}, "23.5118567"),
        # - 4.48 - 0.20 for the gateway, + 112 × $0.004 + 8 GB × 112/730 × $0.08; its address stays
        ({"egress": "nat-instance"}, "9.2980485"),
        # - 4.48 - 0.20 - 0.56: IPv6 costs nothing by the hour
        ({"egress": "ipv6"}, "8.1918567"),
        # and - 2.24 for Lightsail, + 112 × 0.0095 for a fourth task
        ({"egress": "ipv6", "observability": "task"}, "7.0158567"),
        ({"egress": "ipv6", "observability": "off"}, "5.9518567"),
        # + 112 × $0.02 + 20 GB × 112/730 × $0.10 + a secret for 112/730 of a month × $0.40
        ({"database": "postgres"}, "16.0400759"),
        # a zone more adds subnets and mount targets, a domain certificates and names: all free
        ({"azs": 3, "domain": DOMAIN}, "13.4318567"),
    ],
)
def test_enterprise_by_its_settings(priced: Priced, settings: dict[str, Any], exact: str) -> None:
    """Each choice has its price, at 112 h."""
    assert round(priced("enterprise", AWAKE_112, **settings).exact, 7) == Decimal(exact)


def test_enterprise_on_spot(priced: Priced) -> None:
    """Two thirds off the tasks: 3 × 112 × (0.25 × $0.01 + 0.5 × $0.001) = 1.008 in place of 3.192."""
    services = {name: {"spot_share": 1} for name in ("expenses", "gym", "heating")}
    assert round(priced("enterprise", AWAKE_112, services=services).exact, 7) == Decimal("11.2478567")


def test_foundation(priced: Priced) -> None:
    """Pennies: images 1.7 GB × $0.10, backups as S3 above; people, leases and alarms are within the free tiers."""
    assert priced("foundation", ALWAYS).exact == Decimal("0.245")


@pytest.mark.parametrize(
    ("stack", "exact"),
    [
        # zone 0.50, EFS 0.30, S3 0.075
        ("pragmatic", "0.875"),
        # EFS 0.30, S3 0.075: the API answers nobody, and the bridge does not run
        ("enterprise", "0.375"),
    ],
)
def test_what_is_left_with_the_power_off(priced: Priced, stack: str, exact: str) -> None:
    """A month without a single running hour: what holds the data, and names."""
    estimated = priced(stack, ALWAYS, power="off")
    assert estimated.exact == Decimal(exact)
    assert {line.layer for line in estimated.lines} == {"persistent"}


def test_a_region_that_is_twice_as_dear(
    prices: Snapshot, stated: Callable[[Mapping[str, Any]], Usage], stack_graph: Callable[..., Graph]
) -> None:
    """In the fixture Frankfurt doubles all but prices that hold everywhere: the namespace's zone, here."""
    estimated = estimate(stack_graph("pragmatic"), prices, stated(USE), ALWAYS, region="eu-central-1")
    # 2 × (6.815 - 0.50) + 0.50
    assert estimated.exact == Decimal("13.13")
