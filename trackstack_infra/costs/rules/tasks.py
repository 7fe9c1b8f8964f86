"""Containers: services with their tasks, and clusters."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, CHANGES, KEY_CALLS, OTHER_PRICE, PLACE, RIGHTS
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice, Rule
from trackstack_infra.graph import Resource

_INCLUDED_GIB: Final = 20  # https://aws.amazon.com/fargate/pricing/
_NO_ROOM: Final = "fargate.on_demand_share"
_SPOT: Final = "FARGATE_SPOT"
_FARGATE: Final = ("FARGATE", _SPOT)
_CAPACITY_PROVIDERS: Final = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"


def service(service: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its tasks: vCPUs and memory by the second, disk above 20 GiB, and an address each where they are to have one."""
    tasks = desired(service)
    if not tasks:
        return
    task = _task(service, context)
    arm = (task.get("runtimePlatform") or {}).get("cpuArchitecture") == "ARM64"
    cpus, gigabytes = _size(task, "cpu"), _size(task, "memory")
    spot, on_demand, assumes = _capacity(service, tasks, context)
    for kind, part in (("spot.", spot), ("", on_demand)):
        if part:
            price = f"fargate.{kind}{'arm' if arm else 'x86'}"
            note = f"{part / tasks:.0%} of its hours" if part != tasks else ""
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
    if (service.inputs.get("networkConfiguration") or {}).get("assignPublicIp"):
        yield Meter(
            price="ipv4.hour",
            count=tasks,
            billing=Billing.BY_SECOND,
            implied="the service assigns each of its tasks a public IPv4 address",
        )


def desired(service: Resource) -> Decimal:
    """How many tasks it keeps. CannotPrice where the program leaves that to somebody else, such as a scaling policy."""
    count = service.inputs.get("desiredCount")
    if not isinstance(count, int | float):
        raise CannotPrice("desiredCount is not set, so something other than this program decides how many tasks run")
    return Decimal(str(count))


def _task(service: Resource, context: BillingContext) -> Mapping[str, Any]:
    """What its task definition says; CannotPrice where a part of that has no price."""
    task = context.by_output("aws:ecs/taskDefinition:TaskDefinition", "arn", service.inputs.get("taskDefinition"))
    if why := TASK_DEFINITION.why_unpriced(task.inputs):
        raise CannotPrice(f"in its task definition {task.name} {why}")
    return task.inputs


def _size(task: Mapping[str, Any], key: str) -> Decimal:
    """In whole units, of 1,024 each; forms such as `1 vCPU` are not read."""
    try:
        return Decimal(str(task.get(key))) / 1024
    except InvalidOperation:
        raise CannotPrice(f"{key} of its task definition is {task.get(key)!r}, not a number of units") from None


def _capacity(service: Resource, tasks: Decimal, context: BillingContext) -> tuple[Decimal, Decimal, tuple[str, ...]]:
    """How many of its tasks are on Spot and on demand on average, and what that assumes."""
    on_spot = _on_spot(_strategies(service, context), tasks)
    if not on_spot:
        return Decimal(0), tasks, ()
    spot = on_spot * (1 - context.assumed(_NO_ROOM))
    return spot, tasks - spot, (_NO_ROOM,)


def _on_spot(strategies: Sequence[Mapping[str, Any]], tasks: Decimal) -> Decimal:
    """ECS places `base` tasks first, and the others by weight: the ECS developer guide on capacity providers."""
    providers = [each["capacityProvider"] for each in strategies]
    if others := [each for each in providers if each not in _FARGATE]:
        raise CannotPrice(f"the price of its tasks is that of the machines of the capacity provider {others[0]}")
    left, on_spot = tasks, Decimal(0)
    for each in strategies:
        placed = min(left, Decimal(each.get("base") or 0))
        left -= placed
        on_spot += placed if each["capacityProvider"] == _SPOT else 0
    weights = [Decimal(each.get("weight") or 0) for each in strategies]
    if left and not sum(weights):
        raise CannotPrice("its capacity providers have no weight, so ECS places no more tasks than their bases")
    by_weight = sum((w for w, name in zip(weights, providers, strict=True) if name == _SPOT), Decimal(0))
    return on_spot + (left * by_weight / sum(weights) if left else 0)


