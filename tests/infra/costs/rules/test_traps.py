"""What makes a stack that only runs on weekends dearer than its hours: each worked out for November 2026.

That month has 720 h and nine weekend days of 14 h, which are 126 h.
"""

from decimal import Decimal
from typing import Any

from trackstack_infra.costs.hours import calendar_month
from trackstack_infra.settings.groups import ScheduleSettings

NOVEMBER = calendar_month(2026, 11, ScheduleSettings())
EIP, NAT, ALB = "aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway", "aws:lb/loadBalancer:LoadBalancer"
ZONE, HOST, EFS = (
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    "aws:lightsail/instance:Instance",
    "aws:efs/fileSystem:FileSystem",
)
KEPT = {"layer": "persistent"}


def test_a_zone_that_comes_and_goes_with_the_power(resource: Any, bill: Any) -> None:
    """$4.50 in place of $0.50: nine zones, each older than 12 h."""
    assert bill(resource(ZONE), calendar=NOVEMBER) == {"dns.zone_month": Decimal("4.5")}
    assert bill(resource(ZONE, tags=KEPT), calendar=NOVEMBER) == {"dns.zone_month": Decimal("0.5")}


def test_an_address_that_stays_between_weekends(resource: Any, bill: Any) -> None:
    """An idle address costs what a used one does: (720 - 126) h × $0.005 = $2.97 more."""
    stays = bill(resource(EIP, tags=KEPT), calendar=NOVEMBER)["ipv4.hour"]
    goes = bill(resource(EIP), calendar=NOVEMBER)["ipv4.hour"]
    assert (stays, goes) == (Decimal("3.60"), Decimal("0.63"))
    assert stays - goes == Decimal("2.97")


def test_a_host_that_is_stopped_and_not_deleted(resource: Any, bill: Any) -> None:
    """It is billed like a running one: 720 h at two cents, where 126 h would do."""
    host = {"bundleId": "small_3_0"}
    # 720/744 × $14.88 = $14.40; 126/744 × $14.88 = $2.52
    price = "lightsail.bundle.small_3_0_month"
    assert round(bill(resource(HOST, tags=KEPT, **host), calendar=NOVEMBER)[price], 10) == Decimal("14.4")
    assert round(bill(resource(HOST, **host), calendar=NOVEMBER)[price], 10) == Decimal("2.52")


def test_ten_minutes_early_and_late(resource: Any, bill: Any) -> None:
    """A gateway and a balancer bill fifteen hours a day, tasks and addresses 14 h 20 min."""
    longer = calendar_month(2026, 11, ScheduleSettings(), warmup_min=10, cooldown_min=10)
    gateway = bill(resource(NAT), resource(EIP), calendar=longer, nat__gb=0)
    # 9 × 15 h × $0.04; 9 × 14 1/3 h = 129 h × $0.005
    assert gateway["nat.hour"] == Decimal("5.40")
    assert round(gateway["ipv4.hour"], 10) == Decimal("0.645")
    balancer = resource(ALB, internal=True, subnets=["a", "b"])
    # 9 × 15 h × $0.02, and a capacity unit in each × $0.008
    assert bill(balancer, calendar=longer, alb__lcu=1) == {
        "alb.hour": Decimal("2.70"),
        "alb.lcu_hour": Decimal("1.08"),
    }


def test_elastic_throughput_because_the_console_says_so(resource: Any, bill: Any) -> None:
    """$2.11 for what bursting throughput does for nothing."""
    files = resource(EFS, throughputMode="elastic", tags=KEPT)
    billed = bill(files, calendar=NOVEMBER, efs__gb=0, efs__reads=1_500_000, efs__writes=400_000)
    # 1.5M × 32 KiB = 45.776 GiB × $0.03 = $1.3733; 0.4M × 32 KiB = 12.207 GiB × $0.06 = $0.7324
    assert round(sum(billed.values()), 4) == Decimal("2.1057")


def test_images_pulled_through_the_gateway(resource: Any, bill: Any) -> None:
    """Four images of 150 MB on nine days; through the S3 endpoint, which the stacks have, they are free."""
    # 5.4 GB × $0.04
    assert bill(resource(NAT), calendar=NOVEMBER, nat__gb="5.4")["nat.gb"] == Decimal("0.216")
