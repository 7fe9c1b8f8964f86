"""What tasks, functions and machines cost."""

from decimal import Decimal
from typing import Any

SERVICE, DEFINITION = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
CLUSTER, FUNCTION = "aws:ecs/cluster:Cluster", "aws:lambda/function:Function"
INSTANCE, HOST, SCHEDULE = (
    "aws:ec2/instance:Instance",
    "aws:lightsail/instance:Instance",
    "aws:scheduler/schedule:Schedule",
)
NANO = {
    "instanceType": "t4g.nano",
    "creditSpecification": {"cpuCredits": "standard"},
    "rootBlockDevice": {"volumeType": "gp3", "volumeSize": 8},
}
ON_DEMAND = [{"capacityProvider": "FARGATE", "weight": 1}]
ON_SPOT = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def task(resource: Any, *, architecture: str = "ARM64", **inputs: Any) -> Any:
    """A quarter of a vCPU and half a GB, described apart from the service."""
    platform = {"cpuArchitecture": architecture, "operatingSystemFamily": "LINUX"}
    size = {"cpu": "256", "memory": "512", "containerDefinitions": "[]", "runtimePlatform": platform}
    return resource(DEFINITION, outputs={"arn": "task:1"}, **{**size, **inputs})


def service(resource: Any, **inputs: Any) -> Any:
    runs = (
        {"desiredCount": 1} if "capacityProviderStrategies" in inputs else {"desiredCount": 1, "launchType": "FARGATE"}
    )
    return resource(SERVICE, taskDefinition="task:1", **{**runs, **inputs})


def test_an_arm_task_on_demand(resource: Any, bill: Any) -> None:
    """vCPUs and gigabytes are read from the service's task definition."""
    # 0.25 vCPU × 112 h × $0.03; 0.5 GB × 112 h × $0.004
    assert bill(task(resource), service(resource, capacityProviderStrategies=ON_DEMAND)) == {
        "fargate.arm.vcpu_hour": Decimal("0.84"),
        "fargate.arm.gb_hour": Decimal("0.224"),
    }


def test_an_x86_task_costs_x86_prices(resource: Any, bill: Any) -> None:
    """The architecture is in the task definition; without one it is x86."""
    # 0.25 vCPU × 112 h × $0.05; 0.5 GB × 112 h × $0.005
    x86 = {"fargate.x86.vcpu_hour": Decimal("1.4"), "fargate.x86.gb_hour": Decimal("0.28")}
    assert bill(task(resource, architecture="X86_64"), service(resource)) == x86
    assert bill(task(resource, runtimePlatform=None), service(resource)) == x86


def test_a_larger_task_and_two_of_them(resource: Any, bill: Any) -> None:
    """1 vCPU with 4 GB, twice."""
    # 2 × 1 vCPU × 112 h × $0.03; 2 × 4 GB × 112 h × $0.004
    assert bill(task(resource, cpu="1024", memory="4096"), service(resource, desiredCount=2)) == {
        "fargate.arm.vcpu_hour": Decimal("6.72"),
        "fargate.arm.gb_hour": Decimal("3.584"),
    }


def test_spot_all_month(resource: Any, bill: Any) -> None:
    """Pragmatic's task, never moved to on-demand capacity."""
    # 0.25 vCPU × 730 h × $0.01; 0.5 GB × 730 h × $0.001
    spot = service(resource, capacityProviderStrategies=ON_SPOT)
    assert bill(task(resource), spot, hours=730, fargate__on_demand_share=0) == {
        "fargate.spot.arm.vcpu_hour": Decimal("1.825"),
        "fargate.spot.arm.gb_hour": Decimal("0.365"),
    }


def test_a_twentieth_of_the_hours_without_spot(resource: Any, bill: Any) -> None:
    """When Spot has no room 5 % of the time, those hours cost three times as much."""
    # vCPU: 0.25 × 730 × (0.95 × $0.01 + 0.05 × $0.03); GB: 0.5 × 730 × (0.95 × $0.001 + 0.05 × $0.004)
    spot = service(resource, capacityProviderStrategies=ON_SPOT)
    assert bill(task(resource), spot, hours=730, fargate__on_demand_share="0.05") == {
        "fargate.spot.arm.vcpu_hour": Decimal("1.73375"),
        "fargate.spot.arm.gb_hour": Decimal("0.34675"),
        "fargate.arm.vcpu_hour": Decimal("0.27375"),
        "fargate.arm.gb_hour": Decimal("0.073"),
    }


def test_spot_beside_on_demand_goes_by_weight(resource: Any, bill: Any) -> None:
    """Three tasks of four on Spot."""
    # 4 × 0.25 vCPU = 1; three quarters of it: 0.75 × 112 h × $0.01, the rest 0.25 × 112 h × $0.03
    both = [{"capacityProvider": "FARGATE_SPOT", "weight": 3}, {"capacityProvider": "FARGATE", "weight": 1}]
    mixed = service(resource, desiredCount=4, capacityProviderStrategies=both)
    billed = bill(task(resource), mixed, fargate__on_demand_share=0)
    assert billed["fargate.spot.arm.vcpu_hour"] == Decimal("0.84")
    assert billed["fargate.arm.vcpu_hour"] == Decimal("0.84")


