"""What AWS's answers look like, as templates: by resource type, by data function, and the outputs of other stacks."""

from collections.abc import Mapping
from typing import Any, Final

ACCOUNT: Final = "123456789012"

# Type -> outputs besides the inputs. Fields: {name} physical name, {hex} 17 hex digits, {region}, {account};
# and {id}, which every entry defines first.
_EC2 = "arn:aws:ec2:{region}:{account}:"
_ELB = "arn:aws:elasticloadbalancing:{region}:{account}:"
_ECS = "arn:aws:ecs:{region}:{account}:"
_API = "arn:aws:apigateway:{region}::/apis/"
TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "aws:ec2/vpc:Vpc": {
        "id": "vpc-{hex}",
        "arn": _EC2 + "vpc/{id}",
        "defaultSecurityGroupId": "sg-{hex}",
        "ipv6CidrBlock": "2600:1f18:1234:5600::/56",
    },
    "aws:ec2/subnet:Subnet": {"id": "subnet-{hex}", "arn": _EC2 + "subnet/{id}"},
    "aws:ec2/internetGateway:InternetGateway": {"id": "igw-{hex}", "arn": _EC2 + "internet-gateway/{id}"},
    "aws:ec2/routeTable:RouteTable": {"id": "rtb-{hex}", "arn": _EC2 + "route-table/{id}"},
    "aws:ec2/eip:Eip": {"id": "eipalloc-{hex}", "allocationId": "{id}", "publicIp": "198.51.100.7"},
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": {"id": "eigw-{hex}"},
    "aws:ec2/instance:Instance": {
        "id": "i-{hex}",
        "arn": _EC2 + "instance/{id}",
        "primaryNetworkInterfaceId": "eni-{hex}",
        "privateIp": "10.0.0.8",
    },
    "aws:ec2/flowLog:FlowLog": {"id": "fl-{hex}", "arn": _EC2 + "vpc-flow-log/{id}"},
    "aws:ec2/natGateway:NatGateway": {"id": "nat-{hex}", "publicIp": "198.51.100.7"},
    "aws:ec2/vpcEndpoint:VpcEndpoint": {"id": "vpce-{hex}", "arn": _EC2 + "vpc-endpoint/{id}"},
    "aws:ec2/securityGroup:SecurityGroup": {"id": "sg-{hex}", "arn": _EC2 + "security-group/{id}"},
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {"id": "sg-{hex}", "arn": _EC2 + "security-group/{id}"},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"id": "sgr-{hex}", "securityGroupRuleId": "{id}"},
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"id": "sgr-{hex}", "securityGroupRuleId": "{id}"},
    "aws:efs/fileSystem:FileSystem": {
        "id": "fs-{hex}",
        "arn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{id}",
        "dnsName": "{id}.efs.{region}.amazonaws.com",
    },
    "aws:efs/accessPoint:AccessPoint": {
        "id": "fsap-{hex}",
        "arn": "arn:aws:elasticfilesystem:{region}:{account}:access-point/{id}",
    },
    "aws:efs/mountTarget:MountTarget": {"id": "fsmt-{hex}", "ipAddress": "10.0.0.9", "networkInterfaceId": "eni-{hex}"},
    "aws:ecs/cluster:Cluster": {"id": _ECS + "cluster/{name}", "arn": "{id}"},
    "aws:ecs/accountSettingDefault:AccountSettingDefault": {
        "id": "{name}",
        "principalArn": "arn:aws:iam::{account}:root",
    },
    "aws:ecs/service:Service": {"id": _ECS + "service/{name}", "arn": "{id}"},
    "aws:ecs/taskDefinition:TaskDefinition": {
        "id": "{name}",
        "arn": _ECS + "task-definition/{name}:1",
        "arnWithoutRevision": _ECS + "task-definition/{name}",
    },
    "aws:cloudwatch/logGroup:LogGroup": {"id": "{name}", "arn": "arn:aws:logs:{region}:{account}:log-group:{name}"},
    "aws:iam/role:Role": {"id": "{name}", "arn": "arn:aws:iam::{account}:role{path}{name}", "uniqueId": "AROA{hex}"},
    "aws:iam/policy:Policy": {
        "id": "arn:aws:iam::{account}:policy{path}{name}",
        "arn": "{id}",
        "policyId": "ANPA{hex}",
    },
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        "id": "arn:aws:iam::{account}:oidc-provider/token.actions.githubusercontent.com",
        "arn": "{id}",
    },
    "aws:ecr/repository:Repository": {
        "id": "{name}",
        "arn": "arn:aws:ecr:{region}:{account}:repository/{name}",
        "registryId": "{account}",
        "repositoryUrl": "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
    "aws:budgets/budget:Budget": {"id": "{account}:{name}", "arn": "arn:aws:budgets::{account}:budget/{name}"},
    "aws:budgets/budgetAction:BudgetAction": {
        "id": "{account}:{hex}",
        "actionId": "{hex}",
        "arn": "arn:aws:budgets::{account}:budget/{name}/action/{hex}",
    },
    "aws:sns/topic:Topic": {"id": "arn:aws:sns:{region}:{account}:{name}", "arn": "{id}"},
    "aws:sns/topicSubscription:TopicSubscription": {"id": "arn:aws:sns:{region}:{account}:{hex}", "arn": "{id}"},
    "aws:sqs/queue:Queue": {
        "id": "https://sqs.{region}.amazonaws.com/{account}/{name}",
        "url": "{id}",
        "arn": "arn:aws:sqs:{region}:{account}:{name}",
    },
    "aws:lb/loadBalancer:LoadBalancer": {
        "id": _ELB + "loadbalancer/app/{name}/{hex}",
        "arn": "{id}",
        "arnSuffix": "app/{name}/{hex}",
        "dnsName": "internal-{name}-{hex}.{region}.elb.amazonaws.com",
        "zoneId": "Z35SXDOTRQ7X7K",
    },
    "aws:lb/targetGroup:TargetGroup": {
        "id": _ELB + "targetgroup/{name}/{hex}",
        "arn": "{id}",
        "arnSuffix": "targetgroup/{name}/{hex}",
    },
    "aws:lb/listener:Listener": {"id": _ELB + "listener/app/{name}/{hex}", "arn": "{id}"},
    "aws:lb/listenerRule:ListenerRule": {"id": _ELB + "listener-rule/app/{name}/{hex}", "arn": "{id}"},
    "aws:apigatewayv2/api:Api": {
        "id": "a{hex}",
        "arn": _API + "{id}",
        "apiEndpoint": "https://{id}.execute-api.{region}.amazonaws.com",
        "executionArn": "arn:aws:execute-api:{region}:{account}:{id}",
    },
    "aws:apigatewayv2/stage:Stage": {
        "id": "{name}",
        "arn": _API + "{hex}/stages/{name}",
        "invokeUrl": "https://a{hex}.execute-api.{region}.amazonaws.com/{name}",
    },
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": {
        "id": "ns-{hex}",
        "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
        "hostedZone": "Z{hex}",
    },
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": {
        "id": "ns-{hex}",
        "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
        "hostedZone": "Z{hex}",
    },
    "aws:servicediscovery/service:Service": {
        "id": "srv-{hex}",
        "arn": "arn:aws:servicediscovery:{region}:{account}:service/{id}",
    },
    "aws:s3/bucket:Bucket": {
        "id": "{name}",
        "bucket": "{name}",
        "arn": "arn:aws:s3:::{name}",
        "bucketDomainName": "{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": "{name}.s3.{region}.amazonaws.com",
        "hostedZoneId": "Z3AQBSTGFYJSTF",
    },
    "aws:cloudfront/distribution:Distribution": {
        "id": "E{hex}",
        "arn": "arn:aws:cloudfront::{account}:distribution/{id}",
        "domainName": "d{hex}.cloudfront.net",
        "hostedZoneId": "Z2FDTNDATAQYW2",
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": {
        "id": "E{hex}",
        "arn": "arn:aws:cloudfront::{account}:origin-access-control/{id}",
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
        "id": "{hex}",
        "arn": "arn:aws:cloudfront::{account}:response-headers-policy/{id}",
    },
    "aws:cloudfront/function:Function": {"id": "{name}", "arn": "arn:aws:cloudfront::{account}:function/{name}"},
    "aws:acm/certificate:Certificate": {
        "id": "arn:aws:acm:{region}:{account}:certificate/{hex}",
        "arn": "{id}",
        "domainValidationOptions": (
            {
                "domainName": "certified.example",
                "resourceRecordName": "_{hex}.certified.example.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": "_{hex}.acm-validations.aws.",
            },
        ),
    },
    "aws:acm/certificateValidation:CertificateValidation": {"id": "2026-01-05 00:00:00 +0000 UTC"},
    "aws:route53/record:Record": {"id": "Z_{name}", "fqdn": "{name}"},
    "aws:ssm/parameter:Parameter": {"id": "{name}", "arn": "arn:aws:ssm:{region}:{account}:parameter{name}"},
    "aws:lambda/function:Function": {
        "id": "{name}",
        "arn": "arn:aws:lambda:{region}:{account}:function:{name}",
        "invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{name}/invocations",
    },
    "aws:lambda/invocation:Invocation": {"id": "{hex}", "result": "{{}}"},
    "aws:cloudwatch/eventRule:EventRule": {"id": "{name}", "arn": "arn:aws:events:{region}:{account}:rule/{name}"},
    "aws:lightsail/instance:Instance": {
        "id": "{name}",
        "arn": "arn:aws:lightsail:{region}:{account}:Instance/{hex}",
        "publicIpAddress": "198.51.100.9",
    },
    "aws:rds/instance:Instance": {
        "id": "db-{hex}",
        "resourceId": "{id}",
        "arn": "arn:aws:rds:{region}:{account}:db:{name}",
        "address": "{name}.{hex}.{region}.rds.amazonaws.com",
    },
    "aws:rds/parameterGroup:ParameterGroup": {"id": "{name}", "arn": "arn:aws:rds:{region}:{account}:pg:{name}"},
    "aws:rds/subnetGroup:SubnetGroup": {"id": "{name}", "arn": "arn:aws:rds:{region}:{account}:subgrp:{name}"},
    "aws:cloudwatch/eventTarget:EventTarget": {"id": "{hex}"},
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "id": "{name}",
        "arn": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    },
    "aws:lambda/permission:Permission": {"id": "{hex}"},
    "aws:scheduler/scheduleGroup:ScheduleGroup": {
        "id": "{name}",
        "arn": "arn:aws:scheduler:{region}:{account}:schedule-group/{name}",
    },
    "aws:scheduler/schedule:Schedule": {
        "id": "{name}",
        "arn": "arn:aws:scheduler:{region}:{account}:schedule/{name}/{name}",
    },
    "aws:dynamodb/table:Table": {"id": "{name}", "arn": "arn:aws:dynamodb:{region}:{account}:table/{name}"},
    "aws:cognito/userPool:UserPool": {
        "id": "{region}_{hex}",
        "arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{id}",
        "endpoint": "cognito-idp.{region}.amazonaws.com/{id}",
    },
    "aws:cognito/userPoolClient:UserPoolClient": {"id": "{hex}"},
    "aws:cognito/userPoolDomain:UserPoolDomain": {"id": "{name}", "cloudfrontDistribution": "d{hex}.cloudfront.net"},
}
OTHER: Final[Mapping[str, str]] = {
    "id": "{name}",
    "arn": "arn:aws:{service}:{region}:{account}:{kind}/{name}",
    "url": "https://{service}.{region}.amazonaws.com/{name}",
    "dnsName": "{name}.{service}.{region}.amazonaws.com",
}

