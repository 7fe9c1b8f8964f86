"""What each role of GitHub's workflows may do: statements made from the table of permissions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

import pulumi

from trackstack_infra.components.boundary import boundary_arn
from trackstack_infra.components.ci_permissions import PERMISSIONS, Group, Permission
from trackstack_infra.components.iam_policy import Statement, allow

# What a deployment changes and where its state lies; foundation is an administrator's, by hand.
DEPLOYED: Final = ("pragmatic", "enterprise")
STATE_BUCKET: Final = "trackstack-state"  # followed by the account's number
RUNTIME: Final = {"StringEquals": {"aws:ResourceTag/project": "trackstack", "aws:ResourceTag/layer": "runtime"}}
# The services that take on a role of the architectures.
PASSED_TO: Final = (
    "ecs-tasks.amazonaws.com",
    "lambda.amazonaws.com",
    "scheduler.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
    "monitoring.rds.amazonaws.com",
)
# The services that make a role of their own when they are first used.
LINKED: Final = (
    "ecs.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "ops.apigateway.amazonaws.com",
    "rds.amazonaws.com",
)


@dataclass(frozen=True)
class Place:
    """Where the ARNs point to."""

    region: str
    account: pulumi.Output[str]

    def arn(self, template: str) -> pulumi.Output[str]:
        """The template with {region} and {account} filled in."""
        return self.account.apply(
            lambda account: template.replace("{region}", self.region).replace("{account}", account)
        )

    def condition(self, template: Any) -> Any:
        """The same in the values of a condition."""
        text = json.dumps(template)
        return pulumi.Output.json_loads(self.arn(text)) if "{account}" in text else template


def may_look(place: Place) -> list[list[Statement]]:
    """See what there is, and the state: for previews of pull requests. Nothing that is in a database or a queue."""
    first = [each for each in PERMISSIONS if each.group in ("network", "compute")]
    second = [each for each in PERMISSIONS if each not in first]
    state = [_state(place, "ReadState", ["s3:GetObject"], ["*"]), _list(place)]
    return [_statements(place, first, changing=False), [*_statements(place, second, changing=False), *state]]


def may_deploy(place: Place) -> list[list[Statement]]:
    """Create, change and delete the two architectures, group by group: a managed policy holds 6,144 characters."""
    grouped = [[each for each in PERMISSIONS if each.group == group] for group in get_args(Group)]
    statements = [_statements(place, permissions, changing=True) for permissions in grouped]
    statements[-1] += [*_roles(place), _list(place)]
    statements[-1].append(_state(place, "ReadState", ["s3:GetObject"], ["*"]))
    own = [
        f".pulumi/{folder}/*trackstack/{stack}*"
        for folder in ("backups", "history", "locks", "stacks")
        for stack in DEPLOYED
    ]
    statements[-1].append(_state(place, "WriteOwnState", ["s3:PutObject", "s3:DeleteObject"], [*own, "schedule/*"]))
    return statements


def may_clean_up(place: Place) -> list[Statement]:
    """Stop what is billed by the hour, and nothing else: each by the tags that only the runtime layer has."""
    ec2, elb = "arn:aws:ec2:{region}:{account}:", "arn:aws:elasticloadbalancing:{region}:{account}:"
    stops = {
        "StopServices": (["ecs:UpdateService", "ecs:DeleteService"], ["arn:aws:ecs:{region}:{account}:service/ts-*"]),
        "DropNetwork": (
            [
                "ec2:DeleteNatGateway",
                "ec2:DeleteVpcEndpoints",
                "ec2:ReleaseAddress",
                "ec2:StopInstances",
                "ec2:TerminateInstances",
            ],
            [ec2 + kind for kind in ("natgateway/*", "vpc-endpoint/*", "elastic-ip/*", "instance/*")],
        ),
        "DropBalancers": (
            ["elasticloadbalancing:DeleteLoadBalancer", "elasticloadbalancing:DeleteListener"],
            [elb + "loadbalancer/app/ts-*", elb + "listener/app/ts-*"],
        ),
        "DropHosts": (
            ["lightsail:DeleteInstance", "lightsail:StopInstance"],
            ["arn:aws:lightsail:{region}:{account}:Instance/*"],
        ),
        "StopDatabases": (["rds:StopDBInstance"], ["arn:aws:rds:{region}:{account}:db:ts-*"]),
    }
    looks = [
        "ec2:DescribeAddresses",
        "ec2:DescribeInstances",
        "ec2:DescribeNatGateways",
        "ec2:DescribeVpcEndpoints",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTags",
        "lightsail:GetInstances",
        "tag:GetResources",
    ]
    return [
        allow("FindLeftovers", looks, ["*"]),  # none of these has an ARN
        allow(
            "FindOwnLeftovers",
            ["ecs:DescribeServices", "ecs:ListTagsForResource", "rds:DescribeDBInstances", "rds:ListTagsForResource"],
            [
                place.arn("arn:aws:ecs:{region}:{account}:service/ts-*"),
                place.arn("arn:aws:rds:{region}:{account}:db:ts-*"),
            ],
        ),
        *(allow(sid, actions, [place.arn(arn) for arn in arns], RUNTIME) for sid, (actions, arns) in stops.items()),
        _list(place),
        _state(place, "ReadState", ["s3:GetObject"], ["*"]),
        _state(place, "WriteSchedule", ["s3:PutObject"], ["schedule/*"]),
    ]


def boundary(place: Place) -> list[Statement]:
    """The most that any of the three can do, whatever is attached to them.

    A boundary grants nothing, so it names whole services; of identities, only what deployments need.
    """
    services = sorted({"tag", *(each.service for each in PERMISSIONS)} - {"iam"})
    return [
        allow("ServicesInUse", [f"{service}:*" for service in services], ["*"]),
        allow(
            "OwnRoles",
            sorted({*_ROLE_READS, *_ROLE_CHANGES, *_ROLE_CREATION, "iam:PassRole"}),
            [
                place.arn("arn:aws:iam::{account}:role/trackstack/ts-*"),
                place.arn("arn:aws:iam::{account}:policy/trackstack/ts-*"),
            ],
        ),
        allow(
            "LinkedRoles",
            ["iam:CreateServiceLinkedRole"],
            [place.arn("arn:aws:iam::{account}:role/aws-service-role/*")],
        ),
        {
            "Sid": "NeverFoundation",
            "Effect": "Deny",
            "Action": sorted({*_ROLE_CHANGES, *_ROLE_CREATION, "iam:PassRole"}),
            "Resource": [place.arn("arn:aws:iam::{account}:role/trackstack/ts-foundation-*")],
        },
        {
            "Sid": "NeverUnlock",
            "Effect": "Deny",
            "Action": ["s3:BypassGovernanceRetention", "s3:PutBucketObjectLockConfiguration", "s3:PutObjectRetention"],
            "Resource": ["*"],
        },
    ]


_ROLE_READS: Final = [action for each in PERMISSIONS if each.service == "iam" for action in each.actions(each.reads)]
_ROLE_CHANGES: Final = [
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
]
# With these a role gets permissions: only where it has the boundary. None takes a boundary away.
_ROLE_CREATION: Final = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]


def _roles(place: Place) -> list[Statement]:
    own = [place.arn(f"arn:aws:iam::{{account}}:role/trackstack/ts-{stack}-*") for stack in DEPLOYED]
    linked = place.arn("arn:aws:iam::{account}:role/aws-service-role/*")
    return [
        allow("CreateBoundedRoles", _ROLE_CREATION, own, {"StringEquals": {"iam:PermissionsBoundary": boundary_arn()}}),
        allow("ChangeOwnRoles", _ROLE_CHANGES, own),
        allow("PassOwnRoles", ["iam:PassRole"], own, {"StringEquals": {"iam:PassedToService": list(PASSED_TO)}}),
        allow(
            "LinkServices",
            ["iam:CreateServiceLinkedRole"],
            [linked],
            {"StringEquals": {"iam:AWSServiceName": list(LINKED)}},
        ),
    ]


def _statements(place: Place, permissions: Sequence[Permission], *, changing: bool) -> list[Statement]:
    statements = []
    for each in permissions:
        actions = each.actions(f"{each.reads} {each.changes}" if changing else each.reads)
        if actions:
            arns = [place.arn(arn) for arn in each.arns.split()]
            statements.append(allow(each.sid, actions, arns, place.condition(each.condition) or None))
    return statements


def _state(place: Place, sid: str, actions: list[str], keys: list[str]) -> Statement:
    return allow(sid, actions, [place.arn(f"arn:aws:s3:::{STATE_BUCKET}-{{account}}/{key}") for key in keys])


def _list(place: Place) -> Statement:
    return allow("ListState", ["s3:ListBucket"], [place.arn(f"arn:aws:s3:::{STATE_BUCKET}-{{account}}")])
