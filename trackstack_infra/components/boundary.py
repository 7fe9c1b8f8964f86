"""The most that a role of the two architectures can ever do, whatever policy is put into it.

Whoever may create roles could create one that may do more than they. So the roles that GitHub's workflows create must
have this boundary, whose ARN follows from its name: foundation makes it, and the other stacks need nobody to tell them.
"""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow, document

ROLE_PATH: Final = f"/{names.PROJECT}/"
_NAME: Final = names.physical("foundation", "boundary")


def boundary_arn() -> pulumi.Output[str]:
    """Its ARN, known without asking foundation."""
    return pulumi.Output.concat("arn:aws:iam::", account_id(), f":policy{ROLE_PATH}{_NAME}")


class Boundary(Component):
    """A managed policy that grants nothing by itself: a bounded role may do what both it and its own policy allow."""

    def __init__(self, name: str, *, region: str, backups: aws.s3.Bucket, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.policy = aws.iam.Policy(
            self.child("policy"),
            name=_NAME,
            path=ROLE_PATH,
            description="The most that a task or function of TrackStack can do",
            policy=document(*_statements(region, backups)),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        self.arn = self.policy.arn
        self.register_outputs({"arn": self.arn})


def _statements(region: str, backups: aws.s3.Bucket) -> list[Statement]:
    account = account_id()

    def ours(service: str, resource: str) -> pulumi.Output[str]:
        return pulumi.Output.concat(f"arn:aws:{service}:{region}:", account, f":{resource}")

    return [
        allow(
            "Messages",
            [
                "sqs:SendMessage",
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:PurgeQueue",
                "sqs:GetQueueAttributes",
                "sns:Publish",
            ],
            [ours("sqs", "ts-*"), ours("sns", "ts-*")],
        ),
        allow(
            "Backups",
            ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging", "s3:ListBucket"],
            [backups.arn, pulumi.Output.concat(backups.arn, "/backups/*")],
        ),
        allow(
            "Files",
            ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            [ours("elasticfilesystem", "file-system/*")],  # their ids are drawn by lot
        ),
        allow(
            "Leases",
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
            [ours("dynamodb", f"table/{names.physical('foundation', 'leases')}")],
        ),
        allow(
            "Logs",
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [ours("logs", "log-group:/ts/*"), ours("logs", "log-group:/aws/lambda/ts-*")],
        ),
        allow(
            "Images",
            ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
            [pulumi.Output.concat("arn:aws:ecr:*:", account, ":repository/ts-*")],
        ),
        allow(
            "Secrets",
            ["ssm:GetParameter", "ssm:GetParameters", "secretsmanager:GetSecretValue"],
            [ours("ssm", "parameter/trackstack/*"), ours("ssm", "parameter/ts/*"), ours("secretsmanager", "secret:*")],
        ),
        allow(
            "Placement",
            ["ecs:DescribeServices", "ecs:UpdateService", "ecs:RunTask"],
            [ours("ecs", "service/ts-*"), ours("ecs", "task-definition/ts-*")],
        ),
        allow(
            "TaskRoles",
            ["iam:PassRole"],
            [
                pulumi.Output.concat("arn:aws:iam::", account, f":role{ROLE_PATH}ts-{stack}-*")
                for stack in ("pragmatic", "enterprise")
            ],
            {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        ),
        allow("Functions", ["lambda:InvokeFunction"], [ours("lambda", "function:ts-*")]),
        allow("Databases", ["rds-db:connect"], [ours("rds-db", "dbuser:*")]),  # the instance's id is drawn by lot
        allow(
            "WithoutArn",  # AWS has none for these
            [
                "ecr:GetAuthorizationToken",
                "ec2:CreateNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses",
                "ec2:UnassignPrivateIpAddresses",
                "logs:DescribeLogGroups",
            ],
            ["*"],
        ),
    ]
