"""What is real in the local target: one table, printed by `up` and copied into docs/local.md (a test compares them)."""

from dataclasses import dataclass
from enum import StrEnum


class Fidelity(StrEnum):
    """How much of a resource kind exists on this computer."""

    REAL = "real"
    """It runs the real thing."""
    STAND_IN = "stand-in"
    """A process of ours does AWS's job."""
    RECORDED = "recorded"
    """The record exists and can be described; nothing runs and nothing is enforced."""


@dataclass(frozen=True)
class Claim:
    """What may be said about the resources of some types while they run locally."""

    kind: str
    fidelity: Fidelity
    by: str
    types: tuple[str, ...]
    """Pulumi type tokens this claim covers; code that is no resource of its own has none."""


CLAIMS = (
    Claim("App code in tasks and Lambda; SQLite", Fidelity.REAL, "processes on this computer", ()),
    Claim(
        "SNS, SQS: filters, dead letters",
        Fidelity.STAND_IN,
        "emulator",
        (
            "aws:sns/topic:Topic",
            "aws:sns/topicSubscription:TopicSubscription",
            "aws:sqs/queue:Queue",
        ),
    ),
    Claim(
        "S3, CloudWatch Logs, DynamoDB",
        Fidelity.STAND_IN,
        "emulator; buckets saved at stop",
        (
            "aws:s3/bucket:Bucket",
            "aws:s3/bucketObjectv2:BucketObjectv2",
            "aws:s3/bucketVersioning:BucketVersioning",
            "aws:cloudwatch/logGroup:LogGroup",
            "aws:dynamodb/table:Table",
            "aws:ssm/parameter:Parameter",
        ),
    ),
    Claim(
        "Cognito: sign-in, tokens",
        Fidelity.STAND_IN,
        "emulator; public signing key",
        (
            "aws:cognito/userPool:UserPool",
            "aws:cognito/userPoolClient:UserPoolClient",
            "aws:cognito/userPoolDomain:UserPoolDomain",
            "aws:cognito/resourceServer:ResourceServer",
        ),
    ),
    Claim(
        "ECS: start, restart, drain, counts",
        Fidelity.STAND_IN,
        "agent; no limits, no images of others",
        (
            "aws:ecs/cluster:Cluster",
            "aws:ecs/service:Service",
            "aws:ecs/taskDefinition:TaskDefinition",
            "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
            "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace",
            "aws:servicediscovery/service:Service",
        ),
    ),
    Claim(
        "EFS, access points",
        Fidelity.STAND_IN,
        "directories; no NFS, no uid",
        ("aws:efs/fileSystem:FileSystem", "aws:efs/accessPoint:AccessPoint"),
    ),
    Claim(
        "ALB, HTTP API, CloudFront: routing",
        Fidelity.STAND_IN,
        "router; no TLS, no cache",
        (
            "aws:lb/loadBalancer:LoadBalancer",
            "aws:lb/listener:Listener",
            "aws:lb/listenerRule:ListenerRule",
            "aws:lb/targetGroup:TargetGroup",
            "aws:apigatewayv2/api:Api",
            "aws:apigatewayv2/authorizer:Authorizer",
            "aws:apigatewayv2/integration:Integration",
            "aws:apigatewayv2/route:Route",
            "aws:apigatewayv2/stage:Stage",
            "aws:apigatewayv2/vpcLink:VpcLink",
            "aws:cloudfront/distribution:Distribution",
            "aws:cloudfront/function:Function",
            "aws:cloudfront/originAccessControl:OriginAccessControl",
            "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        ),
    ),
    Claim(
        "Lambda invocation",
        Fidelity.STAND_IN,
        "subprocess",
        ("aws:lambda/function:Function", "aws:lambda/invocation:Invocation"),
    ),
    Claim(
        "VPC, NAT, security groups, endpoints",
        Fidelity.RECORDED,
        "emulator",
        (
            "aws:ec2/vpc:Vpc",
            "aws:ec2/subnet:Subnet",
            "aws:ec2/internetGateway:InternetGateway",
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/route:Route",
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            "aws:ec2/eip:Eip",
            "aws:ec2/natGateway:NatGateway",
            "aws:ec2/instance:Instance",
            "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
            "aws:ec2/flowLog:FlowLog",
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
            "aws:efs/mountTarget:MountTarget",
        ),
    ),
    Claim(
        "DNS records, certificates",
        Fidelity.RECORDED,
        "emulator; nothing resolves",
        (
            "aws:route53/record:Record",
            "aws:acm/certificate:Certificate",
            "aws:acm/certificateValidation:CertificateValidation",
        ),
    ),
    Claim(
        "RDS, Lightsail",
        Fidelity.RECORDED,
        "emulator; no database, no machine",
        (
            "aws:lightsail/instance:Instance",
            "aws:lightsail/instancePublicPorts:InstancePublicPorts",
            "aws:rds/instance:Instance",
            "aws:rds/parameterGroup:ParameterGroup",
            "aws:rds/subnetGroup:SubnetGroup",
        ),
    ),
    Claim(
        "EventBridge, alarms",
        Fidelity.RECORDED,
        "emulator; nothing fires by itself",
        (
            "aws:scheduler/scheduleGroup:ScheduleGroup",
            "aws:scheduler/schedule:Schedule",
            "aws:cloudwatch/eventRule:EventRule",
            "aws:cloudwatch/eventTarget:EventTarget",
            "aws:cloudwatch/logMetricFilter:LogMetricFilter",
            "aws:cloudwatch/metricAlarm:MetricAlarm",
        ),
    ),
    Claim(
        "IAM, all policies, encryption, Spot",
        Fidelity.RECORDED,
        "emulator; never enforced",
        (
            "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
            "aws:iam/policy:Policy",
            "aws:iam/role:Role",
            "aws:iam/rolePolicy:RolePolicy",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:lambda/permission:Permission",
            "aws:sns/topicPolicy:TopicPolicy",
            "aws:sqs/queuePolicy:QueuePolicy",
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
            "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
            "aws:efs/fileSystemPolicy:FileSystemPolicy",
            "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
            "aws:ecs/accountSettingDefault:AccountSettingDefault",
        ),
    ),
    Claim(
        "ECR, budget",
        Fidelity.RECORDED,
        "no image is pushed, no bill comes",
        (
            "aws:budgets/budget:Budget",
            "aws:budgets/budgetAction:BudgetAction",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            "aws:ecr/repository:Repository",
        ),
    ),
)


def claims_for(types: frozenset[str]) -> tuple[Claim, ...]:
    """The rows that speak about a stack made of these resource types, in the table's order."""
    return tuple(claim for claim in CLAIMS if not claim.types or types.intersection(claim.types))