def test_disk_above_20_gib_is_billed(resource: Any, bill: Any) -> None:
    """The first 20 come with the task."""
    # (50 - 20) GiB × 112 h × $0.0001; twice that for two tasks
    large = task(resource, ephemeralStorage={"sizeInGib": 50})
    assert bill(large, service(resource))["fargate.ephemeral_gb_hour"] == Decimal("0.336")
    two = service(resource, desiredCount=2)
    assert bill(large, two)["fargate.ephemeral_gb_hour"] == Decimal("0.672")
    assert "fargate.ephemeral_gb_hour" not in bill(
        task(resource, ephemeralStorage={"sizeInGib": 20}), service(resource)
    )


def test_a_public_address_is_implied(resource: Any, price: Any) -> None:
    """`assignPublicIp` is a line of the bill, larger than the Spot task itself."""
    # 730 h × $0.005
    public = service(resource, networkConfiguration={"assignPublicIp": True})
    [address] = [each for each in price(task(resource), public, hours=730).lines if each.meter.implied]
    assert (address.price.id, address.exact, address.type) == ("ipv4.hour", Decimal("3.65"), SERVICE)


def test_no_task_costs_nothing(resource: Any, bill: Any) -> None:
    """A service at desired count 0 may stay."""
    assert bill(task(resource), service(resource, desiredCount=0)) == {}


def test_container_insights_is_never_free(resource: Any, price: Any) -> None:
    """Nobody has written down its price, so it is listed as unpriced."""
    off = price(resource(CLUSTER, settings=[{"name": "containerInsights", "value": "disabled"}]))
    assert (off.lines, off.unpriced) == ((), ())
    on = price(resource(CLUSTER, settings=[{"name": "containerInsights", "value": "enabled"}]))
    assert [each.why for each in on.unpriced] == ["the snapshot has no price ecs.container_insights for us-east-1"]


def test_the_bridges_runs(resource: Any, bill: Any) -> None:
    """Requests, seconds at the memory it has, and disk above 512 MiB."""
    # 9 runs × $0.0000002; 9 × 60 s × 2 GB × $0.00001; 9 × 60 s × 3.5 GB × $0.00000003
    bridge = resource(FUNCTION, architectures=["arm64"], memorySize=2048, ephemeralStorage={"size": 4096})
    assert bill(bridge, component="bridge", bridge__runs=9, bridge__seconds=60) == {
        "lambda.request": Decimal("0.0000018"),
        "lambda.arm.gb_second": Decimal("0.0108"),
        "lambda.ephemeral_gb_second": Decimal("0.0000567"),
    }


def test_an_x86_function_costs_x86_prices(resource: Any, bill: Any) -> None:
    """Lambda's default, as 128 MB are."""
    # 100 × 8 s × 0.125 GB × $0.00002
    assert bill(resource(FUNCTION), component="f", f__runs=100, f__seconds=8)["lambda.x86.gb_second"] == Decimal(
        "0.002"
    )


def test_a_function_that_nothing_is_stated_about_is_unpriced(resource: Any, price: Any) -> None:
    """Not free: its runs are unknown."""
    assert [each.why for each in price(resource(FUNCTION), component="new").unpriced] == [
        "no assumption for new.runs",
        "no assumption for new.runs, new.seconds",
    ]


def test_a_schedule_comes_due_as_its_expression_says(resource: Any, bill: Any) -> None:
    """Nightly for a month of 730 h."""
    # 730 h / 24 h × $0.000001
    nightly = resource(SCHEDULE, scheduleExpression="cron(0 2 * * ? *)")
    assert round(bill(nightly, hours=730)["scheduler.invocation"], 9) == Decimal("0.000030417")


def test_a_nat_instance_is_a_machine_with_a_disk(resource: Any, bill: Any) -> None:
    """Hours by the second, and the disk for the part of the month that it exists."""
    # 112 h × $0.004; 8 GB × 112/730 × $0.08
    machine = resource(INSTANCE, **NANO, associatePublicIpAddress=False)
    billed = bill(machine)
    assert billed["ec2.t4g.nano_hour"] == Decimal("0.448")
    assert round(billed["ebs.gp3_gb_month"], 6) == Decimal("0.098192")


def test_a_lightsail_host_is_capped_at_its_months_price(resource: Any, bill: Any) -> None:
    """$14.88 a month are two cents an hour for 744 h, which no month exceeds."""
    host = resource(HOST, bundleId="small_3_0")
    # 112 h × $0.02; 744 h × $0.02
    assert round(bill(host)["lightsail.bundle.small_3_0_month"], 10) == Decimal("2.24")
    assert bill(host, hours=744) == {"lightsail.bundle.small_3_0_month": Decimal("14.88")}
    assert bill(host, hours=800) == {"lightsail.bundle.small_3_0_month": Decimal("14.88")}


def test_a_stopped_lightsail_host_costs_its_month(resource: Any, bill: Any) -> None:
    """One that stays all month, being of the persistent layer, pays for all of it: delete it, do not stop it."""
    # 730 of 744 h × $14.88
    kept = resource(HOST, bundleId="small_3_0", tags={"layer": "persistent"})
    assert round(bill(kept)["lightsail.bundle.small_3_0_month"], 10) == Decimal("14.6")
