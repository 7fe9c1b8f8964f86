"""Every resource type goes once through its life: created, read, found, changed, deleted, and deleted again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.provider import HANDLERS, Inputs

TAGS = {"Name": "ts-test-thing", "stack": "test"}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "One", "Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": ["*"]}],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def vpc(world: Any) -> str:
    return str(world.have("vpc", "aws:ec2/vpc:Vpc", cidrBlock="10.9.0.0/16", tags={"Name": "shared"})["id"])


def subnet(world: Any, zone: str = "a") -> str:
    third = {"a": 1, "b": 2}[zone]
    made = world.have(
        f"subnet-{zone}",
        "aws:ec2/subnet:Subnet",
        vpcId=vpc(world),
        cidrBlock=f"10.9.{third}.0/24",
        availabilityZone=f"us-east-1{zone}",
        tags={"Name": f"shared-{zone}"},
    )
    return str(made["id"])


def group(world: Any, name: str = "shared") -> str:
    made = world.have(f"group-{name}", "aws:ec2/securityGroup:SecurityGroup", name=name, vpcId=vpc(world), tags=TAGS)
    return str(made["id"])


def table(world: Any) -> str:
    made = world.have("table", "aws:ec2/routeTable:RouteTable", vpcId=vpc(world), tags={"Name": "shared"})
    return str(made["id"])


def gateway(world: Any) -> str:
    made = world.have("igw", "aws:ec2/internetGateway:InternetGateway", vpcId=vpc(world), tags={"Name": "shared"})
    return str(made["id"])


def nat(world: Any) -> str:
    address = world.have("eip", "aws:ec2/eip:Eip", domain="vpc", tags={"Name": "shared"})
    made = world.have(
        "nat",
        "aws:ec2/natGateway:NatGateway",
        subnetId=subnet(world),
        allocationId=address["allocationId"],
        tags={"Name": "shared"},
    )
    return str(made["id"])


def files(world: Any) -> dict[str, Any]:
    return dict(world.have("files", "aws:efs/fileSystem:FileSystem", creationToken="shared", encrypted=True))


def access_point(world: Any) -> dict[str, Any]:
    return dict(world.have("point", "aws:efs/accessPoint:AccessPoint", fileSystemId=files(world)["id"], tags=TAGS))


def cluster(world: Any) -> dict[str, Any]:
    return dict(world.have("cluster", "aws:ecs/cluster:Cluster", name="shared"))


def definition(world: Any, family: str = "shared", image: str = "registry.test/app@sha256:" + "a" * 64) -> Inputs:
    container = {
        "name": "expenses",
        "image": image,
        "essential": True,
        "portMappings": [{"containerPort": 8000, "protocol": "tcp"}],
        "environment": [{"name": "DATA_DIR", "value": "/data"}],
        "mountPoints": [{"sourceVolume": "data", "containerPath": "/data", "readOnly": False}],
        "linuxParameters": {"initProcessEnabled": True},
        "stopTimeout": 120,
    }
    mount = {
        "fileSystemId": files(world)["id"],
        "transitEncryption": "ENABLED",
        "authorizationConfig": {"accessPointId": access_point(world)["id"], "iam": "ENABLED"},
    }
    return {
        "family": family,
        "containerDefinitions": json.dumps([container]),
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "ARM64"},
        "volumes": [{"name": "data", "efsVolumeConfiguration": mount}, {"name": "tmp"}],
        "tags": TAGS,
    }


def task(world: Any) -> str:
    return str(world.have("task", "aws:ecs/taskDefinition:TaskDefinition", **definition(world))["arn"])


def balancer(world: Any) -> str:
    made = world.have(
        "alb",
        "aws:lb/loadBalancer:LoadBalancer",
        name="shared",
        internal=True,
        subnets=[subnet(world), subnet(world, "b")],
        securityGroups=[group(world)],
    )
    return str(made["arn"])


def targets(world: Any) -> str:
    made = world.have(
        "targets", "aws:lb/targetGroup:TargetGroup", name="shared", port=8000.0, protocol="HTTP", targetType="ip",
        vpcId=vpc(world),
    )  # fmt: skip
    return str(made["arn"])


NOT_FOUND = {
    "type": "fixed-response",
    "fixedResponse": {"contentType": "application/json", "messageBody": "{}", "statusCode": "404"},
}


def listener(world: Any) -> str:
    made = world.have(
        "listener",
        "aws:lb/listener:Listener",
        loadBalancerArn=balancer(world),
        port=8081.0,
        protocol="HTTP",
        defaultActions=[NOT_FOUND],
    )
    return str(made["arn"])


def api(world: Any) -> str:
    return str(world.have("api", "aws:apigatewayv2/api:Api", name="shared", protocolType="HTTP")["id"])


def topic(world: Any) -> str:
    return str(world.have("topic", "aws:sns/topic:Topic", name="shared")["arn"])


def queue(world: Any) -> dict[str, Any]:
    return dict(world.have("queue", "aws:sqs/queue:Queue", name="shared"))


def bucket(world: Any) -> str:
    return str(world.have("bucket", "aws:s3/bucket:Bucket", bucket="shared-bucket", forceDestroy=True)["id"])


def pool(world: Any) -> str:
    return str(world.have("pool", "aws:cognito/userPool:UserPool", name="shared")["id"])


def namespace(world: Any) -> str:
    token = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
    return str(world.have("namespace", token, name="shared.internal", vpc=vpc(world))["id"])


def function(world: Any) -> str:
    return str(world.have("function", "aws:lambda/function:Function", **lambda_function(world, "shared"))["name"])


def lambda_function(world: Any, name: str) -> dict[str, Any]:
    role = world.have("role", "aws:iam/role:Role", name="shared", assumeRolePolicy=TRUST)
    return {
        "name": name,
        "packageType": "Image",
        "imageUri": "registry.test/bridge@sha256:" + "b" * 64,
        "imageConfig": {"commands": ["apps.bridge.handler.handler"]},
        "architectures": ["arm64"],
        "memorySize": 1024.0,
        "ephemeralStorage": {"size": 4096.0},
        "timeout": 900.0,
        "role": role["arn"],
        "vpcConfig": {"subnetIds": [subnet(world)], "securityGroupIds": [group(world)]},
        "fileSystemConfig": {"arn": access_point(world)["arn"], "localMountPath": "/mnt/data"},
        "environment": {"variables": {"DATA_DIR": "/mnt/data"}},
        "tags": TAGS,
    }


def service(world: Any) -> dict[str, Any]:
    return {
        "name": "ts-test-expenses",
        "cluster": cluster(world)["arn"],
        "taskDefinition": task(world),
        "desiredCount": 1.0,
        "deploymentMinimumHealthyPercent": 0.0,
        "deploymentMaximumPercent": 100.0,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "availabilityZoneRebalancing": "DISABLED",
        "capacityProviderStrategies": [{"capacityProvider": "FARGATE_SPOT", "weight": 1.0}],
        "platformVersion": "LATEST",
        "networkConfiguration": {
            "subnets": [subnet(world)],
            "securityGroups": [group(world)],
            "assignPublicIp": False,
        },
        "loadBalancers": [{"targetGroupArn": targets(world), "containerName": "expenses", "containerPort": 8000.0}],
        "healthCheckGracePeriodSeconds": 300.0,
        "enableExecuteCommand": False,
        "enableEcsManagedTags": True,
        "propagateTags": "SERVICE",
        "waitForSteadyState": False,
        "tags": TAGS,
    }


def distribution(world: Any) -> dict[str, Any]:
    return {
        "comment": "ts-test-site",
        "enabled": True,
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "priceClass": "PriceClass_100",
        "defaultRootObject": "index.html",
        "origins": [
            {
                "originId": "bucket",
                "domainName": "shared-bucket.s3.us-east-1.amazonaws.com",
                "originAccessControlId": "E123",
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "bucket",
            "viewerProtocolPolicy": "redirect-to-https",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "compress": True,
            "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            "responseHeadersPolicyId": "67f7725c-6f97-4210-82d7-5512b31e9d03",
        },
        "customErrorResponses": [
            {"errorCode": 403.0, "responseCode": 200.0, "responsePagePath": "/index.html", "errorCachingMinTtl": 0.0}
        ],
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "tags": TAGS,
    }


@dataclass(frozen=True)
class Case:
    """A resource as a stack would register it, what is changed of it, and the outputs that programs use."""

    token: str
    inputs: Callable[[Any], Inputs]
    changes: Callable[[Any], Inputs] | None = None
    gives: str = ""
    found: bool = True
    gone: bool = True


def case(token: str, inputs: Callable[[Any], Inputs], changes: Any = None, gives: str = "", **more: bool) -> Case:
    return Case(token, inputs, (lambda world: changes) if isinstance(changes, dict) else changes, gives, **more)


RETAGGED = {"tags": {"Name": "ts-test-thing", "domain": "gym"}}

CASES = [
    case(
        "aws:ec2/vpc:Vpc",
        lambda w: {"cidrBlock": "10.8.0.0/16", "enableDnsSupport": True, "enableDnsHostnames": True, "tags": TAGS},
        RETAGGED | {"enableDnsHostnames": False},
        "arn mainRouteTableId defaultSecurityGroupId defaultNetworkAclId ownerId",
    ),
    case(
        "aws:ec2/subnet:Subnet",
        lambda w: {
            "vpcId": vpc(w),
            "cidrBlock": "10.9.77.0/24",
            "availabilityZone": "us-east-1a",
            "mapPublicIpOnLaunch": False,
            "tags": TAGS,
        },
        RETAGGED | {"mapPublicIpOnLaunch": True},
        "arn availabilityZoneId",
    ),
    case(
        "aws:ec2/internetGateway:InternetGateway",
        lambda w: {
            "vpcId": w.have("vpc2", "aws:ec2/vpc:Vpc", cidrBlock="10.7.0.0/16", tags={"Name": "2"})["id"],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    case("aws:ec2/routeTable:RouteTable", lambda w: {"vpcId": vpc(w), "tags": TAGS}, RETAGGED, "arn"),
    case(
        "aws:ec2/route:Route",
        lambda w: {"routeTableId": table(w), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway(w)},
        lambda w: {"gatewayId": None, "natGatewayId": nat(w)},
        "state",
    ),
    case(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        lambda w: {"routeTableId": table(w), "subnetId": subnet(w)},
    ),
    case("aws:ec2/eip:Eip", lambda w: {"domain": "vpc", "tags": TAGS}, RETAGGED, "allocationId publicIp"),
    case(
        "aws:ec2/natGateway:NatGateway",
        lambda w: {
            "subnetId": subnet(w),
            "allocationId": w.have("eip2", "aws:ec2/eip:Eip", domain="vpc", tags={"Name": "2"})["allocationId"],
            "connectivityType": "public",
            "tags": TAGS,
        },
        RETAGGED,
        "publicIp",
    ),
    case(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        lambda w: {
            "vpcId": vpc(w),
            "serviceName": "com.amazonaws.us-east-1.s3",
            "vpcEndpointType": "Gateway",
            "routeTableIds": [table(w)],
            "tags": TAGS,
        },
        RETAGGED | {"routeTableIds": []},
        "arn state",
    ),
    case(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        lambda w: {"vpcId": vpc(w), "ingress": [], "egress": [], "tags": TAGS},
        RETAGGED,
        "arn name",
        gone=False,
    ),
    case(
        "aws:ec2/securityGroup:SecurityGroup",
        lambda w: {
            "name": "ts-test-tasks",
            "description": "Tasks",
            "vpcId": vpc(w),
            "ingress": [],
            "egress": [],
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    case(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        lambda w: {
            "securityGroupId": group(w),
            "referencedSecurityGroupId": group(w, "other"),
            "ipProtocol": "tcp",
            "fromPort": 8000.0,
            "toPort": 8000.0,
            "description": "balancer to tasks",
            "tags": TAGS,
        },
        RETAGGED,
        "arn securityGroupRuleId",
    ),
    case(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        lambda w: {
            "securityGroupId": group(w),
            "cidrIpv4": "0.0.0.0/0",
            "ipProtocol": "tcp",
            "fromPort": 443.0,
            "toPort": 443.0,
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    case(
        "aws:efs/fileSystem:FileSystem",
        lambda w: {
            "creationToken": "ts-test-data",
            "encrypted": True,
            "performanceMode": "generalPurpose",
            "throughputMode": "bursting",
            "tags": TAGS,
        },
        RETAGGED | {"throughputMode": "elastic"},
        "arn dnsName name",
    ),
    case(
        "aws:efs/mountTarget:MountTarget",
        lambda w: {"fileSystemId": files(w)["id"], "subnetId": subnet(w), "securityGroups": [group(w)]},
        lambda w: {"securityGroups": [group(w, "other")]},
        "dnsName networkInterfaceId fileSystemArn",
    ),
    case(
        "aws:efs/accessPoint:AccessPoint",
        lambda w: {
            "fileSystemId": files(w)["id"],
            "posixUser": {"uid": 1000.0, "gid": 1000.0},
            "rootDirectory": {
                "path": "/services/gym",
                "creationInfo": {"ownerUid": 1000.0, "ownerGid": 1000.0, "permissions": "0750"},
            },
            "tags": TAGS,
        },
        RETAGGED,
        "arn fileSystemArn",
    ),
    case(
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        lambda w: {"fileSystemId": files(w)["id"], "policy": POLICY},
        {"policy": TRUST},
    ),
    case(
        "aws:ecs/cluster:Cluster",
        lambda w: {
            "name": "ts-test",
            "settings": [{"name": "containerInsights", "value": "disabled"}],
            "tags": TAGS,
        },
        RETAGGED | {"settings": [{"name": "containerInsights", "value": "enabled"}]},
        "arn",
    ),
    case(
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        lambda w: {"clusterName": cluster(w)["name"], "capacityProviders": ["FARGATE", "FARGATE_SPOT"]},
        {"capacityProviders": ["FARGATE"]},
    ),
    case(
        "aws:ecs/taskDefinition:TaskDefinition",
        lambda w: definition(w, family="ts-test-expenses"),
        RETAGGED,
        "arn arnWithoutRevision revision",
        found=False,
    ),
    case("aws:ecs/service:Service", service, RETAGGED | {"desiredCount": 0.0}, "arn"),
    case(
        "aws:cloudwatch/logGroup:LogGroup",
        lambda w: {"name": "/ts/test/expenses", "retentionInDays": 30.0, "tags": TAGS},
        RETAGGED | {"retentionInDays": 7.0},
        "arn",
    ),
    case(
        "aws:iam/role:Role",
        lambda w: {"name": "ts-test-task", "assumeRolePolicy": TRUST, "tags": TAGS},
        RETAGGED | {"assumeRolePolicy": TRUST.replace("ecs-tasks", "lambda")},
        "arn uniqueId",
    ),
    case(
        "aws:iam/rolePolicy:RolePolicy",
        lambda w: {
            "role": w.have("role", "aws:iam/role:Role", name="shared", assumeRolePolicy=TRUST)["name"],
            "name": "inline",
            "policy": POLICY,
        },
        {"policy": POLICY.replace("One", "Two")},
    ),
    case(
        "aws:sns/topic:Topic",
        lambda w: {"name": "ts-test-events", "kmsMasterKeyId": "alias/aws/sns", "tags": TAGS},
        RETAGGED | {"displayName": "events"},
        "arn owner",
    ),
    case("aws:sns/topicPolicy:TopicPolicy", lambda w: {"arn": topic(w), "policy": POLICY}, {"policy": TRUST}, "owner"),
    case(
        "aws:sns/topicSubscription:TopicSubscription",
        lambda w: {
            "topic": topic(w),
            "protocol": "sqs",
            "endpoint": queue(w)["arn"],
            "rawMessageDelivery": True,
            "filterPolicy": json.dumps({"type": ["a"]}),
        },
        {"filterPolicy": json.dumps({"type": ["b"]})},
        "arn",
    ),
    case(
        "aws:sqs/queue:Queue",
        lambda w: {
            "name": "ts-test-expenses",
            "visibilityTimeoutSeconds": 60.0,
            "messageRetentionSeconds": 345600.0,
            "receiveWaitTimeSeconds": 20.0,
            "sqsManagedSseEnabled": True,
            "redrivePolicy": json.dumps({"deadLetterTargetArn": queue(w)["arn"], "maxReceiveCount": 10}),
            "tags": TAGS,
        },
        RETAGGED | {"visibilityTimeoutSeconds": 30.0},
        "arn url",
    ),
    case(
        "aws:sqs/queuePolicy:QueuePolicy", lambda w: {"queueUrl": queue(w)["url"], "policy": POLICY}, {"policy": TRUST}
    ),
    case(
        "aws:lb/loadBalancer:LoadBalancer",
        lambda w: {
            "name": "ts-test",
            "internal": True,
            "loadBalancerType": "application",
            "ipAddressType": "ipv4",
            "subnets": [subnet(w), subnet(w, "b")],
            "securityGroups": [group(w)],
            "dropInvalidHeaderFields": True,
            "desyncMitigationMode": "defensive",
            "enableDeletionProtection": False,
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"securityGroups": [group(w, "other")], "idleTimeout": 30.0},
        "arn arnSuffix dnsName zoneId vpcId",
    ),
    case(
        "aws:lb/targetGroup:TargetGroup",
        lambda w: {
            "name": "ts-test-expenses",
            "port": 8000.0,
            "protocol": "HTTP",
            "targetType": "ip",
            "vpcId": vpc(w),
            "deregistrationDelay": 15.0,
            "healthCheck": {
                "path": "/readyz",
                "protocol": "HTTP",
                "matcher": "200",
                "interval": 10.0,
                "timeout": 5.0,
                "healthyThreshold": 2.0,
                "unhealthyThreshold": 3.0,
            },
            "tags": TAGS,
        },
        RETAGGED | {"healthCheck": {"path": "/livez"}, "deregistrationDelay": 5.0},
        "arn arnSuffix",
    ),
    case(
        "aws:lb/listener:Listener",
        lambda w: {
            "loadBalancerArn": balancer(w),
            "port": 80.0,
            "protocol": "HTTP",
            "defaultActions": [NOT_FOUND],
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"defaultActions": [{"type": "forward", "targetGroupArn": targets(w)}]},
        "arn",
    ),
    case(
        "aws:lb/listenerRule:ListenerRule",
        lambda w: {
            "listenerArn": listener(w),
            "priority": 10.0,
            "conditions": [{"pathPattern": {"values": ["/api/v1/gym/*"]}}],
            "actions": [{"type": "forward", "targetGroupArn": targets(w)}],
            "tags": TAGS,
        },
        lambda w: RETAGGED | {"priority": 20.0, "conditions": [{"hostHeader": {"values": ["a.test"]}}]},
        "arn",
    ),
    case(
        "aws:apigatewayv2/api:Api",
        lambda w: {
            "name": "ts-test",
            "protocolType": "HTTP",
            "corsConfiguration": {
                "allowOrigins": ["https://site.test"],
                "allowMethods": ["GET"],
                "allowCredentials": False,
                "maxAge": 600.0,
            },
            "tags": TAGS,
        },
        RETAGGED | {"description": "changed"},
        "arn apiEndpoint executionArn",
    ),
    case(
        "aws:apigatewayv2/stage:Stage",
        lambda w: {
            "name": "$default",
            "apiId": api(w),
            "autoDeploy": True,
            "defaultRouteSettings": {"throttlingRateLimit": 20.0, "throttlingBurstLimit": 40.0},
            "accessLogSettings": {"destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:x", "format": "{}"},
            "tags": TAGS,
        },
        RETAGGED | {"defaultRouteSettings": {"throttlingRateLimit": 5.0, "throttlingBurstLimit": 10.0}},
        "arn invokeUrl executionArn",
    ),
    case(
        "aws:apigatewayv2/vpcLink:VpcLink",
        lambda w: {"name": "ts-test", "subnetIds": [subnet(w)], "securityGroupIds": [group(w)], "tags": TAGS},
        RETAGGED | {"name": "renamed"},
        "arn",
    ),
    case(
        "aws:apigatewayv2/integration:Integration",
        lambda w: {
            "apiId": api(w),
            "integrationType": "HTTP_PROXY",
            "integrationMethod": "ANY",
            "integrationUri": listener(w),
            "connectionType": "VPC_LINK",
            "connectionId": "link",
            "payloadFormatVersion": "1.0",
        },
        {"timeoutMilliseconds": 5000.0},
    ),
    case(
        "aws:apigatewayv2/route:Route",
        lambda w: {
            "apiId": api(w),
            "routeKey": "ANY /api/v1/gym/{proxy+}",
            "target": "integrations/abc",
            "authorizationType": "JWT",
            "authorizerId": "xyz",
            "authorizationScopes": ["trackstack/gym"],
        },
        {"target": "integrations/def"},
    ),
    case(
        "aws:apigatewayv2/authorizer:Authorizer",
        lambda w: {
            "apiId": api(w),
            "name": "tokens",
            "authorizerType": "JWT",
            "identitySources": ["$request.header.Authorization"],
            "jwtConfiguration": {"issuer": "https://issuer.test", "audiences": ["client"]},
        },
        {"jwtConfiguration": {"issuer": "https://issuer.test", "audiences": ["other"]}},
    ),
    case(
        "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
        lambda w: {"name": "ts-test.internal", "vpc": vpc(w), "tags": TAGS},
        RETAGGED,
        "arn hostedZone",
    ),
    case(
        "aws:servicediscovery/service:Service",
        lambda w: {
            "name": "monolith",
            "dnsConfig": {
                "namespaceId": namespace(w),
                "routingPolicy": "MULTIVALUE",
                "dnsRecords": [{"type": "SRV", "ttl": 10.0}],
            },
            "healthCheckCustomConfig": {},
            "tags": TAGS,
        },
        RETAGGED,
        "arn",
    ),
    case(
        "aws:s3/bucket:Bucket",
        lambda w: {"bucket": "ts-test-site-0123abc", "forceDestroy": True, "tags": TAGS},
        RETAGGED,
        "arn bucketRegionalDomainName hostedZoneId",
    ),
    case(
        "aws:s3/bucketVersioning:BucketVersioning",
        lambda w: {"bucket": bucket(w), "versioningConfiguration": {"status": "Enabled"}},
    ),
    case(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        lambda w: {"bucket": bucket(w), "blockPublicAcls": True, "blockPublicPolicy": True},
        {"ignorePublicAcls": True},
    ),
    case(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        lambda w: {
            "bucket": bucket(w),
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}],
        },
    ),
    case(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        lambda w: {"bucket": bucket(w), "rule": {"objectOwnership": "BucketOwnerEnforced"}},
    ),
    case("aws:s3/bucketPolicy:BucketPolicy", lambda w: {"bucket": bucket(w), "policy": POLICY}, {"policy": TRUST}),
    case(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        lambda w: {
            "bucket": bucket(w),
            "rules": [
                {
                    "id": "tidy",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3.0},
                    "noncurrentVersionExpiration": {"noncurrentDays": 30.0},
                }
            ],
        },
    ),
    case(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        lambda w: {
            "bucket": bucket(w),
            "key": "css/site.css",
            "source": {"path": str(Path(__file__))},
            "sourceHash": "1",
            "contentType": "text/css",
            "cacheControl": "no-cache",
            "tags": TAGS,
        },
        RETAGGED | {"source": {"text": "body {}"}, "sourceHash": "2"},
        "arn etag",
    ),
    case(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        lambda w: {
            "name": "ts-test-site",
            "originAccessControlOriginType": "s3",
            "signingBehavior": "always",
            "signingProtocol": "sigv4",
        },
        {"description": "changed"},
        "arn etag",
    ),
    case(
        "aws:cloudfront/distribution:Distribution",
        distribution,
        RETAGGED | {"defaultRootObject": "start.html"},
        "arn domainName hostedZoneId etag",
    ),
    case(
        "aws:lambda/function:Function",
        lambda w: lambda_function(w, "ts-test-bridge"),
        RETAGGED
        | {
            "imageUri": "registry.test/bridge@sha256:" + "c" * 64,
            "timeout": 60.0,
            "environment": {"variables": {"DATA_DIR": "/mnt/other"}},
        },
        "arn invokeArn qualifiedArn version",
    ),
    case(
        "aws:lambda/invocation:Invocation",
        lambda w: {"functionName": function(w), "input": '{"backup": "sample"}'},
        {"input": '{"backup": "other"}'},
        "result",
        found=False,
        gone=False,
    ),
    case(
        "aws:dynamodb/table:Table",
        lambda w: {
            "name": "ts-test-leases",
            "billingMode": "PROVISIONED",
            "readCapacity": 1.0,
            "writeCapacity": 1.0,
            "hashKey": "database",
            "attributes": [{"name": "database", "type": "S"}],
            "ttl": {"attributeName": "expires_at", "enabled": True},
            "deletionProtectionEnabled": True,
            "tags": TAGS,
        },
        RETAGGED | {"readCapacity": 2.0},
        "arn",
    ),
    case(
        "aws:cognito/userPool:UserPool",
        lambda w: {
            "name": "ts-test-users",
            "adminCreateUserConfig": {"allowAdminCreateUserOnly": True},
            "mfaConfiguration": "OPTIONAL",
            "softwareTokenMfaConfiguration": {"enabled": True},
            "passwordPolicy": {"minimumLength": 14.0, "requireSymbols": False, "temporaryPasswordValidityDays": 7.0},
            "deletionProtection": "ACTIVE",
            "tags": TAGS,
        },
        RETAGGED | {"passwordPolicy": {"minimumLength": 16.0}},
        "arn endpoint",
    ),
    case(
        "aws:cognito/userPoolClient:UserPoolClient",
        lambda w: {
            "name": "cli-0123abc",
            "userPoolId": pool(w),
            "generateSecret": False,
            "allowedOauthFlowsUserPoolClient": True,
            "allowedOauthFlows": ["code"],
            "allowedOauthScopes": ["openid", "trackstack/gym"],
            "callbackUrls": ["http://localhost:8765/callback"],
            "supportedIdentityProviders": ["COGNITO"],
            "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
            "preventUserExistenceErrors": "ENABLED",
            "enableTokenRevocation": True,
            "accessTokenValidity": 60.0,
            "tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"},
        },
        {"callbackUrls": ["http://localhost:9999/callback"]},
        "clientSecret",
    ),
    case("aws:cognito/userPoolDomain:UserPoolDomain", lambda w: {"domain": "ts-test", "userPoolId": pool(w)}),
    case(
        "aws:cognito/resourceServer:ResourceServer",
        lambda w: {
            "identifier": "trackstack",
            "name": "TrackStack",
            "userPoolId": pool(w),
            "scopes": [{"scopeName": "gym", "scopeDescription": "Read and write gym"}],
        },
        {"scopes": [{"scopeName": "heating", "scopeDescription": "Read and write heating"}]},
        "scopeIdentifiers",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.token.rpartition(":")[2] + "-" + case.token.split("/")[0])
def test_a_resource_lives_and_ends(case: Case, world: Any) -> None:
    """Each type can be created, read, found again by its name, changed in place and deleted, twice if need be."""
    handler, aws = HANDLERS[case.token], world.aws
    inputs = case.inputs(world)

    ref, outputs = handler.create(aws, inputs)
    assert ref == outputs["id"]
    assert {key: outputs[key] for key in inputs} == inputs
    assert [key for key in case.gives.split() if key not in outputs] == []
    shown = handler.read(aws, ref, inputs)
    assert shown is not None
    assert {**shown, "result": None} == {**outputs, "result": None}
    found = handler.find(aws, inputs)
    assert (found[0] if found else None) == (ref if case.found else None)

    if case.changes is not None:
        new = {**inputs, **case.changes(world)}
        assert not (handler.replace_on & {key for key in new if new.get(key) != inputs.get(key)})
        outputs = handler.update(aws, ref, inputs, new)
        assert outputs["id"] == ref
        assert {key: outputs[key] for key, value in new.items() if value is not None} == {
            key: value for key, value in new.items() if value is not None
        }

    handler.delete(aws, ref, outputs)
    if case.gone:
        assert handler.read(aws, ref, inputs) is None
        assert handler.find(aws, inputs) is None
    handler.delete(aws, ref, outputs)


def test_every_type_has_a_case() -> None:
    """No handler is shipped that these tests do not exercise."""
    assert {case.token for case in CASES} == set(HANDLERS)
