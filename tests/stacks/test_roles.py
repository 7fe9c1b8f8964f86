"""Who may do what: the whole list of every role, so that a right that is added shows up here."""

import json
from typing import Any

from trackstack_infra.graph import Graph

POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE = "aws:iam/role:Role"
ARN = "arn:aws:{service}:us-east-1:123456789012:{name}"
MOUNT = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
RECEIVE = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
BACKUPS = "arn:aws:s3:::backups-0a1b2c3"

KEEP_BACKUPS = (
    ["s3:PutObject", "s3:PutObjectTagging", "s3:GetObject"],
    [f"{BACKUPS}/backups/pragmatic/*"],
    {"StringEqualsIfExists": {"s3:RequestObjectTag/keep": ["daily", "monthly"]}},
)

# What AWS has no ARN for: the login to the registry, and network interfaces that Lambda asks for before they exist.
WITHOUT_ARN = {
    "ecr:GetAuthorizationToken",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
}


def permissions(graph: Graph, name: str) -> dict[str, Any]:
    policy = json.loads(graph.one(POLICY, f"{name}-policy").inputs["policy"])
    assert policy["Version"] == "2012-10-17"
    return {each["Sid"]: (each["Action"], each["Resource"], each.get("Condition")) for each in policy["Statement"]}


def own_directory(graph: Graph, name: str) -> Any:
    files = graph.one("aws:efs/fileSystem:FileSystem", "data-files").outputs["arn"]
    access_point = graph.one("aws:efs/accessPoint:AccessPoint", f"{name}-directory").outputs["arn"]
    return MOUNT, [files], {"StringEquals": {"elasticfilesystem:AccessPointArn": access_point}}


def test_a_service_reads_its_queue_publishes_and_mounts_its_directory(enterprise: Graph) -> None:
    """Each service: its own queue, its own directory, and the topic. Not one right more."""
    topic = ARN.format(service="sns", name="ts-enterprise-events")
    for domain in ("expenses", "gym", "heating"):
        assert permissions(enterprise, f"{domain}-task") == {
            "MountOwnDirectory": own_directory(enterprise, domain),
            "ReceiveOwnEvents": (RECEIVE, [ARN.format(service="sqs", name=f"ts-enterprise-{domain}")], None),
            "PublishEvents": (["sns:Publish"], [topic], None),
        }


def test_the_monolith_uses_its_queue_and_keeps_backups(pragmatic: Graph) -> None:
    """The monolith: its queue both ways, its directory, and backups it can write but not delete."""
    queue = ARN.format(service="sqs", name="ts-pragmatic-monolith")
    assert permissions(pragmatic, "monolith-task") == {
        "MountOwnDirectory": own_directory(pragmatic, "monolith"),
        "ReceiveOwnEvents": (RECEIVE, [queue], None),
        "PublishEvents": (["sqs:SendMessage"], [queue], None),
        "KeepBackups": KEEP_BACKUPS,
        "ListBackups": (["s3:ListBucket"], [BACKUPS], None),
        "ReportFailure": (["s3:PutObject"], [f"{BACKUPS}/backups/failed/*"], None),
    }


def test_ecs_pulls_one_image_and_writes_one_log(architecture: Graph) -> None:
    """What starts a container can fetch that container's image and write its log."""
    definitions = architecture.all("aws:ecs/taskDefinition:TaskDefinition")
    for name in (each.name.removesuffix("-definition") for each in definitions):
        log = ARN.format(service="logs", name=f"log-group:/ts/{architecture.stack}/{name}:*")
        assert permissions(architecture, f"{name}-execution") == {
            "LogIn": (["ecr:GetAuthorizationToken"], ["*"], None),
            "PullOwnImage": (
                ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
                [f"arn:aws:ecr:*:123456789012:repository/ts-{name}"],
                None,
            ),
            "WriteOwnLog": (["logs:CreateLogStream", "logs:PutLogEvents"], [log], None),
        }


def test_the_bridge_reads_backups_purges_queues_and_writes_the_services_directories(enterprise: Graph) -> None:
    """The bridge: backups, the three queues, the directory above the services', its log, and the network it runs in."""
    queues = [ARN.format(service="sqs", name=f"ts-enterprise-{each}") for each in ("expenses", "gym", "heating")]
    log = ARN.format(service="logs", name="log-group:/aws/lambda/ts-enterprise-bridge:*")
    assert permissions(enterprise, "bridge") == {
        "MountOwnDirectory": own_directory(enterprise, "bridge"),
        "KeepBackups": KEEP_BACKUPS,
        "ListBackups": (["s3:ListBucket"], [BACKUPS], None),
        "PurgeQueues": (["sqs:PurgeQueue", "sqs:GetQueueAttributes"], queues, None),
        "WriteOwnLog": (["logs:CreateLogStream", "logs:PutLogEvents"], [log], None),
        "JoinTheNetwork": (
            [
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:AssignPrivateIpAddresses",
                "ec2:UnassignPrivateIpAddresses",
            ],
            [ARN.format(service="ec2", name="*/*")],
            None,
        ),
        "SeeTheNetwork": (["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"], None),
    }


def test_these_are_all_roles(pragmatic: Graph, enterprise: Graph, foundation: Graph) -> None:
    """There is no role beside those listed here."""
    assert [each.name for each in foundation.all(ROLE)] == []
    assert sorted(each.name for each in pragmatic.all(ROLE)) == [
        "fallback-return-schedule-role",
        "fallback-role",
        "monolith-execution-role",
        "monolith-task-role",
        "nightly-schedule-role",
    ]
    assert sorted(each.name for each in enterprise.all(ROLE)) == [
        "bridge-role",
        "expenses-execution-role",
        "expenses-task-role",
        "flows-role",
        "gym-execution-role",
        "gym-task-role",
        "heating-execution-role",
        "heating-task-role",
    ]


def test_no_right_is_wider_than_aws_makes_it(architecture: Graph) -> None:
    """No role may do `*`, and `*` stands for resources only where AWS has no ARN for them."""
    for policy in architecture.all(POLICY):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            assert statement["Effect"] == "Allow"
            assert not any("*" in action for action in statement["Action"])
            if "*" in statement["Resource"]:
                assert set(statement["Action"]) <= WITHOUT_ARN


TAKEN_BY = {
    "bridge": "lambda",
    "fallback": "lambda",
    "fallback-return-schedule": "scheduler",
    "nightly-schedule": "scheduler",
    "flows": "vpc-flow-logs",
}


def test_a_role_is_taken_by_one_service_of_one_account(architecture: Graph) -> None:
    """Functions' roles are for Lambda; all others are for one service, and for this account only."""
    for role in architecture.all(ROLE):
        (statement,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        service = TAKEN_BY.get(role.name.removesuffix("-role"), "ecs-tasks")
        assert statement["Action"] == "sts:AssumeRole"
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
        if service != "lambda":
            assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": "123456789012"}