def _strategies(service: Resource, context: BillingContext) -> Sequence[Mapping[str, Any]]:
    """Its own, else its launch type, else the default of its cluster."""
    own: Sequence[Mapping[str, Any]] | None = service.inputs.get("capacityProviderStrategies")
    if own:
        return own
    if service.inputs.get("launchType") == "FARGATE":
        return [{"capacityProvider": "FARGATE", "weight": 1}]
    for each in context.graph.all(_CAPACITY_PROVIDERS):
        if each.inputs.get("clusterName") in _names_of_cluster(service, context):
            default: Sequence[Mapping[str, Any]] = each.inputs.get("defaultCapacityProviderStrategies") or ()
            if default:
                return default
    raise CannotPrice(
        "it names neither capacity providers nor the launch type FARGATE, and no default strategy of its cluster is in"
        " this program, so its tasks run on machines that are billed instead"
    )


def _names_of_cluster(service: Resource, context: BillingContext) -> set[Any]:
    asked = service.inputs.get("cluster")
    names = {asked}
    for cluster in context.graph.all("aws:ecs/cluster:Cluster"):
        known = {cluster.inputs.get("name"), *(cluster.outputs.get(key) for key in ("id", "arn", "name"))}
        if asked in known:
            names |= known
    return names - {None}


def cluster(cluster: Resource, context: BillingContext) -> Iterator[Meter]:
    """Free, unless Container Insights makes metrics of every task, at a metric's price each."""
    settings = {each["name"]: each["value"] for each in cluster.inputs.get("settings") or ()}
    if settings.get("containerInsights", "disabled") != "disabled":
        why = "Container Insights creates custom metrics for every task"
        yield Meter(price="ecs.container_insights", billing=Billing.PART_OF_MONTH, implied=why)


_SERVICE = Inputs(
    reads="desiredCount taskDefinition capacityProviderStrategies capacityProviderStrategies.base"
    " capacityProviderStrategies.capacityProvider capacityProviderStrategies.weight networkConfiguration"
    " networkConfiguration.assignPublicIp cluster",
    neutral={
        PLACE: "availabilityZoneRebalancing loadBalancers networkConfiguration.securityGroups"
        " networkConfiguration.subnets orderedPlacementStrategies placementConstraints serviceRegistries"
        " serviceConnectConfiguration",
        BEHAVIOUR: "alarms enableEcsManagedTags enableExecuteCommand healthCheckGracePeriodSeconds platformVersion"
        " propagateTags",
        CHANGES: "deploymentCircuitBreaker deploymentConfiguration deploymentMaximumPercent"
        " deploymentMinimumHealthyPercent forceDelete forceNewDeployment sigintRollback triggers waitForSteadyState",
        RIGHTS: "iamRole",
    },
    unpriced={
        "runs its tasks on machines, which are billed instead": "launchType=FARGATE",
        "runs as many tasks as there are machines": "schedulingStrategy=REPLICA",
        "leaves its tasks to something else": "deploymentController.type=ECS",
        "gives each task a disk": "volumeConfiguration",
        OTHER_PRICE: "vpcLatticeConfigurations",
    },
)
TASK_DEFINITION: Final = Inputs(
    reads="cpu memory ephemeralStorage ephemeralStorage.sizeInGib runtimePlatform",
    neutral={
        PLACE: "networkMode placementConstraints proxyConfiguration",
        BEHAVIOUR: "containerDefinitions family ipcMode pidMode requiresCompatibilities",
        RIGHTS: "executionRoleArn taskRoleArn",
        CHANGES: "skipDestroy trackLatest",
        "file systems are billed as such": "volumes",
    },
    unpriced={
        "adds a licence to the price": "runtimePlatform.operatingSystemFamily=LINUX",
        OTHER_PRICE: "runtimePlatform.cpuArchitecture=ARM64|X86_64",
        "is for experiments, which are billed": "enableFaultInjection",
    },
)
_CLUSTER = Inputs(
    reads="settings",
    neutral={BEHAVIOUR: "settings.name settings.value serviceConnectDefaults"},
    unpriced={f"{KEY_CALLS}, or writes logs": "configuration"},
)

RULES: dict[str, Rule] = {
    "aws:ecs/service:Service": Rule(service, _SERVICE),
    "aws:ecs/cluster:Cluster": Rule(cluster, _CLUSTER),
}
