"""Tasks, functions and machines."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.clock import runs_an_hour
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

_INCLUDED_GIB: Final = 20  # https://aws.amazon.com/fargate/pricing/
_INCLUDED_MIB: Final = 512  # https://aws.amazon.com/lambda/pricing/
_NO_ROOM: Final = "fargate.on_demand_share"


def service(service: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its tasks: vCPUs and memory by the second, disk above 20 GiB, and an address each where they are to have one."""
    inputs, tasks = service.inputs, Decimal(service.inputs.get("desiredCount", 1))
    if not tasks:
        return
    task = context.by_output("aws:ecs/taskDefinition:TaskDefinition", "arn", inputs["taskDefinition"]).inputs
    arm = (task.get("runtimePlatform") or {}).get("cpuArchitecture") == "ARM64"
    cpus, gigabytes = Decimal(task["cpu"]) / 1024, Decimal(task["memory"]) / 1024
    spot, on_demand, assumes = _capacity(service, context)
    for kind, share in (("spot.", spot), ("", on_demand)):
        if share:
            price, part = f"fargate.{kind}{'arm' if arm else 'x86'}", tasks * share
            note = f"{share:.0%} of its hours" if share != 1 else ""
            for unit, size in (("vcpu_hour", cpus), ("gb_hour", gigabytes)):
                yield Meter(
                    price=f"{price}.{unit}", count=part * size, billing=Billing.BY_SECOND, assumes=assumes, note=note
                )
    disk = Decimal((task.get("ephemeralStorage") or {}).get("sizeInGib", _INCLUDED_GIB)) - _INCLUDED_GIB
    if disk > 0:
        yield Meter(
            price="fargate.ephemeral_gb_hour",
            count=tasks * disk,
            billing=Billing.BY_SECOND,
            note=f"above the {_INCLUDED_GIB} GiB included in every task",
        )
    if (inputs.get("networkConfiguration") or {}).get("assignPublicIp"):
        yield Meter(
            price="ipv4.hour",
            count=tasks,
            billing=Billing.BY_SECOND,
            implied="the service assigns each of its tasks a public IPv4 address",
        )


def _capacity(service: Resource, context: BillingContext) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    """Shares of its hours on Spot and on demand, and what they are assumed from."""
    weights: dict[str, Decimal] = {}
    for strategy in service.inputs.get("capacityProviderStrategies") or ():
        provider = strategy["capacityProvider"]
        weights[provider] = weights.get(provider, Decimal(0)) + Decimal(strategy.get("weight", 0))
    asked = weights.get("FARGATE_SPOT", Decimal(0))
    if not asked:
        return Decimal(0), Decimal(1), ()
    spot = asked / sum(weights.values()) * (1 - context.assumed(_NO_ROOM))
    return spot, 1 - spot, (_NO_ROOM,)


def function(function: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its calls, how long they take at the memory it has, and disk above 512 MiB.

    How often it is called and for how long is stated by its component's name: `bridge.runs`, `bridge.seconds`.
    """
    if not context.running:
        return
    name = context.graph[function.parent].name if function.parent else function.name
    runs, seconds = f"{name}.runs", f"{name}.seconds"
    lasts = context.assumed(seconds)
    arm = "arm64" in (function.inputs.get("architectures") or ())
    memory = Decimal(function.inputs.get("memorySize", 128)) / 1024
    yield Meter(price="lambda.request", billing=Billing.BY_USE, usage=runs)
    yield Meter(
        price=f"lambda.{'arm' if arm else 'x86'}.gb_second",
        count=lasts * memory,
        billing=Billing.BY_USE,
        usage=runs,
        assumes=(seconds,),
    )
    disk = Decimal((function.inputs.get("ephemeralStorage") or {}).get("size", _INCLUDED_MIB)) - _INCLUDED_MIB
    if disk > 0:
        yield Meter(
            price="lambda.ephemeral_gb_second",
            count=lasts * disk / 1024,
            billing=Billing.BY_USE,
            usage=runs,
            assumes=(seconds,),
            note=f"above the {_INCLUDED_MIB} MiB included in every function",
        )


def schedule(schedule: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its invocations, as often as its expression says."""
    each_hour = runs_an_hour(schedule.inputs["scheduleExpression"])
    yield Meter(price="scheduler.invocation", count=each_hour, billing=Billing.EACH_HOUR)


def instance(instance: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its hours and its root disk; an elastic address is the Eip's line."""
    yield Meter(price=f"ec2.{instance.inputs['instanceType']}_hour", billing=Billing.BY_SECOND)
    disk = instance.inputs.get("rootBlockDevice") or {}
    yield Meter(
        price=f"ebs.{disk.get('volumeType', 'gp2')}_gb_month",
        count=Decimal(disk.get("volumeSize", 8)),
        billing=Billing.PART_OF_MONTH,
        implied="the instance has a root volume, which is deleted with it",
    )
    if instance.inputs.get("associatePublicIpAddress"):
        why = "the instance has a public IPv4 address"
        yield Meter(price="ipv4.hour", billing=Billing.BY_SECOND, implied=why)


def lightsail(host: Resource, context: BillingContext) -> Iterator[Meter]:
    """A bundle by the hour up to its price of a month, until it is deleted; stopping it saves nothing."""
    yield Meter(price=f"lightsail.bundle.{host.inputs['bundleId']}_month", billing=Billing.HOURLY_UP_TO_MONTH)


def cluster(cluster: Resource, context: BillingContext) -> Iterator[Meter]:
    """Free, unless Container Insights makes metrics of every task, at a metric's price each."""
    settings = {each["name"]: each["value"] for each in cluster.inputs.get("settings") or ()}
    if settings.get("containerInsights", "disabled") != "disabled":
        why = "Container Insights creates custom metrics for every task"
        yield Meter(price="ecs.container_insights", billing=Billing.PART_OF_MONTH, implied=why)


RULES: dict[str, Rule] = {
    "aws:ecs/service:Service": service,
    "aws:ecs/cluster:Cluster": cluster,
    "aws:lambda/function:Function": function,
    "aws:scheduler/schedule:Schedule": schedule,
    "aws:ec2/instance:Instance": instance,
    "aws:lightsail/instance:Instance": lightsail,
}
