"""What the workflows of GitHub reach in the account: one table, from which both reading and changing rights follow.

By name where AWS lets a name be a limit (`ts-…`), by the tag `project` where ids are drawn by lot, and `*` only where
AWS knows no ARN. Sources: the service authorization reference, and the calls that the Pulumi provider makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Group = Literal["network", "compute", "data", "edge", "identity"]

OURS: Final = {"StringEquals": {"aws:ResourceTag/project": "trackstack"}}
TAGGED_AS_OURS: Final = {"StringEquals": {"aws:RequestTag/project": "trackstack"}}


@dataclass(frozen=True)
class Reach:
    """One kind of thing: where it is, what is read of it for previews, and what deployments change as well.

    All are blank separated; ARNs hold {region} and {account}, actions leave out their service's prefix.
    """

    sid: str
    group: Group
    service: str
    arns: str
    reads: str = ""
    changes: str = ""
    condition: Mapping[str, Any] = field(default_factory=dict)

    def actions(self, words: str) -> list[str]:
        """IAM's names of the actions."""
        return [f"{self.service}:{word}" for word in words.split()]


_EC2 = "arn:aws:ec2:{region}:{account}:"
_NEW = " ".join(
    _EC2 + f"{kind}/*"
    for kind in (
        "vpc",
        "subnet",
        "internet-gateway",
        "egress-only-internet-gateway",
        "route-table",
        "elastic-ip",
        "natgateway",
        "vpc-endpoint",
        "security-group",
        "security-group-rule",
        "vpc-flow-log",
        "instance",
        "volume",
        "network-interface",
    )
)
_CREATE = (
    "CreateVpc CreateSubnet CreateInternetGateway CreateEgressOnlyInternetGateway CreateRouteTable AllocateAddress "
    "CreateNatGateway CreateVpcEndpoint CreateSecurityGroup AuthorizeSecurityGroupIngress "
    "AuthorizeSecurityGroupEgress CreateFlowLogs RunInstances"
)

