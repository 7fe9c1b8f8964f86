"""Rules for file systems (rows 35 to 38): encrypted, and mounted over TLS through an access point only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph
from trackstack_infra.policy.documents import allows, as_list, denies_without_tls, principals, statements
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, refers, settings_of

FILE_SYSTEM: Final = "aws:efs/fileSystem:FileSystem"
ACCESS_POINT: Final = "aws:efs/accessPoint:AccessPoint"
POLICIES: Final = ("aws:efs/fileSystemPolicy:FileSystemPolicy",)
OWN_BACKUPS: Final = ("aws:efs/backupPolicy:BackupPolicy",)
SELECTION: Final = "aws:backup/selection:Selection"
_MOUNTING: Final = frozenset(
    {
        "elasticfilesystem:ClientMount",
        "elasticfilesystem:ClientWrite",
        "elasticfilesystem:ClientRootAccess",
    }
)
_THROUGH: Final = "elasticfilesystem:accesspointarn"


def _encrypted(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FILE_SYSTEM):
        if each.inputs.get("encrypted") is not True:
            yield Finding(each.urn, "it is not encrypted at rest")


def _confined(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(ACCESS_POINT):
        if block(each, "rootDirectory").get("path", "/") == "/":
            yield Finding(each.urn, "it exposes the whole file system, not one directory")
        user = block(each, "posixUser")
        if not user:
            yield Finding(each.urn, "it enforces no user: clients choose their own")
        elif 0 in (user.get("uid"), user.get("gid")):
            yield Finding(each.urn, "every client is root in it")


def _policy(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FILE_SYSTEM):
        policies = [policy.inputs.get("policy") for policy in settings_of(graph, POLICIES, "fileSystemId", each)]
        arn = str(each.outputs.get("arn"))
        if not policies:
            yield Finding(each.urn, "it has no policy: anyone who reaches its port can mount it as root")
            continue
        if not any(
            denies_without_tls(policy, action="elasticfilesystem:*", resources=frozenset({arn})) for policy in policies
        ):
            yield Finding(each.urn, "its policy does not deny mounts without TLS")
        if not any(_access_point_only(statement, arn) for policy in policies for statement in statements(policy)):
            yield Finding(each.urn, "its policy does not deny mounts that bypass the access points")
        if any(("AWS", "*") in principals(statement) for policy in policies for statement in allows(policy)):
            yield Finding(each.urn, "its policy lets anyone mount it")


def _access_point_only(statement: Any, arn: str) -> bool:
    null = (statement.get("Condition") or {}).get("Null") or {}
    actions = set(as_list(statement.get("Action")))
    return (
        statement.get("Effect") == "Deny"
        and ("AWS", "*") in principals(statement)
        and bool({arn, "*"} & set(as_list(statement.get("Resource"))))
        and (actions >= _MOUNTING or bool(actions & {"*", "elasticfilesystem:*", "elasticfilesystem:Client*"}))
        and list(statement.get("Condition") or {}) == ["Null"]
        and [(key.lower(), str(value).lower()) for key, value in null.items()] == [(_THROUGH, "true")]
    )


def _backup_plan(graph: Graph) -> Iterator[Finding]:
    selected = [arn for each in graph.all(SELECTION) for arn in as_list(each.inputs.get("resources"))]
    for each in graph.all(FILE_SYSTEM):
        by_itself = any(
            block(policy, "backupPolicy").get("status") == "ENABLED"
            for policy in settings_of(graph, OWN_BACKUPS, "fileSystemId", each)
        )
        if not by_itself and not any(refers(arn, each) for arn in selected):
            yield Finding(each.urn, "AWS Backup does not back it up")


RULES: Final = (
    Rule(
        id="efs-encrypted",
        row=35,
        title="Every file system is encrypted at rest.",
        verdict=Verdict.BLOCK,
        fsbp=("EFS.1",),
        checkov=("CKV_AWS_42",),
        trivy=("AWS-0037",),
        check=_encrypted,
    ),
    Rule(
        id="efs-access-point-confined",
        row=36,
        title="An access point exposes one directory, as one user who is not root.",
        verdict=Verdict.BLOCK,
        fsbp=("EFS.3", "EFS.4"),
        checkov=("CKV_AWS_329", "CKV_AWS_330"),
        check=_confined,
    ),
    Rule(
        id="efs-access-points-and-tls-only",
        row=37,
        title="A file system denies mounts that lack TLS or bypass its access points.",
        verdict=Verdict.BLOCK,
        check=_policy,
    ),
    Rule(
        id="efs-backup-plan",
        row=38,
        title="AWS Backup backs up every file system.",
        verdict=Verdict.ACCEPT,
        fsbp=("EFS.2",),
        reason=(
            "It copies files under a running database. The app makes and verifies consistent copies itself."
            " Reconsider this when the databases exceed a gigabyte."
        ),
        price="$0.05 a GB",
        check=_backup_plan,
    ),
)
