"""A stack as lines one can read and compare: a resource each, with the inputs that tell what it is."""

import re
from collections.abc import Mapping
from typing import Any, Final

from invariants import is_runtime

from trackstack_infra.graph import Asset, Graph, Resource, Secret
from trackstack_infra.policy.relations import component_of

# Type -> the inputs that matter. Of the types that are not here, name and place say it all.
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:apigatewayv2/api:Api": ("name", "protocolType"),
    "aws:apigatewayv2/authorizer:Authorizer": ("authorizerType", "jwtConfiguration"),
    "aws:apigatewayv2/integration:Integration": ("connectionType", "integrationUri"),
    "aws:apigatewayv2/route:Route": ("routeKey", "authorizationType", "authorizationScopes"),
    "aws:apigatewayv2/stage:Stage": ("defaultRouteSettings",),
    "aws:apigatewayv2/vpcLink:VpcLink": ("name", "subnetIds"),
    "aws:budgets/budget:Budget": ("limitAmount", "limitUnit", "timeUnit"),
    "aws:cloudfront/distribution:Distribution": ("priceClass", "httpVersion"),
    "aws:cloudwatch/eventRule:EventRule": ("name",),
    "aws:cloudwatch/logGroup:LogGroup": ("name", "retentionInDays"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("metricName", "comparisonOperator", "threshold", "evaluationPeriods"),
    "aws:cognito/userPool:UserPool": ("name", "mfaConfiguration", "deletionProtection"),
    "aws:cognito/userPoolClient:UserPoolClient": ("allowedOauthFlows", "allowedOauthScopes"),
    "aws:dynamodb/table:Table": ("name", "billingMode", "readCapacity", "writeCapacity"),
    "aws:ec2/eip:Eip": ("domain",),
    "aws:ec2/flowLog:FlowLog": ("trafficType", "maxAggregationInterval"),
    "aws:ec2/natGateway:NatGateway": ("subnetId", "allocationId"),
    "aws:ec2/route:Route": ("routeTableId", "destinationCidrBlock", "gatewayId", "natGatewayId"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ("subnetId", "routeTableId"),
    "aws:ec2/securityGroup:SecurityGroup": ("name",),
    "aws:ec2/subnet:Subnet": ("availabilityZone", "cidrBlock"),
    "aws:ec2/vpc:Vpc": ("cidrBlock",),
    "aws:ec2/vpcEndpoint:VpcEndpoint": ("serviceName", "vpcEndpointType"),
    "aws:ecr/repository:Repository": ("name", "imageTagMutability"),
    "aws:ecs/cluster:Cluster": ("name",),
    "aws:ecs/service:Service": ("name", "capacityProviderStrategies", "desiredCount", "deploymentMaximumPercent"),
    "aws:ecs/taskDefinition:TaskDefinition": ("family", "cpu", "memory", "runtimePlatform"),
    "aws:efs/accessPoint:AccessPoint": ("rootDirectory",),
    "aws:efs/fileSystem:FileSystem": ("throughputMode", "encrypted"),
    "aws:efs/mountTarget:MountTarget": ("subnetId",),
    "aws:iam/role:Role": ("name",),
    "aws:iam/rolePolicy:RolePolicy": ("role",),
    "aws:lambda/function:Function": ("name", "imageUri", "runtime", "memorySize", "timeout"),
    "aws:lambda/invocation:Invocation": ("input",),
    "aws:lb/listener:Listener": ("port", "protocol"),
    "aws:lb/listenerRule:ListenerRule": ("priority", "conditions"),
    "aws:lb/loadBalancer:LoadBalancer": ("name", "internal"),
    "aws:lb/targetGroup:TargetGroup": ("name", "port", "deregistrationDelay"),
    "aws:lightsail/instance:Instance": ("name", "bundleId", "blueprintId"),
    "aws:s3/bucketObjectv2:BucketObjectv2": ("cacheControl",),
    "aws:scheduler/schedule:Schedule": ("scheduleExpression", "scheduleExpressionTimezone"),
    "aws:servicediscovery/service:Service": ("name",),
    "aws:sns/topic:Topic": ("name",),
    "aws:sns/topicSubscription:TopicSubscription": ("topic", "endpoint", "filterPolicy"),
    "aws:sqs/queue:Queue": ("name", "messageRetentionSeconds", "visibilityTimeoutSeconds"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        "securityGroupId",
        "referencedSecurityGroupId",
        "cidrIpv4",
        "toPort",
    ),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        "securityGroupId",
        "referencedSecurityGroupId",
        "toPort",
    ),
}
LONGEST: Final = 90
_HASH: Final = re.compile(r"\b[0-9a-f]{32,64}\b")


def lines(graph: Graph) -> str:
    """Layer, component, type, name and what matters of each resource, sorted."""
    names = _names(graph)
    found = sorted(_line(graph, each, names) for each in graph.resources if each.type.startswith("aws:"))
    return "".join(f"{line}\n" for line in found)


def _line(graph: Graph, resource: Resource, names: Mapping[str, str]) -> str:
    layer = "runtime" if is_runtime(graph, resource) else "persistent"
    kind = f"{resource.type.removeprefix('aws:').partition('/')[0]}:{resource.type.rpartition(':')[2]}"
    shown = " ".join(
        f"{key}={_text(resource.inputs[key], names)}"
        for key in SHOWN.get(resource.type, ())
        if resource.inputs.get(key) is not None
    )
    kept = " protected" if resource.protect else ""
    return f"{layer:<10} {component_of(graph, resource.urn):<18} {kind:<43} {resource.name:<36}{kept} {shown}".rstrip()


def _names(graph: Graph) -> dict[str, str]:
    """What AWS calls a resource -> what the program calls it: ids are made up, and change with every name."""
    return {
        resource.outputs[key]: resource.name
        for key in ("id", "arn", "allocationId", "url")
        for resource in graph.resources
        if isinstance(resource.outputs.get(key), str) and resource.outputs[key] not in resource.inputs.values()
    }


def _text(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, Secret):
        return "[secret]"
    if isinstance(value, Asset):
        return "[file]"
    if isinstance(value, Mapping):
        inner = ",".join(f"{key}:{_text(item, names)}" for key, item in sorted(value.items()) if item is not None)
        return _cut(f"{{{inner}}}")
    if isinstance(value, list):
        return _cut(f"[{','.join(_text(item, names) for item in value)}]")
    if isinstance(value, str):
        return _cut(f"<{names[value]}>" if value in names else _HASH.sub("…", value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
