# ruff: noqa: E501 (the tables have a question a line)
"""Who may do what in the account, asked of the real roles: thirty things that must work, and more that must not."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from iam_decisions import may

from stacks import PROGRAMS
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.load import load_settings

ROOT = Path(__file__).parents[2]
A = "123456789012"
FOUNDATION = "organization/trackstack/foundation"
GITHUB = {"owner": "Tracker", "owner_id": 11, "repository": "trackstack", "repository_id": 22}
OURS = {"aws:ResourceTag/project": "trackstack"}
NEW = {"aws:RequestTag/project": "trackstack"}
RUNTIME = {**OURS, "aws:ResourceTag/layer": "runtime"}
BOUNDED = {"iam:PermissionsBoundary": f"arn:aws:iam::{A}:policy/trackstack/ts-foundation-boundary"}
DEPLOY, PREVIEW, JANITOR = (f"ts-foundation-github-{each}" for each in ("deploy", "preview", "janitor"))
MONOLITH, EXPENSES, BRIDGE = "ts-pragmatic-monolith-task", "ts-enterprise-expenses-task", "ts-enterprise-bridge"
BUDGETS = "ts-foundation-budget-action"


def graph(stack: str, references: Any = None, **settings: Any) -> Graph:
    program = partial(PROGRAMS[stack], load_settings(stack, ROOT, **settings))
    return record(program, stack=stack, outputs="fabricated", references=references or {})


@pytest.fixture(scope="module")
def account() -> list[Graph]:
    """All three stacks in one account, each with what the foundation really exports."""
    foundation = graph("foundation", github=GITHUB, budget={"usd": 25, "mail": "you@example.org"})
    references = {FOUNDATION: foundation.outputs}
    return [foundation, graph("pragmatic", references), graph("enterprise", references)]


@pytest.fixture(scope="module")
def places(account: list[Graph]) -> dict[str, str]:
    """What has an id drawn by lot, by the names that the questions use."""
    foundation, pragmatic, enterprise = account
    files, point = "aws:efs/fileSystem:FileSystem", "aws:efs/accessPoint:AccessPoint"
    return {
        "backups": f"arn:aws:s3:::{foundation.outputs['backup_bucket']}",
        "lone_files": str(pragmatic.one(files, "data-files").outputs["arn"]),
        "lone_point": str(pragmatic.one(point, "monolith-directory").outputs["arn"]),
        "files": str(enterprise.one(files, "data-files").outputs["arn"]),
        "expenses_point": str(enterprise.one(point, "expenses-directory").outputs["arn"]),
        "gym_point": str(enterprise.one(point, "gym-directory").outputs["arn"]),
        "bridge_point": str(enterprise.one(point, "bridge-directory").outputs["arn"]),
        "site": str(enterprise.one("aws:s3/bucket:Bucket", "site-bucket").outputs["arn"]),
        "distribution": str(enterprise.all("aws:cloudfront/distribution:Distribution")[0].outputs["arn"]),
    }


def arn(service: str, name: str, region: str = "us-east-1") -> str:
    return f"arn:aws:{service}:{region}:{A}:{name}"


def through(point: str) -> dict[str, str]:
    return {"elasticfilesystem:AccessPointArn": point}


MOUNT, WRITE = "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"
OTHER_TAG = {"aws:ResourceTag/project": "somebody-elses"}

# (why, who, action, resource, what is known about the call, the statement it rests on)
ALLOWED: list[tuple[str, str, str, str, dict[str, str], str]] = [
    ("it handles its events", MONOLITH, "sqs:ReceiveMessage", arn("sqs", "ts-pragmatic-monolith"), {}, "ReceiveOwnEvents"),
    ("handled events go", MONOLITH, "sqs:DeleteMessage", arn("sqs", "ts-pragmatic-monolith"), {}, "ReceiveOwnEvents"),
    ("its domains talk through its queue", MONOLITH, "sqs:SendMessage", arn("sqs", "ts-pragmatic-monolith"), {}, "PublishEvents"),
    ("its databases are there", MONOLITH, MOUNT, "{lone_files}", through("{lone_point}"), "MountOwnDirectory"),
    ("and it writes them", MONOLITH, WRITE, "{lone_files}", through("{lone_point}"), "MountOwnDirectory"),
    ("nightly backup", MONOLITH, "s3:PutObject", "{backups}/backups/pragmatic/b/app.db", {"s3:RequestObjectTag/keep": "daily"}, "KeepBackups"),
    ("a month's backup", MONOLITH, "s3:PutObjectTagging", "{backups}/backups/pragmatic/b/app.db", {"s3:RequestObjectTag/keep": "monthly"}, "KeepBackups"),
    ("it compares what arrived", MONOLITH, "s3:GetObject", "{backups}/backups/pragmatic/b/app.db", {}, "KeepBackups"),
    ("is it the first of the month?", MONOLITH, "s3:ListBucket", "{backups}", {}, "ListBackups"),
    ("a backup that failed is explained", MONOLITH, "s3:PutObject", "{backups}/backups/failed/r.json", {}, "ReportFailure"),
    ("a service reads its queue", EXPENSES, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-expenses"), {}, "ReceiveOwnEvents"),
    ("a service publishes", EXPENSES, "sns:Publish", arn("sns", "ts-enterprise-events"), {}, "PublishEvents"),
    ("a service writes its database", EXPENSES, WRITE, "{files}", through("{expenses_point}"), "MountOwnDirectory"),
    ("the bridge fetches the backup", BRIDGE, "s3:GetObject", "{backups}/backups/pragmatic/b/manifest.json", {}, "KeepBackups"),
    ("the bridge writes the databases", BRIDGE, WRITE, "{files}", through("{bridge_point}"), "MountOwnDirectory"),
    ("old events are not for new databases", BRIDGE, "sqs:PurgeQueue", arn("sqs", "ts-enterprise-gym"), {}, "PurgeQueues"),
    ("Lambda joins the network", BRIDGE, "ec2:CreateNetworkInterface", arn("ec2", "network-interface/*"), {}, "JoinTheNetwork"),
    ("ECS pulls an image", "ts-enterprise-gym-execution", "ecr:BatchGetImage", arn("ecr", "repository/ts-gym"), {}, "PullOwnImage"),
    ("ECS logs in to the registry", "ts-enterprise-gym-execution", "ecr:GetAuthorizationToken", "*", {}, "LogIn"),
    ("ECS writes a log", "ts-enterprise-gym-execution", "logs:PutLogEvents", arn("logs", "log-group:/ts/enterprise/gym:log-stream:a"), {}, "WriteOwnLog"),
    ("the topic fills a queue", "sns.amazonaws.com", "sqs:SendMessage", arn("sqs", "ts-enterprise-gym"), {"aws:SourceArn": arn("sns", "ts-enterprise-events")}, "OnlyFromTheTopic"),
    ("an alarm is told", "cloudwatch.amazonaws.com", "sns:Publish", arn("sns", "ts-foundation-alerts"), {"aws:SourceArn": arn("cloudwatch", "alarm:ts-pragmatic-tasks"), "aws:SourceAccount": A}, "OnlyFromAlarms"),
    ("a preview sees the network", PREVIEW, "ec2:DescribeVpcs", "*", {}, "Network"),
    ("a preview reads the state", PREVIEW, "s3:GetObject", f"arn:aws:s3:::trackstack-state-{A}/.pulumi/stacks/trackstack/enterprise.json", {}, "ReadState"),
    ("a preview finds the NAT instance's image", PREVIEW, "ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", {}, "PublicParameters"),
    ("a deployment draws the origin's secret", DEPLOY, "secretsmanager:GetRandomPassword", "*", {}, "RandomText"),
    ("a deployment makes a queue", DEPLOY, "sqs:CreateQueue", arn("sqs", "ts-enterprise-gym"), {}, "Queues"),
    ("a deployment makes a VPC", DEPLOY, "ec2:CreateVpc", arn("ec2", "vpc/vpc-1"), NEW, "NewNetwork"),
    ("a deployment ends its NAT gateway", DEPLOY, "ec2:DeleteNatGateway", arn("ec2", "natgateway/nat-1"), OURS, "OwnNetwork"),
    ("a deployment makes a bounded role", DEPLOY, "iam:CreateRole", f"arn:aws:iam::{A}:role/trackstack/ts-enterprise-gym-task", BOUNDED, "CreateBoundedRoles"),
    ("and gives it a policy", DEPLOY, "iam:PutRolePolicy", f"arn:aws:iam::{A}:role/trackstack/ts-enterprise-gym-task", BOUNDED, "CreateBoundedRoles"),
    ("and hands it to ECS", DEPLOY, "iam:PassRole", f"arn:aws:iam::{A}:role/trackstack/ts-enterprise-gym-task", {"iam:PassedToService": "ecs-tasks.amazonaws.com"}, "PassOwnRoles"),
    ("a deployment pushes an image", DEPLOY, "ecr:PutImage", arn("ecr", "repository/ts-monolith"), {}, "Registry"),
    ("a deployment keeps its state", DEPLOY, "s3:PutObject", f"arn:aws:s3:::trackstack-state-{A}/.pulumi/stacks/trackstack/enterprise.json", {}, "WriteOwnState"),
    ("a deployment puts the page up", DEPLOY, "s3:PutObject", "{site}/index.html", {}, "Site"),
    ("leftovers are stopped", JANITOR, "ec2:DeleteNatGateway", arn("ec2", "natgateway/nat-1"), RUNTIME, "DropNetwork"),
    ("services are scaled to nothing", JANITOR, "ecs:UpdateService", arn("ecs", "service/ts-enterprise/ts-enterprise-gym"), RUNTIME, "StopServices"),
    ("the budget pulls the brake", BUDGETS, "iam:AttachRolePolicy", f"arn:aws:iam::{A}:role/trackstack/{DEPLOY}", {"iam:PolicyARN": f"arn:aws:iam::{A}:policy/trackstack/ts-foundation-budget-brake"}, "PullTheBrake"),
]  # fmt: skip

ROLE = f"arn:aws:iam::{A}:role/trackstack/"
STATE = f"arn:aws:s3:::trackstack-state-{A}"
NO = "no statement allows it"

DENIED: list[tuple[str, str, str, str, dict[str, str], str]] = [
    # An app keeps to its own.
    ("the other architecture's queue", MONOLITH, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("dead letters are for people", MONOLITH, "sqs:ReceiveMessage", arn("sqs", "ts-pragmatic-monolith-dead-letters"), {}, NO),
    ("an app empties no queue", MONOLITH, "sqs:PurgeQueue", arn("sqs", "ts-pragmatic-monolith"), {}, NO),
    ("an app changes no queue", MONOLITH, "sqs:SetQueueAttributes", arn("sqs", "ts-pragmatic-monolith"), {}, NO),
    ("a queue in another region", MONOLITH, "sqs:SendMessage", arn("sqs", "ts-pragmatic-monolith", "eu-west-1"), {}, NO),
    ("without TLS", MONOLITH, "sqs:SendMessage", arn("sqs", "ts-pragmatic-monolith"), {"aws:SecureTransport": "false"}, "DenyWithoutTls"),
    ("the files without access point", MONOLITH, MOUNT, "{lone_files}", {}, "DenyWithoutAccessPoint"),
    ("the files through another's", MONOLITH, MOUNT, "{lone_files}", through("{gym_point}"), NO),
    ("the files as root", MONOLITH, "elasticfilesystem:ClientRootAccess", "{lone_files}", through("{lone_point}"), NO),
    ("the files without TLS", MONOLITH, MOUNT, "{lone_files}", {**through("{lone_point}"), "aws:SecureTransport": "false"}, "DenyWithoutTls"),
    ("the other architecture's files", MONOLITH, MOUNT, "{files}", through("{lone_point}"), NO),
    ("nobody deletes a backup", MONOLITH, "s3:DeleteObject", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("nor a version of one", MONOLITH, "s3:DeleteObjectVersion", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("nor unlocks one", MONOLITH, "s3:BypassGovernanceRetention", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("a backup with a tag of its own", MONOLITH, "s3:PutObject", "{backups}/backups/pragmatic/b/app.db", {"s3:RequestObjectTag/keep": "never"}, NO),
    ("a backup anywhere else", MONOLITH, "s3:PutObject", "{backups}/elsewhere/app.db", {}, NO),
    ("the failures of others", MONOLITH, "s3:GetObject", "{backups}/backups/failed/r.json", {}, NO),
    ("a backup without TLS", MONOLITH, "s3:PutObject", "{backups}/backups/pragmatic/b/app.db", {"aws:SecureTransport": "false"}, "DenyWithoutTls"),
    ("the bucket's rules", MONOLITH, "s3:PutLifecycleConfiguration", "{backups}", {}, NO),
    ("the bucket's policy", MONOLITH, "s3:PutBucketPolicy", "{backups}", {}, NO),
    ("another bucket", MONOLITH, "s3:GetObject", "arn:aws:s3:::somebody-elses/backups/pragmatic/b", {}, NO),
    ("the site", MONOLITH, "s3:PutObject", "{site}/index.html", {}, NO),
    ("an app has no roles", MONOLITH, "sts:AssumeRole", f"{ROLE}{DEPLOY}", {}, NO),
    ("nor makes any", MONOLITH, "iam:CreateRole", f"{ROLE}ts-pragmatic-more", {}, NO),
    ("nor starts tasks", MONOLITH, "ecs:RunTask", arn("ecs", "task-definition/ts-pragmatic-monolith:1"), {}, NO),
    # One service keeps to its own.
    ("another service's queue", EXPENSES, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("straight into another's queue", EXPENSES, "sqs:SendMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("its own queue by the back door", EXPENSES, "sqs:SendMessage", arn("sqs", "ts-enterprise-expenses"), {}, NO),
    ("another service's database", EXPENSES, WRITE, "{files}", through("{gym_point}"), NO),
    ("all the services' databases", EXPENSES, WRITE, "{files}", through("{bridge_point}"), NO),
    ("the alarms' topic", EXPENSES, "sns:Publish", arn("sns", "ts-foundation-alerts"), {}, NO),
    ("events without TLS", EXPENSES, "sns:Publish", arn("sns", "ts-enterprise-events"), {"aws:SecureTransport": "false"}, "DenyWithoutTls"),
    ("who listens to the topic", EXPENSES, "sns:Subscribe", arn("sns", "ts-enterprise-events"), {}, NO),
    ("backups are pragmatic's", EXPENSES, "s3:GetObject", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("nor to be listed", EXPENSES, "s3:ListBucket", "{backups}", {}, NO),
    # The bridge and ECS.
    ("the bridge reads no events", BRIDGE, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("nor purges pragmatic's", BRIDGE, "sqs:PurgeQueue", arn("sqs", "ts-pragmatic-monolith"), {}, NO),
    ("nor deletes a backup", BRIDGE, "s3:DeleteObject", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("nor writes through a service's door", BRIDGE, WRITE, "{files}", through("{gym_point}"), NO),
    ("nor publishes", BRIDGE, "sns:Publish", arn("sns", "ts-enterprise-events"), {}, NO),
    ("another image", "ts-enterprise-gym-execution", "ecr:BatchGetImage", arn("ecr", "repository/ts-heating"), {}, NO),
    ("an image of one's own", "ts-enterprise-gym-execution", "ecr:PutImage", arn("ecr", "repository/ts-gym"), {}, NO),
    ("another's log", "ts-enterprise-gym-execution", "logs:PutLogEvents", arn("logs", "log-group:/ts/enterprise/heating:log-stream:a"), {}, NO),
    ("what starts a task reads no queue", "ts-enterprise-gym-execution", "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    # Services of AWS act for everybody.
    ("another account's topic", "sns.amazonaws.com", "sqs:SendMessage", arn("sqs", "ts-enterprise-gym"), {"aws:SourceArn": "arn:aws:sns:us-east-1:210987654321:ts-enterprise-events"}, NO),
    ("a topic nobody named", "sns.amazonaws.com", "sqs:SendMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("a topic into pragmatic's queue", "sns.amazonaws.com", "sqs:SendMessage", arn("sqs", "ts-pragmatic-monolith"), {"aws:SourceArn": arn("sns", "ts-enterprise-events")}, NO),
    ("another account's alarm", "cloudwatch.amazonaws.com", "sns:Publish", arn("sns", "ts-foundation-alerts"), {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:210987654321:alarm:ts-x", "aws:SourceAccount": "210987654321"}, NO),
    ("another project's alarm", "cloudwatch.amazonaws.com", "sns:Publish", arn("sns", "ts-foundation-alerts"), {"aws:SourceArn": arn("cloudwatch", "alarm:other"), "aws:SourceAccount": A}, NO),
    # Pull requests look.
    ("a preview makes nothing", PREVIEW, "sqs:CreateQueue", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("a preview reads no events", PREVIEW, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    ("a preview reads no backup", PREVIEW, "s3:GetObject", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("a preview reads no other's secret", PREVIEW, "ssm:GetParameter", arn("ssm", "parameter/other"), {}, NO),
    ("a preview writes no state", PREVIEW, "s3:PutObject", f"{STATE}/.pulumi/stacks/trackstack/enterprise.json", {}, NO),
    ("a preview pushes no image", PREVIEW, "ecr:PutImage", arn("ecr", "repository/ts-gym"), {}, NO),
    ("a preview passes no role", PREVIEW, "iam:PassRole", f"{ROLE}ts-enterprise-gym-task", {"iam:PassedToService": "ecs-tasks.amazonaws.com"}, NO),
    # Deployments change the two architectures, and nobody's permissions.
    ("a role without boundary", DEPLOY, "iam:CreateRole", f"{ROLE}ts-enterprise-gym-task", {}, NO),
    ("a role with another boundary", DEPLOY, "iam:CreateRole", f"{ROLE}ts-enterprise-gym-task", {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}, NO),
    ("a role elsewhere", DEPLOY, "iam:CreateRole", f"arn:aws:iam::{A}:role/ts-enterprise-gym-task", BOUNDED, NO),
    ("more permissions for itself", DEPLOY, "iam:PutRolePolicy", f"{ROLE}{DEPLOY}", BOUNDED, "NeverFoundation"),
    ("managed policies", DEPLOY, "iam:AttachRolePolicy", f"{ROLE}ts-enterprise-gym-task", BOUNDED, NO),
    ("a boundary taken away", DEPLOY, "iam:DeleteRolePermissionsBoundary", f"{ROLE}ts-enterprise-gym-task", BOUNDED, NO),
    ("a boundary rewritten", DEPLOY, "iam:CreatePolicyVersion", BOUNDED["iam:PermissionsBoundary"], {}, NO),
    ("who may take it on", DEPLOY, "iam:UpdateAssumeRolePolicy", f"{ROLE}{DEPLOY}", {}, "NeverFoundation"),
    ("a user with a key", DEPLOY, "iam:CreateAccessKey", f"arn:aws:iam::{A}:user/you", {}, NO),
    ("its role handed to a function", DEPLOY, "iam:PassRole", f"{ROLE}{DEPLOY}", {"iam:PassedToService": "lambda.amazonaws.com"}, "NeverFoundation"),
    ("an administrator handed to a task", DEPLOY, "iam:PassRole", f"arn:aws:iam::{A}:role/admin", {"iam:PassedToService": "ecs-tasks.amazonaws.com"}, NO),
    ("a role handed to EC2", DEPLOY, "iam:PassRole", f"{ROLE}ts-enterprise-gym-task", {"iam:PassedToService": "ec2.amazonaws.com"}, NO),
    ("another provider of identities", DEPLOY, "iam:CreateOpenIDConnectProvider", f"arn:aws:iam::{A}:oidc-provider/x", {}, NO),
    ("backups", DEPLOY, "s3:GetObject", "{backups}/backups/pragmatic/b/app.db", {}, NO),
    ("an unlocked backup", DEPLOY, "s3:BypassGovernanceRetention", "{backups}/backups/pragmatic/b/app.db", {}, "NeverUnlock"),
    ("foundation's state", DEPLOY, "s3:PutObject", f"{STATE}/.pulumi/stacks/trackstack/foundation.json", {}, NO),
    ("somebody's bucket of that name", DEPLOY, "s3:PutObject", "arn:aws:s3:::site-bucket-0000000/x", {"aws:ResourceAccount": "210987654321"}, NO),
    ("people", DEPLOY, "cognito-idp:AdminCreateUser", arn("cognito-idp", "userpool/us-east-1_x"), {}, NO),
    ("the budget", DEPLOY, "budgets:ModifyBudget", f"arn:aws:budgets::{A}:budget/ts-foundation-budget", {}, NO),
    ("another project's queue", DEPLOY, "sqs:DeleteQueue", arn("sqs", "other"), {}, NO),
    ("another project's network", DEPLOY, "ec2:DeleteVpc", arn("ec2", "vpc/vpc-1"), OTHER_TAG, NO),
    ("a network without our tag", DEPLOY, "ec2:CreateVpc", arn("ec2", "vpc/vpc-1"), {}, NO),
    ("claiming another's by a tag", DEPLOY, "ec2:CreateTags", arn("ec2", "vpc/vpc-1"), NEW, NO),
    ("events", DEPLOY, "sqs:ReceiveMessage", arn("sqs", "ts-enterprise-gym"), {}, NO),
    # The janitor stops what is billed by the hour.
    ("the janitor creates nothing", JANITOR, "ec2:CreateNatGateway", arn("ec2", "natgateway/nat-1"), RUNTIME, NO),
    ("what stays", JANITOR, "ec2:DeleteNatGateway", arn("ec2", "natgateway/nat-1"), {**OURS, "aws:ResourceTag/layer": "persistent"}, NO),
    ("what is not ours", JANITOR, "ec2:DeleteNatGateway", arn("ec2", "natgateway/nat-1"), {"aws:ResourceTag/layer": "runtime"}, NO),
    ("data", JANITOR, "elasticfilesystem:DeleteFileSystem", "{files}", RUNTIME, NO),
    ("queues", JANITOR, "sqs:DeleteQueue", arn("sqs", "ts-enterprise-gym"), RUNTIME, NO),
    ("databases are stopped, not deleted", JANITOR, "rds:DeleteDBInstance", arn("rds", "db:ts-enterprise"), RUNTIME, NO),
    ("roles", JANITOR, "iam:DeleteRole", f"{ROLE}ts-enterprise-gym-task", {}, NO),
    # The budget's own role attaches one policy to one role.
    ("another policy", BUDGETS, "iam:AttachRolePolicy", f"{ROLE}{DEPLOY}", {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"}, NO),
    ("to another role", BUDGETS, "iam:AttachRolePolicy", f"{ROLE}ts-enterprise-gym-task", {"iam:PolicyARN": f"arn:aws:iam::{A}:policy/trackstack/ts-foundation-budget-brake"}, NO),
]  # fmt: skip


def ask(account: list[Graph], places: dict[str, str], question: tuple[str, str, str, str, dict[str, str], str]) -> Any:
    _, who, action, resource, context, _ = question
    filled = {key: value.format_map(places) for key, value in context.items()}
    return may(account, who, action, resource.format_map(places), filled)


def names(questions: list[Any]) -> list[str]:
    return [f"{who}-{action}-{why}" for why, who, action, *_ in questions]


@pytest.mark.parametrize("question", ALLOWED, ids=names(ALLOWED))
def test_what_must_work_is_allowed(account: list[Graph], places: dict[str, str], question: Any) -> None:
    """Each role can do its work, by the one statement that was written for it."""
    decision = ask(account, places, question)
    assert (decision.allowed, decision.why) == (True, question[-1])


@pytest.mark.parametrize("question", DENIED, ids=names(DENIED))
def test_what_must_not_be_is_refused(account: list[Graph], places: dict[str, str], question: Any) -> None:
    """No role permissions beyond its work, and where a denial says so by name, it is that denial."""
    decision = ask(account, places, question)
    assert (decision.allowed, decision.why) == (False, question[-1])


def test_there_are_thirty_and_sixty_questions() -> None:
    """The two tables do not shrink unnoticed."""
    assert len(ALLOWED) >= 30
    assert len(DENIED) >= 60


DOMAIN = {"name": "track.example.org", "zone": "example.org"}
COMBINATIONS: list[tuple[str, dict[str, Any]]] = [
    ("pragmatic", {}),
    ("pragmatic", {"ingress": "ipv6", "domain": DOMAIN}),
    ("enterprise", {}),
    ("enterprise", {"egress": "nat-instance", "observability": "task", "domain": DOMAIN}),
    ("enterprise", {"egress": "ipv6"}),
    ("enterprise", {"database": "postgres"}),
]


@pytest.mark.parametrize(("stack", "settings"), COMBINATIONS)
def test_the_boundary_takes_nothing_that_a_role_needs(
    account: list[Graph], stack: str, settings: dict[str, Any]
) -> None:
    """Whatever a role's own policy allows, on the ARNs it names, its boundary allows too."""
    asked = graph(stack, {FOUNDATION: account[0].outputs}, **settings)
    beyond = [
        (policy.inputs["role"], action, resource)
        for policy in asked.all("aws:iam/rolePolicy:RolePolicy")
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
        if not may(
            [account[0], asked], policy.inputs["role"], action, resource, example(statement.get("Condition"))
        ).allowed
    ]
    assert beyond == []


