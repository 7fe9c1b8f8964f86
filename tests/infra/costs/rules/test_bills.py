"""Bills that an estimate once got wrong, each worked out by hand at the shipped prices of us-east-1.

November 2026 has 720 h, December 744.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import pytest

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import Calendar, assumed_hours, calendar_month
from trackstack_infra.costs.line import Estimate
from trackstack_infra.costs.snapshot import FOLDER, Snapshot, read_snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.settings.groups import ScheduleSettings, Weekday

NOVEMBER: Final = calendar_month(2026, 11, None)
DECEMBER: Final = calendar_month(2026, 12, None)

SERVICE, TASK = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
CLUSTER, CAPACITY = "aws:ecs/cluster:Cluster", "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders"
ALB, NAT, EIP = "aws:lb/loadBalancer:LoadBalancer", "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip"
QUEUE, LOG, ALARM = "aws:sqs/queue:Queue", "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/metricAlarm:MetricAlarm"
INSTANCE, SUBNET = "aws:ec2/instance:Instance", "aws:ec2/subnet:Subnet"
ENDPOINT, TABLE = "aws:ec2/vpcEndpoint:VpcEndpoint", "aws:dynamodb/table:Table"
ZONE: Final = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
SPOT: Final = {"capacityProvider": "FARGATE_SPOT", "weight": 1}
NANO: Final = {
    "instanceType": "t4g.nano",
    "creditSpecification": {"cpuCredits": "standard"},
    "rootBlockDevice": {"volumeType": "gp3", "volumeSize": 8},
}

Priced = Callable[..., Estimate]


@pytest.fixture(scope="module")
def shipped_prices() -> Snapshot:
    """The snapshot of 2026-11-23, which stays in the package beside newer ones."""
    return read_snapshot(FOLDER / "2026-11-23.yaml")


@pytest.fixture
def priced(shipped_prices: Snapshot, stated: Callable[[Mapping[str, Any]], Usage]) -> Priced:
    """The estimate of some resources for a month: `priced(NOVEMBER, *resources, nat__gb=5)` states `nat.gb`."""

    def price(calendar: Calendar, *resources: Resource, free_tier: bool = True, **use: Any) -> Estimate:
        usage = stated({name.replace("__", "."): figure for name, figure in use.items()})
        return estimate(Graph("enterprise", resources, {}), shipped_prices, usage, calendar, free_tier=free_tier)

    return price


def a(type_: str, name: str = "it", *, outputs: Mapping[str, Any] | None = None, **inputs: Any) -> Resource:
    return Resource(f"urn:{type_}::{name}", type_, name, None, True, inputs, outputs=outputs or {})


def task(**inputs: Any) -> Resource:
    """One vCPU of ARM."""
    platform = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    size = {"cpu": "1024", "memory": "2048", "containerDefinitions": "[]", "runtimePlatform": platform}
    return a(TASK, outputs={"arn": "task:1"}, **{**size, **inputs})


def of(estimated: Estimate, *prices: str) -> Decimal:
    """Exact dollars of some prices; every resource has one."""
    assert estimated.unpriced == ()
    return sum((line.exact for line in estimated.lines if line.price.id in prices), Decimal(0))


def reasons(estimated: Estimate) -> list[str]:
    """Why resources are unpriced, where no line passes for their price."""
    assert estimated.lines == ()
    return [each.why for each in estimated.unpriced]


def test_a_regional_nat_gateway_bills_each_of_its_zones(priced: Priced) -> None:
    """Named zones, each with an address."""
    zones = [{"availabilityZone": zone, "allocationIds": [zone]} for zone in ("us-east-1a", "us-east-1b")]
    gateway = a(NAT, availabilityMode="regional", availabilityZoneAddresses=zones, vpcId="v")
    # 2 × 720 h × $0.045 = 64.80; 2 addresses × 720 h × $0.005 = 7.20
    assert priced(NOVEMBER, gateway, a(EIP, "a"), a(EIP, "b"), nat__gb=0).exact == Decimal("72.00")


def test_a_regional_nat_gateway_that_chooses_its_zones_is_unpriced(priced: Priced) -> None:
    """One zone-hour and no address would be too little."""
    assert reasons(priced(NOVEMBER, a(NAT, availabilityMode="regional", vpcId="v"), nat__gb=0)) == [
        "a regional NAT gateway is billed in each zone that it spreads to, which AWS decides"
    ]


@pytest.mark.parametrize("kind", ["network", "gateway"])
def test_other_load_balancers_are_unpriced(priced: Priced, kind: str) -> None:
    """An NLB of 0.5 units is 720 × $0.0225 + 720 × 0.5 × $0.006 = 18.36; as an ALB it would be 19.08."""
    balancer = a(ALB, loadBalancerType=kind, internal=True, subnets=["a", "b"])
    assert reasons(priced(NOVEMBER, balancer, alb__lcu="0.5")) == [
        "loadBalancerType is billed as a network or gateway load balancer, whose prices the snapshot lacks"
    ]


def test_a_public_balancer_by_subnet_mappings(priced: Priced) -> None:
    """Its zones are as many as the mappings."""
    balancer = a(ALB, loadBalancerType="application", subnetMappings=[{"subnetId": "a"}, {"subnetId": "b"}])
    # 720 h × $0.0225 = 16.20; 2 addresses × 720 h × $0.005 = 7.20
    assert priced(NOVEMBER, balancer, alb__lcu=0).exact == Decimal("23.40")


def test_alarms_that_look_every_ten_seconds(priced: Priced) -> None:
    """Thrice as dear as others, and none of them free."""
    # 11 × $0.30
    assert priced(NOVEMBER, *(a(ALARM, str(i), period=10) for i in range(11))).exact == Decimal("3.30")
    # of 11 that look every minute 10 are free: $0.10
    assert priced(NOVEMBER, *(a(ALARM, str(i), period=60) for i in range(11))).exact == Decimal("0.10")
    query = [{"id": "m", "metric": {"metricName": "x", "period": 10}}]
    assert priced(NOVEMBER, a(ALARM, metricQueries=query)).exact == Decimal("0.30")


def consumed(fifo: bool = False) -> tuple[Resource, ...]:
    """A queue with a consumer, which runs for no hour of the month, and so polls never."""
    containers = json.dumps([{"name": "c", "environment": [{"name": "QUEUE_URL", "value": "q"}]}])
    queue = a(QUEUE, outputs={"url": "q"}, fifoQueue=fifo, tags={"layer": "persistent"})
    runs = {"taskDefinition": "task:1", "desiredCount": 1, "launchType": "FARGATE", "tags": {"layer": "runtime"}}
    return queue, task(containerDefinitions=containers), a(SERVICE, **runs)


ASLEEP: Final = assumed_hours(Decimal(0), ScheduleSettings())


def test_messages_of_256_kb(priced: Priced) -> None:
    """Sent and received in four units each, and deleted by one request."""
    use = {"sqs__messages": 500_000, "sqs__kb_per_message": 256}
    # 500,000 × (4 + 4 + 1) = 4,500,000 × $0.40 a million, at list price
    assert of(priced(ASLEEP, *consumed(), free_tier=False, **use), "sqs.request") == Decimal("1.80")


def test_a_fifo_queue(priced: Priced) -> None:
    """A quarter dearer."""
    # 1,000,000 messages of one unit: 3,000,000 requests × $0.50 a million, at list price
    use = {"sqs__messages": 1_000_000, "sqs__kb_per_message": 2}
    bill = priced(ASLEEP, *consumed(fifo=True), free_tier=False, **use)
    assert of(bill, "sqs.fifo_request") == Decimal("1.50")
    assert of(bill, "sqs.request") == 0


@pytest.mark.parametrize("protocol", ["sms", "https", "firehose", "application"])
def test_a_subscription_by_text_message_is_unpriced(priced: Priced, protocol: str) -> None:
    """Only delivery to queues, functions and a few mailboxes is free."""
    topic = "aws:sns/topicSubscription:TopicSubscription"
    assert reasons(priced(NOVEMBER, a(topic, protocol=protocol, endpoint="+491700000"))) == [
        "protocol delivers text messages, HTTP requests or the like, each of which is billed"
    ]
    free = priced(NOVEMBER, *(a(topic, each, protocol=each) for each in ("sqs", "lambda", "email")))
    assert (free.lines, free.unpriced) == ((), ())


def test_capacity_of_an_index(priced: Priced) -> None:
    """20 units each way for the table, and 20 for its index."""
    capacity = {"readCapacity": 20, "writeCapacity": 20}
    index = {"name": "i", "hashKey": "k", "projectionType": "ALL", **capacity}
    table = a(TABLE, billingMode="PROVISIONED", globalSecondaryIndexes=[index], **capacity)
    # 40 × 744 h = 29,760, less 18,600 free = 11,160; × $0.00065 = 7.254; × $0.00013 = 1.4508
    assert priced(DECEMBER, table, dynamodb__gb=0).exact == Decimal("8.7048")


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_logs_cost_the_same_in_however_many_groups(priced: Priced, groups: int) -> None:
    """5 GB that come in are free, and 5 GB that are kept."""
    logs = (a(LOG, f"group-{i}") for i in range(groups))
    # 7 in: 2 × $0.50 = 1.00; 12 kept: 7 × $0.03 = 0.21
    assert priced(NOVEMBER, *logs, logs__gb=7, logs__stored_gb=12).exact == Decimal("1.21")


def test_a_zone_that_lives_across_the_end_of_a_month(priced: Priced) -> None:
    """14 h of Monday 30 November in Honolulu end on 1 December, UTC: 6 h before and 8 h after, and $0.50 once."""
    mondays = ScheduleSettings(days=(Weekday.MON,), timezone="Pacific/Honolulu")  # 18:00 to 08:00 UTC
    zone = a(ZONE, tags={"layer": "runtime"})
    november, december = (priced(calendar_month(2026, month, mondays), zone).lines[0].quantity for month in (11, 12))
    # Mondays of November are 2, 9, 16, 23 and 30: the last counts in December, which has 7, 14, 21 and 28 of its own
    assert (november, december) == (4, 5)


def test_tasks_that_base_places_on_demand(priced: Priced) -> None:
    """Three tasks: the first on demand, the others on Spot."""
    strategy = [{"capacityProvider": "FARGATE", "base": 1, "weight": 0}, SPOT]
    service = a(SERVICE, taskDefinition="task:1", desiredCount=3, capacityProviderStrategies=strategy)
    month = assumed_hours(Decimal(730), None)
    bill = priced(month, task(), service, fargate__on_demand_share=0)
    # vCPUs: 730 h × $0.03238 = 23.6374; 2 × 730 h × $0.01030969 = 15.0521474
    assert round(of(bill, "fargate.arm.vcpu_hour", "fargate.spot.arm.vcpu_hour"), 2) == Decimal("38.69")


def test_the_default_strategy_of_the_cluster(priced: Priced) -> None:
    """A service that names none takes it."""
    cluster = a(CLUSTER, outputs={"arn": "arn:c", "name": "c"}, settings=[])
    default = a(CAPACITY, clusterName="c", defaultCapacityProviderStrategies=[SPOT])
    service = a(SERVICE, taskDefinition="task:1", desiredCount=1, cluster="arn:c")
    month = assumed_hours(Decimal(730), None)
    bill = priced(month, cluster, default, task(), service, fargate__on_demand_share=0)
    # vCPU: 730 h × $0.01030969
    assert round(of(bill, "fargate.spot.arm.vcpu_hour"), 2) == Decimal("7.53")
    assert of(bill, "fargate.arm.vcpu_hour") == 0


def test_a_service_without_any_strategy_is_unpriced(priced: Priced) -> None:
    """It would run on machines of the cluster."""
    [why] = reasons(priced(NOVEMBER, task(), a(SERVICE, taskDefinition="task:1", desiredCount=1, cluster="c")))
    assert why.startswith("it names neither capacity providers nor the launch type FARGATE")


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"launchType": "EC2"}, "launchType runs its tasks on machines, which are billed instead"),
        (
            {"capacityProviderStrategies": [{"capacityProvider": "machines", "weight": 1}]},
            "the price of its tasks is that of the machines of the capacity provider machines",
        ),
        (
            {"launchType": "FARGATE", "desiredCount": None},
            "desiredCount is not set, so something other than this program decides how many tasks run",
        ),
        (
            {"launchType": "FARGATE", "taskDefinition": "other:7"},
            "its price depends on the TaskDefinition other:7, which this program does not make",
        ),
        (
            {"capacityProviderStrategies": [{"capacityProvider": "FARGATE", "base": 1}], "desiredCount": 2},
            "its capacity providers have no weight, so ECS places no more tasks than their bases",
        ),
    ],
)
def test_tasks_whose_price_is_not_known(priced: Priced, inputs: dict[str, Any], why: str) -> None:
    """Each is unpriced with its reason."""
    service = a(SERVICE, **{"taskDefinition": "task:1", "desiredCount": 1, **inputs})
    assert reasons(priced(NOVEMBER, task(), service)) == [why]


def test_a_windows_task_is_unpriced(priced: Priced) -> None:
    """Its licence is billed as well."""
    windows = task(runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"})
    service = a(SERVICE, taskDefinition="task:1", desiredCount=1, launchType="FARGATE")
    assert reasons(priced(NOVEMBER, windows, service)) == [
        "in its task definition it runtimePlatform.operatingSystemFamily adds a licence to the price"
    ]


def test_an_instance_takes_the_address_that_its_subnet_gives(priced: Priced) -> None:
    """Unless the instance says otherwise, or has an elastic address in its place."""
    public = a(SUBNET, outputs={"id": "subnet-1"}, mapPublicIpOnLaunch=True)
    machine = a(INSTANCE, outputs={"id": "i-1"}, subnetId="subnet-1", **NANO)
    # 720 h × $0.005
    assert of(priced(NOVEMBER, public, machine), "ipv4.hour") == Decimal("3.60")
    assert of(priced(NOVEMBER, public, machine, a(EIP, instance="i-1")), "ipv4.hour") == Decimal("3.60")
    private = a(INSTANCE, subnetId="subnet-1", associatePublicIpAddress=False, **NANO)
    assert of(priced(NOVEMBER, public, private), "ipv4.hour") == 0
    assert reasons(priced(NOVEMBER, a(INSTANCE, subnetId="subnet-9", **NANO))) == [
        "its price depends on the Subnet subnet-9, which this program does not make"
    ]


def test_an_interface_endpoint_bills_gigabytes(priced: Priced) -> None:
    """And hours in each of its zones."""
    endpoint = a(ENDPOINT, vpcEndpointType="Interface", subnetIds=["a", "b"])
    # 2 × 720 h × $0.01 = 14.40; 30 GB × $0.01 = 0.30
    assert priced(NOVEMBER, endpoint, endpoint__gb=30).exact == Decimal("14.70")
    two = [a(ENDPOINT, name, vpcEndpointType="Interface", subnetIds=["a"]) for name in ("x", "y")]
    gateway = a(ENDPOINT, "s3", vpcEndpointType="Gateway")
    assert priced(NOVEMBER, *two, gateway, endpoint__gb=30).exact == Decimal("14.70")