REACHES: Final = (
    Reach(
        "Network",
        "network",
        "ec2",
        "*",  # Describe calls have no ARN
        reads="DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones "
        "DescribeEgressOnlyInternetGateways DescribeFlowLogs DescribeImages DescribeInstanceAttribute "
        "DescribeInstanceCreditSpecifications DescribeInstances DescribeInstanceTypes DescribeInternetGateways "
        "DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces "
        "DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets "
        "DescribeTags DescribeVolumes DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs",
    ),
    Reach("NewNetwork", "network", "ec2", _NEW, changes=_CREATE, condition=TAGGED_AS_OURS),
    Reach(
        "OwnNetwork",
        "network",
        "ec2",
        _EC2 + "*/*",  # of whatever kind, if it is tagged as ours
        changes=f"{_CREATE} AssociateRouteTable AssociateSubnetCidrBlock AssociateVpcCidrBlock AssociateAddress "
        "AttachInternetGateway CreateRoute DeleteEgressOnlyInternetGateway DeleteFlowLogs DeleteInternetGateway "
        "DeleteNatGateway DeleteNetworkInterface DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet "
        "DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateAddress DisassociateRouteTable "
        "ModifyInstanceAttribute ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute "
        "ModifyVpcEndpoint ReleaseAddress ReplaceRoute RevokeSecurityGroupEgress RevokeSecurityGroupIngress "
        "StartInstances StopInstances TerminateInstances UpdateSecurityGroupRuleDescriptionsEgress "
        "UpdateSecurityGroupRuleDescriptionsIngress CreateTags DeleteTags",
        condition=OURS,
    ),
    Reach(
        "TagsOfNewNetwork",
        "network",
        "ec2",
        _NEW,
        changes="CreateTags",
        condition={"StringEquals": {"ec2:CreateAction": _CREATE.split(), "aws:RequestTag/project": "trackstack"}},
    ),
    # AWS makes a VPC's default group, without tags: it is emptied, which can only close, and tagged.
    Reach(
        "DefaultGroup",
        "network",
        "ec2",
        _EC2 + "security-group/*",
        changes="CreateTags RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        condition={"Null": {"aws:ResourceTag/project": "true"}},
    ),
    Reach("PublicImages", "network", "ec2", "arn:aws:ec2:{region}::image/*", changes="RunInstances"),
    Reach(
        "Clusters",
        "compute",
        "ecs",
        "arn:aws:ecs:{region}:{account}:cluster/ts-* arn:aws:ecs:{region}:{account}:service/ts-* "
        "arn:aws:ecs:{region}:{account}:task-definition/* arn:aws:ecs:{region}:{account}:task/ts-*",
        reads="DescribeClusters DescribeServices DescribeTasks ListTagsForResource",
        changes="CreateCluster CreateService DeleteCluster DeleteService PutClusterCapacityProviders "
        "RegisterTaskDefinition RunTask StopTask TagResource UntagResource UpdateCluster UpdateService",
    ),
    Reach(
        "TaskDefinitions",
        "compute",
        "ecs",
        "*",  # ECS has no ARN for them in these calls
        reads="DescribeTaskDefinition ListAccountSettings ListTasks",
        changes="DeregisterTaskDefinition PutAccountSettingDefault",
    ),
    Reach(
        "Functions",
        "compute",
        "lambda",
        "arn:aws:lambda:{region}:{account}:function:ts-*",
        reads="GetFunction GetFunctionCodeSigningConfig GetFunctionConcurrency GetFunctionConfiguration "
        "GetFunctionEventInvokeConfig GetPolicy ListTags ListVersionsByFunction",
        changes="AddPermission CreateFunction DeleteFunction DeleteFunctionConcurrency "
        "DeleteFunctionEventInvokeConfig InvokeFunction PutFunctionConcurrency PutFunctionEventInvokeConfig "
        "RemovePermission TagResource UntagResource UpdateFunctionCode UpdateFunctionConfiguration",
    ),
    Reach(
        "Balancers",
        "compute",
        "elasticloadbalancing",
        "*",  # Describe calls have no ARN
        reads="DescribeCapacityReservation DescribeListenerAttributes DescribeListeners "
        "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags "
        "DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth",
    ),
    Reach(
        "OwnBalancers",
        "compute",
        "elasticloadbalancing",
        " ".join(
            "arn:aws:elasticloadbalancing:{region}:{account}:" + each
            for each in ("loadbalancer/app/ts-*", "targetgroup/ts-*", "listener/app/ts-*", "listener-rule/app/ts-*")
        ),
        changes="AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener "
        "DeleteLoadBalancer DeleteRule DeleteTargetGroup ModifyListener ModifyListenerAttributes "
        "ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup ModifyTargetGroupAttributes RemoveTags "
        "SetIpAddressType SetSecurityGroups SetSubnets",
    ),
    Reach(
        "Registry",
        "compute",
        "ecr",
        "arn:aws:ecr:{region}:{account}:repository/ts-*",
        reads="BatchCheckLayerAvailability BatchGetImage DescribeImages DescribeRepositories GetDownloadUrlForLayer "
        "GetLifecyclePolicy ListTagsForResource",
        changes="CompleteLayerUpload InitiateLayerUpload PutImage UploadLayerPart",
    ),
    Reach("RegistryLogin", "compute", "ecr", "*", reads="GetAuthorizationToken"),  # has no ARN
    Reach(
        "Metrics",
        "compute",
        "cloudwatch",
        "arn:aws:cloudwatch:{region}:{account}:alarm:ts-*",
        reads="DescribeAlarms ListTagsForResource",
        changes="DeleteAlarms PutMetricAlarm TagResource UntagResource",
    ),
    Reach(
        "Rules",
        "compute",
        "events",
        "arn:aws:events:{region}:{account}:rule/ts-*",
        reads="DescribeRule ListTagsForResource ListTargetsByRule",
        changes="DeleteRule PutRule PutTargets RemoveTargets TagResource UntagResource",
    ),
    Reach(
        "Schedules",
        "compute",
        "scheduler",
        "arn:aws:scheduler:{region}:{account}:schedule/*/ts-* arn:aws:scheduler:{region}:{account}:schedule-group/ts-*",
        reads="GetSchedule GetScheduleGroup ListTagsForResource",
        changes="CreateSchedule CreateScheduleGroup DeleteSchedule DeleteScheduleGroup TagResource UntagResource "
        "UpdateSchedule",
    ),
    Reach(
        "Hosts",
        "compute",
        "lightsail",
        "*",  # Lightsail has ARNs of ids drawn by lot, and none before there is an instance
        reads="GetInstance GetInstancePortStates GetInstances GetKeyPair GetStaticIp",
    ),
    Reach(
        "NewHosts",
        "compute",
        "lightsail",
        "arn:aws:lightsail:{region}:{account}:*",
        changes="CreateInstances CreateKeyPair TagResource",
        condition=TAGGED_AS_OURS,
    ),
    Reach(
        "OwnHosts",
        "compute",
        "lightsail",
        "arn:aws:lightsail:{region}:{account}:*",
        changes="AllocateStaticIp AttachStaticIp DeleteInstance DeleteKeyPair DetachStaticIp PutInstancePublicPorts "
        "ReleaseStaticIp TagResource UntagResource",
        condition=OURS,
    ),
    Reach(
        "Queues",
        "data",
        "sqs",
        "arn:aws:sqs:{region}:{account}:ts-*",
        reads="GetQueueAttributes GetQueueUrl ListQueueTags",
        changes="CreateQueue DeleteQueue SendMessage SetQueueAttributes TagQueue UntagQueue",
    ),
    Reach(
        "Topics",
        "data",
        "sns",
        "arn:aws:sns:{region}:{account}:ts-*",
        reads="GetSubscriptionAttributes GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource",
        changes="CreateTopic DeleteTopic SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource "
        "Unsubscribe UntagResource",
    ),
    Reach(
        "Files",
        "data",
        "elasticfilesystem",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/* "
        "arn:aws:elasticfilesystem:{region}:{account}:access-point/*",
        reads="DescribeAccessPoints DescribeFileSystemPolicy DescribeFileSystems DescribeLifecycleConfiguration "
        "DescribeMountTargets DescribeMountTargetSecurityGroups ListTagsForResource",
    ),
    Reach(
        "NewFiles",
        "data",
        "elasticfilesystem",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/* "
        "arn:aws:elasticfilesystem:{region}:{account}:access-point/*",
        changes="CreateAccessPoint CreateFileSystem TagResource",
        condition=TAGGED_AS_OURS,
    ),
    Reach(
        "OwnFiles",
        "data",
        "elasticfilesystem",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/* "
        "arn:aws:elasticfilesystem:{region}:{account}:access-point/*",
        changes="CreateAccessPoint CreateMountTarget DeleteAccessPoint DeleteFileSystem DeleteMountTarget "
        "ModifyMountTargetSecurityGroups PutFileSystemPolicy PutLifecycleConfiguration TagResource UntagResource "
        "UpdateFileSystem",
        condition=OURS,
    ),
    Reach(
        "Logs",
        "data",
        "logs",
        "arn:aws:logs:{region}:{account}:log-group:/ts/* arn:aws:logs:{region}:{account}:log-group:/aws/lambda/ts-*",
        reads="FilterLogEvents ListTagsForResource",
        changes="CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy TagResource UntagResource",
    ),
    Reach(
        "LogDelivery",
        "data",
        "logs",
        "*",  # an API's access log is a delivery, which has no ARN; nor has a search for groups
        reads="DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries",
        changes="CreateLogDelivery DeleteLogDelivery PutResourcePolicy UpdateLogDelivery",
    ),
    Reach(
        "Databases",
        "data",
        "rds",
        "arn:aws:rds:{region}:{account}:db:ts-* arn:aws:rds:{region}:{account}:subgrp:ts-* "
        "arn:aws:rds:{region}:{account}:pg:ts-*",
        reads="DescribeDBInstances DescribeDBParameterGroups DescribeDBParameters DescribeDBSubnetGroups "
        "ListTagsForResource",
        changes="AddTagsToResource CreateDBInstance CreateDBParameterGroup CreateDBSubnetGroup DeleteDBInstance "
        "DeleteDBParameterGroup DeleteDBSubnetGroup ModifyDBInstance ModifyDBParameterGroup ModifyDBSubnetGroup "
        "RemoveTagsFromResource StartDBInstance StopDBInstance",
    ),
    # RDS keeps a managed password in Secrets Manager in the name of whoever makes the instance.
    Reach(
        "Passwords",
        "data",
        "secretsmanager",
        "arn:aws:secretsmanager:{region}:{account}:secret:rds!*",
        reads="DescribeSecret",
        changes="CreateSecret TagResource",
    ),
    Reach("KeyOfPasswords", "data", "kms", "arn:aws:kms:{region}:{account}:key/*", changes="DescribeKey"),
    Reach(
        "Parameters",
        "data",
        "ssm",
        "arn:aws:ssm:{region}:{account}:parameter/ts/* arn:aws:ssm:{region}:{account}:parameter/trackstack/*",
        reads="GetParameter GetParameters ListTagsForResource",
        changes="AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource",
    ),
    Reach("ParameterSearch", "data", "ssm", "*", reads="DescribeParameters"),  # has no ARN
    Reach(
        "Site",
        "edge",
        "s3",
        "arn:aws:s3:::site-bucket-* arn:aws:s3:::site-bucket-*/*",
        reads="GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging "
        "GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPublicAccessBlock "
        "GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration "
        "GetLifecycleConfiguration GetObject GetObjectTagging GetReplicationConfiguration ListBucket",
        changes="CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion "
        "PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketTagging "
        "PutBucketVersioning PutEncryptionConfiguration "
        "PutLifecycleConfiguration PutObject PutObjectTagging",
        # Bucket names are the whole world's; IfExists, as a bucket to be created has no account yet.
        condition={"StringEqualsIfExists": {"aws:ResourceAccount": "{account}"}},
    ),
    Reach(
        "Distributions",
        "edge",
        "cloudfront",
        "arn:aws:cloudfront::{account}:distribution/* arn:aws:cloudfront::{account}:origin-access-control/* "
        "arn:aws:cloudfront::{account}:function/* arn:aws:cloudfront::{account}:response-headers-policy/* "
        "arn:aws:cloudfront::{account}:cache-policy/* arn:aws:cloudfront::{account}:origin-request-policy/*",
        reads="DescribeFunction GetCachePolicy GetDistribution GetDistributionConfig GetFunction "
        "GetOriginAccessControl GetOriginRequestPolicy GetResponseHeadersPolicy ListTagsForResource",
        changes="CreateCachePolicy CreateDistribution CreateDistributionWithTags CreateFunction CreateInvalidation "
        "CreateOriginAccessControl CreateOriginRequestPolicy CreateResponseHeadersPolicy DeleteCachePolicy "
        "DeleteDistribution DeleteFunction DeleteOriginAccessControl DeleteOriginRequestPolicy "
        "DeleteResponseHeadersPolicy PublishFunction TagResource UntagResource UpdateCachePolicy UpdateDistribution "
        "UpdateFunction UpdateOriginAccessControl UpdateOriginRequestPolicy UpdateResponseHeadersPolicy",
    ),
    Reach(
        "Api",
        "edge",
        "apigateway",
        "arn:aws:apigateway:{region}::/apis arn:aws:apigateway:{region}::/apis/* "
        "arn:aws:apigateway:{region}::/vpclinks arn:aws:apigateway:{region}::/vpclinks/* "
        "arn:aws:apigateway:{region}::/tags/*",
        reads="GET",
        changes="DELETE PATCH POST PUT",
    ),
    Reach(
        "Discovery",
        "edge",
        "servicediscovery",
        "*",  # a name space has no ARN before it exists, nor has an operation
        reads="GetNamespace GetOperation GetService ListNamespaces ListServices ListTagsForResource",
        changes="CreatePrivateDnsNamespace CreatePublicDnsNamespace",
    ),
    Reach(
        "OwnDiscovery",
        "edge",
        "servicediscovery",
        "arn:aws:servicediscovery:{region}:{account}:namespace/* arn:aws:servicediscovery:{region}:{account}:service/*",
        changes="CreateService DeleteNamespace DeleteService TagResource UntagResource UpdateService",
    ),
    Reach(
        "Zones",
        "edge",
        "route53",
        "arn:aws:route53:::hostedzone/* arn:aws:route53:::change/*",
        reads="GetChange GetHostedZone ListResourceRecordSets ListTagsForResource",
        changes="AssociateVPCWithHostedZone ChangeResourceRecordSets DeleteHostedZone",
    ),
    Reach(
        "ZoneSearch",
        "edge",
        "route53",
        "*",  # has no ARN
        reads="ListHostedZones ListHostedZonesByName",
        changes="CreateHostedZone",
    ),
    Reach(
        "Certificates",
        "edge",
        "acm",
        "arn:aws:acm:*:{account}:certificate/*",  # CloudFront's are in us-east-1
        reads="DescribeCertificate ListTagsForCertificate",
        changes="AddTagsToCertificate DeleteCertificate RemoveTagsFromCertificate RequestCertificate",
    ),
    Reach(
        "Roles",
        "identity",
        "iam",
        "arn:aws:iam::{account}:role/trackstack/ts-* arn:aws:iam::{account}:policy/trackstack/ts-*",
        reads="GetPolicy GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole "
        "ListRolePolicies",
    ),
)
