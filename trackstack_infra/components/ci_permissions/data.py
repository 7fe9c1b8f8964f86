"""What is kept: messages, files, logs, dashboards, databases, parameters."""

from typing import Final

from trackstack_infra.components.ci_permissions.permission import OURS, TAGGED_AS_OURS, Permission

DATA: Final = (
    Permission(
        "Queues",
        "data",
        "sqs",
        "arn:aws:sqs:{region}:{account}:ts-*",
        reads="GetQueueAttributes GetQueueUrl ListQueueTags",
        changes="CreateQueue DeleteQueue SendMessage SetQueueAttributes TagQueue UntagQueue",
    ),
    Permission(
        "Topics",
        "data",
        "sns",
        "arn:aws:sns:{region}:{account}:ts-*",
        reads="GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource",
        changes="CreateTopic DeleteTopic SetTopicAttributes Subscribe TagResource UntagResource",
    ),
    Permission(
        "Subscriptions",
        "data",
        "sns",
        "*",  # AWS does not look at their ARNs
        reads="GetSubscriptionAttributes",
        changes="SetSubscriptionAttributes Unsubscribe",
    ),
    Permission(
        "Files",
        "data",
        "elasticfilesystem",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/* "
        "arn:aws:elasticfilesystem:{region}:{account}:access-point/*",
        reads="DescribeAccessPoints DescribeFileSystemPolicy DescribeFileSystems DescribeLifecycleConfiguration "
        "DescribeMountTargets DescribeMountTargetSecurityGroups ListTagsForResource",
    ),
    Permission(
        "NewFiles",
        "data",
        "elasticfilesystem",
        "arn:aws:elasticfilesystem:{region}:{account}:file-system/* "
        "arn:aws:elasticfilesystem:{region}:{account}:access-point/*",
        changes="CreateAccessPoint TagResource",
        condition=TAGGED_AS_OURS,
    ),
    Permission(
        "NewFileSystem",
        "data",
        "elasticfilesystem",
        "*",  # none before it exists
        changes="CreateFileSystem",
        condition=TAGGED_AS_OURS,
    ),
    Permission(
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
    Permission(
        "Logs",
        "data",
        "logs",
        "arn:aws:logs:{region}:{account}:log-group:/ts/* arn:aws:logs:{region}:{account}:log-group:/aws/lambda/ts-*",
        reads="FilterLogEvents ListTagsForResource",
        changes="CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy TagResource UntagResource",
    ),
    Permission(
        "Dashboards",
        "data",  # where the alarms are, the policy is full
        "cloudwatch",
        "arn:aws:cloudwatch::{account}:dashboard/ts-*",
        reads="GetDashboard",
        changes="DeleteDashboards PutDashboard",
    ),
    Permission(
        "LogDelivery",
        "data",
        "logs",
        "*",  # an API's access log is a delivery, which has no ARN; nor has a search for groups
        reads="DescribeLogGroups DescribeResourcePolicies GetLogDelivery ListLogDeliveries",
        changes="CreateLogDelivery DeleteLogDelivery PutResourcePolicy UpdateLogDelivery",
    ),
    Permission(
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
    Permission(
        "Passwords",
        "data",
        "secretsmanager",
        "arn:aws:secretsmanager:{region}:{account}:secret:rds!*",
        reads="DescribeSecret",
        changes="CreateSecret TagResource",
    ),
    Permission("KeyOfPasswords", "data", "kms", "arn:aws:kms:{region}:{account}:key/*", changes="DescribeKey"),
    Permission(
        "Parameters",
        "data",
        "ssm",
        "arn:aws:ssm:{region}:{account}:parameter/ts/* arn:aws:ssm:{region}:{account}:parameter/trackstack/*",
        reads="GetParameter GetParameters ListTagsForResource",
        changes="AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource",
    ),
    # What AWS says to everybody: the newest image for a NAT instance.
    Permission(
        "PublicParameters",
        "data",
        "ssm",
        "arn:aws:ssm:{region}::parameter/aws/service/ami-amazon-linux-latest/*",
        reads="GetParameter",
    ),
    Permission("RandomText", "data", "secretsmanager", "*", reads="GetRandomPassword"),  # keeps nothing: no ARN
    Permission("ParameterSearch", "data", "ssm", "*", reads="DescribeParameters"),  # has no ARN
)