# Output name -> value, for references to a stack whose outputs nobody passed.
REFERENCES: Final[Mapping[str, str]] = {
    "backup_bucket": "backups-0a1b2c3",
    "user_pool_id": "{region}_0A1b2C3d4",
    "user_pool_client_id": "4a5b6c7d8e9f0a1b2c3d4e5f6a",
    "user_pool_issuer": "https://cognito-idp.{region}.amazonaws.com/{region}_0A1b2C3d4",
    "user_pool_domain": "trackstack",
    "lease_table": "ts-foundation-leases",
    "registry": "{account}.dkr.ecr.{region}.amazonaws.com",
    "alerts_topic_arn": "arn:aws:sns:{region}:{account}:ts-foundation-alerts",
}

FUNCTIONS: Final[Mapping[str, Mapping[str, str | tuple[str, ...]]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "id": "{account}",
        "accountId": "{account}",
        "arn": "arn:aws:iam::{account}:user/recorder",
        "userId": "AIDA0123456789ABCDEFG",
    },
    "aws:index/getRegion:getRegion": {"id": "{region}", "name": "{region}", "region": "{region}"},
    "aws:index/getPartition:getPartition": {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": {
        "id": "pl-0a1b2c3d4e5f60718",
        "arn": "arn:aws:ec2:{region}:aws:prefix-list/pl-0a1b2c3d4e5f60718",
        "addressFamily": "IPv6",
        "ownerId": "AWS",
    },
    "aws:route53/getZone:getZone": {
        "id": "Z0A1B2C3D4E5F6",
        "zoneId": "Z0A1B2C3D4E5F6",
        "nameServers": ("ns-1.awsdns-00.org", "ns-2.awsdns-00.net"),
    },
    "aws:secretsmanager/getRandomPassword:getRandomPassword": {
        "id": "password",
        "randomPassword": "0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d",
    },
    "aws:ssm/getParameter:getParameter": {
        "id": "parameter",
        "type": "String",
        "value": "ami-0a1b2c3d4e5f60718",
        "insecureValue": "ami-0a1b2c3d4e5f60718",
    },
}