def example(condition: Any) -> dict[str, Any]:
    """Facts about a call under which a condition of exact texts holds."""
    tests = [test for tests in (condition or {}).values() for test in tests.items()]
    return {key: value[0] if isinstance(value, list) else value for key, value in tests}


def test_the_brake_holds(account: list[Graph]) -> None:
    """With the budget's policy attached, a deployment starts nothing that costs by the hour, and can still end it."""
    foundation = account[0]
    brake = foundation.one("aws:iam/policy:Policy", "budget-brake")
    attachment = foundation.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")[0]
    pulled = Graph(
        stack="foundation",
        resources=(
            *foundation.resources,
            type(attachment)(
                urn="urn:braked",
                type=attachment.type,
                name="braked",
                parent=None,
                custom=True,
                inputs={"role": DEPLOY, "policyArn": brake.outputs["arn"]},
            ),
        ),
        outputs={},
    )
    nat = arn("ec2", "natgateway/nat-1")
    assert may(foundation, DEPLOY, "ec2:CreateNatGateway", nat, NEW).allowed
    assert may(pulled, DEPLOY, "ec2:CreateNatGateway", nat, NEW).why == "NothingCostly"
    assert may(pulled, DEPLOY, "ec2:DeleteNatGateway", nat, OURS).allowed


def test_an_unknown_role_is_an_error(account: list[Graph]) -> None:
    """A question about a role that does not exist is a mistake, not a refusal."""
    with pytest.raises(LookupError, match="there is no role 'ts-pragmatic-gone'"):
        may(account, "ts-pragmatic-gone", "sqs:SendMessage", "*")


def test_a_boundary_that_is_not_there_is_an_error(account: list[Graph]) -> None:
    """Asked of one stack alone, a role whose boundary is in another stack cannot be judged."""
    with pytest.raises(LookupError, match="ts-foundation-boundary is in none of the graphs of pragmatic"):
        may(account[1], MONOLITH, "sqs:SendMessage", "*")
