"""Power off: everything billed by the hour goes, everything that keeps data or an address stays."""

import json

from trackstack_infra.graph import Graph

DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

# A zone bills a whole month each time it is made; a distribution takes minutes, a VPC function's interfaces an hour.
NEVER_RUNTIME = (
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
    "aws:servicediscovery/service:Service",
    "aws:cloudfront/distribution:Distribution",
    "aws:apigatewayv2/vpcLink:VpcLink",
    "aws:lambda/function:Function",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:kms/key:Key",
    "aws:route53/zone:Zone",
    "aws:secretsmanager/secret:Secret",
    "aws:efs/fileSystem:FileSystem",
    "aws:sqs/queue:Queue",
    "aws:apigatewayv2/api:Api",
)
HOURLY = (
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/eip:Eip",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:ecs/service:Service",
    "aws:lightsail/instance:Instance",
    "aws:rds/instance:Instance",
    "aws:ec2/instance:Instance",
)
STATUS = "site-status.json"
METHODS = ("delete", "get", "patch", "post", "put")


def gone(on: Graph, off: Graph) -> set[str]:
    """`kind name` of each resource (components aside) that only exists with the power on."""
    remaining = {each.urn for each in off.resources}
    return {f"{each.type.rpartition(':')[2]} {each.name}" for each in on.resources if each.custom} - {
        f"{each.type.rpartition(':')[2]} {each.name}" for each in on.resources if each.custom and each.urn in remaining
    }


def routes(*domains: str) -> set[str]:
    return {f"Route routes-{domain}-{method}" for domain in domains for method in METHODS}


def test_in_enterprise_nat_balancer_services_monitoring_bridge_run_and_routes_go(
    enterprise: Graph, enterprise_off: Graph
) -> None:
    """Off, enterprise loses these and nothing else."""
    assert gone(enterprise, enterprise_off) == {
        "Eip nat-address",
        "NatGateway nat-gateway",
        "Route nat-route",
        "LoadBalancer balancer",
        "Listener balancer-listener",
        "TargetGroup balancer-expenses",
        "TargetGroup balancer-gym",
        "TargetGroup balancer-heating",
        "ListenerRule balancer-expenses-rule",
        "ListenerRule balancer-gym-rule",
        "ListenerRule balancer-heating-rule",
        "Invocation bridge-run-invocation",
        "Instance monitoring-host",
        "InstancePublicPorts monitoring-ports",
        "Service expenses-service",
        "Service gym-service",
        "Service heating-service",
        "Integration routes-integration",
        *routes("expenses", "gym", "heating"),
    }


def test_in_pragmatic_the_service_its_alarms_its_backups_and_the_routes_go(
    pragmatic: Graph, pragmatic_off: Graph
) -> None:
    """Off, pragmatic loses these and nothing else."""
    assert gone(pragmatic, pragmatic_off) == {
        "Service monolith-service",
        "LogMetricFilter alarms-backups",
        "MetricAlarm alarms-dead-letters",
        "MetricAlarm alarms-fallback-dead-letters",
        "MetricAlarm alarms-files-slow-down",
        "MetricAlarm alarms-no-backup",
        "MetricAlarm alarms-not-running",
        "ScheduleGroup nightly-group",
        "Schedule nightly-schedule",
        "Role nightly-schedule-role",
        "RolePolicy nightly-schedule-policy",
        "Integration routes-integration",
        *routes("expenses", "gym", "heating"),
    }


def test_switching_off_changes_what_the_page_says_and_nothing_else(
    pragmatic: Graph, pragmatic_off: Graph, enterprise: Graph, enterprise_off: Graph
) -> None:
    """What stays is the same with the power off as with it on, but for the page's own note that it is off."""
    for on, off in ((pragmatic, pragmatic_off), (enterprise, enterprise_off)):
        before = {each.urn: each.inputs for each in on.resources}
        changed = [each for each in off.resources if before.get(each.urn) != each.inputs]
        assert [each.name for each in changed] == [STATUS]
        assert json.loads(changed[0].inputs["content"])["power"] == "off"
        assert json.loads(before[changed[0].urn]["content"])["power"] == "on"


def test_the_tag_tells_the_layer(
    pragmatic: Graph, pragmatic_off: Graph, enterprise: Graph, enterprise_off: Graph
) -> None:
    """A resource is tagged `runtime` when it goes with the power, `persistent` when it stays."""
    for on, off in ((pragmatic, pragmatic_off), (enterprise, enterprise_off)):
        remaining = {each.urn for each in off.resources}
        for each in on.resources:
            if "tags" in each.inputs:
                expected = "persistent" if each.urn in remaining else "runtime"
                assert each.inputs["tags"]["layer"] == expected, each.name


def test_nothing_billed_by_the_hour_stays(pragmatic_off: Graph, enterprise_off: Graph) -> None:
    """Off means that no NAT gateway, address, load balancer or task is paid for."""
    for graph in (pragmatic_off, enterprise_off):
        assert [each.name for type_ in HOURLY for each in graph.all(type_)] == []


def test_what_is_slow_or_dear_to_make_again_stays(
    pragmatic: Graph, pragmatic_off: Graph, enterprise: Graph, enterprise_off: Graph
) -> None:
    """Zones, distributions, links, VPC functions, security groups, logs, queues and data never go with the power."""
    for on, off in ((pragmatic, pragmatic_off), (enterprise, enterprise_off)):
        for type_ in NEVER_RUNTIME:
            assert {each.urn for each in on.all(type_)} == {each.urn for each in off.all(type_)}


def test_the_addresses_stay(pragmatic: Graph, pragmatic_off: Graph, enterprise: Graph, enterprise_off: Graph) -> None:
    """API and page keep their addresses through every weekend."""
    for on, off in ((pragmatic, pragmatic_off), (enterprise, enterprise_off)):
        assert on.outputs["api_url"] == off.outputs["api_url"]
        assert on.outputs["site_url"] == off.outputs["site_url"]


def test_task_definitions_stay(enterprise_off: Graph) -> None:
    """What would run is still known with the power off."""
    assert [each.name for each in enterprise_off.all(DEFINITION)] == [
        "expenses-definition",
        "gym-definition",
        "heating-definition",
    ]


def test_outputs_say_what_runs(
    pragmatic: Graph, pragmatic_off: Graph, enterprise: Graph, enterprise_off: Graph
) -> None:
    """`services` names the ECS services, and is empty with the power off."""
    assert (pragmatic.outputs["power"], pragmatic.outputs["services"]) == ("on", ["ts-pragmatic-monolith"])
    assert (pragmatic_off.outputs["power"], pragmatic_off.outputs["services"]) == ("off", [])
    assert enterprise.outputs["services"] == ["ts-enterprise-expenses", "ts-enterprise-gym", "ts-enterprise-heating"]
    assert (enterprise_off.outputs["power"], enterprise_off.outputs["services"]) == ("off", [])


def test_the_bridge_did_not_run_while_off(enterprise: Graph, enterprise_off: Graph) -> None:
    """Off, there is no report of a bridge run, rather than an old one."""
    assert json.loads(enterprise.outputs["bridge_report"]) == {}
    assert enterprise_off.outputs.get("bridge_report") is None
