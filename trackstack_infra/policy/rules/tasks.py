"""Rules for containers (rows 24, 26 to 29, 32 and 33): no root, no secrets in text, nothing to write but volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource, is_secret
from trackstack_infra.policy.literals import secrets_in
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block
from trackstack_infra.policy.rules.containers import TASK_DEFINITION, containers, mounts

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
STOP_TIMEOUT_S: Final = 120  # the most that Fargate allows
_ROOT: Final = frozenset({"", "0", "root"})
_LOCAL_LOGS: Final = frozenset({None, "none", "json-file"})
Container = Mapping[str, Any]


def _each_container(find: Callable[[Graph, Container], str]) -> Callable[[Graph], Iterator[Finding]]:
    """A check of every container: `find` says what is wrong with one, or nothing."""

    def check(graph: Graph) -> Iterator[Finding]:
        for definition in graph.all(TASK_DEFINITION):
            found = containers(definition)
            if not found:
                yield Finding(definition.urn, "its container definitions cannot be parsed")
            for container in found:
                wrong = find(graph, container)
                if wrong:
                    yield Finding(definition.urn, f"container {container.get('name')} {wrong}")

    return check


def _each_definition(find: Callable[[Resource], Iterator[str]]) -> Callable[[Graph], Iterator[Finding]]:
    """A check of every task definition: `find` says what is wrong with one."""

    def check(graph: Graph) -> Iterator[Finding]:
        for definition in graph.all(TASK_DEFINITION):
            yield from (Finding(definition.urn, wrong) for wrong in find(definition))

    return check


def _root(_graph: Graph, container: Container) -> str:
    user = str(container.get("user") or "").partition(":")[0]
    return "runs as root, unless its image says otherwise" if user in _ROOT else ""


def _shared(definition: Resource) -> Iterator[str]:
    if definition.inputs.get("pidMode"):
        yield "it shares a process namespace (pidMode)"
    if definition.inputs.get("ipcMode") == "host":
        yield "it shares the host's memory (ipcMode)"
    if definition.inputs.get("networkMode") != "awsvpc":
        yield "it has no network interface of its own (networkMode is not awsvpc)"
    for container in containers(definition):
        added = (container.get("linuxParameters") or {}).get("capabilities") or {}
        if container.get("privileged"):
            yield f"container {container.get('name')} is privileged"
        if added.get("add"):
            yield f"container {container.get('name')} has added capabilities: {', '.join(added['add'])}"


def _writable(_graph: Graph, container: Container) -> str:
    return "" if container.get("readonlyRootFilesystem") is True else "has a writable root file system"


def _secrets(definition: Resource) -> Iterator[str]:
    if is_secret(definition.inputs.get("containerDefinitions")):
        yield "a secret of the program is in its text, readable by anyone who may describe it"
    for container in containers(definition):
        name = container.get("name")
        for variable in secrets_in(list(container.get("environment") or ())):
            yield f"container {name} has a secret in clear text: {variable}"
        for secret in container.get("secrets") or ():
            if not str(secret.get("valueFrom", "")).startswith(("arn:aws:ssm:", "arn:aws:secretsmanager:")):
                yield f"container {name} does not take {secret.get('name')} from an ARN of SSM or Secrets Manager"


def _log(graph: Graph, container: Container) -> str:
    log = container.get("logConfiguration") or {}
    if log.get("logDriver") in _LOCAL_LOGS:
        return "keeps no log that outlives it"
    group = (log.get("options") or {}).get("awslogs-group")
    known = {each.outputs.get("name") for each in graph.all(LOG_GROUP)}
    if log.get("logDriver") == "awslogs" and group not in known:
        return f"writes to the log group {group}, which is not the stack's: its retention is unknown"
    return ""


def _in_transit(definition: Resource) -> Iterator[str]:
    for efs in mounts(definition):
        access = block(efs, "authorizationConfig")
        if efs.get("transitEncryption") != "ENABLED":
            yield f"volume {efs['volume']} is mounted without TLS"
        if access.get("iam") != "ENABLED":
            yield f"volume {efs['volume']} is mounted without IAM authorization"
        if not access.get("accessPointId"):
            yield f"volume {efs['volume']} is mounted without an access point"


def _one_role(definition: Resource) -> Iterator[str]:
    role = definition.inputs.get("taskRoleArn")
    if role and role == definition.inputs.get("executionRoleArn"):
        yield "its task role is also its execution role"


def _stops_early(_graph: Graph, container: Container) -> str:
    allowed = container.get("stopTimeout")
    if allowed == STOP_TIMEOUT_S:
        return ""
    return f"is killed {allowed or 30} s after SIGTERM; {STOP_TIMEOUT_S} s are possible"


RULES: Final = (
    Rule(
        id="ecs-no-root",
        row=24,
        title="A container does not run as root.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.1",),
        check=_each_container(_root),
    ),
    Rule(
        id="ecs-isolated",
        row=26,
        title="A task shares no namespace with its host, and no container is privileged.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.3", "ECS.4"),
        checkov=("CKV_AWS_335", "CKV_AWS_334"),
        check=_each_definition(_shared),
    ),
    Rule(
        id="ecs-read-only-root",
        row=27,
        title="A container's root file system is read-only; it writes only to volumes.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.5",),
        checkov=("CKV_AWS_336",),
        check=_each_container(_writable),
    ),
    Rule(
        id="ecs-no-secrets-in-text",
        row=28,
        title="A container's secrets are references to SSM or Secrets Manager, never clear text.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.8",),
        trivy=("AWS-0036",),
        check=_each_definition(_secrets),
    ),
    Rule(
        id="ecs-logs",
        row=29,
        title="A container writes its log to a log group of the stack.",
        verdict=Verdict.BLOCK,
        fsbp=("ECS.9",),
        check=_each_container(_log),
    ),
    Rule(
        id="ecs-files-in-transit",
        row=32,
        title="A task mounts EFS over TLS, with IAM authorization, through an access point.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_97",),
        trivy=("AWS-0035",),
        check=_each_definition(_in_transit),
    ),
    Rule(
        id="ecs-two-roles",
        row=33,
        title="A task's execution role and its task role are different roles.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_249",),
        check=_each_definition(_one_role),
    ),
    Rule(
        id="ecs-stop-timeout",
        row=34,
        title="A container has two minutes to finish its work and close its database.",
        verdict=Verdict.BLOCK,
        check=_each_container(_stops_early),
    ),
)
