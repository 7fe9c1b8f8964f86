"""Rules for container images (rows 19 to 23, and 34's digest): what was tested is what runs, and strangers see none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.documents import strangers
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import block, blocks, settings_of
from trackstack_infra.policy.rules.containers import TASK_DEFINITION, containers

REPOSITORY: Final = "aws:ecr/repository:Repository"
PUBLIC_REPOSITORY: Final = "aws:ecrpublic/repository:Repository"
REGISTRY_SCANNING: Final = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
REGISTRY_POLICY: Final = "aws:ecr/registryPolicy:RegistryPolicy"
LIFECYCLES: Final = ("aws:ecr/lifecyclePolicy:LifecyclePolicy",)
POLICIES: Final = ("aws:ecr/repositoryPolicy:RepositoryPolicy",)
FUNCTION: Final = "aws:lambda/function:Function"
_BY_DIGEST: Final = re.compile(r"\S+@sha256:[0-9a-f]{64}")
# Resources that a key of one's own could encrypt: type -> whether one does.
_KEYED: Final[Mapping[str, Callable[[Resource], object]]] = {
    REPOSITORY: lambda each: any(one.get("kmsKey") for one in blocks(each, "encryptionConfigurations")),
    "aws:cloudwatch/logGroup:LogGroup": lambda each: each.inputs.get("kmsKeyId"),
    "aws:efs/fileSystem:FileSystem": lambda each: each.inputs.get("kmsKeyId"),
    "aws:ssm/parameter:Parameter": lambda each: each.inputs.get("keyId") or each.inputs.get("type") != "SecureString",
}


def _immutable(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(REPOSITORY):
        if each.inputs.get("imageTagMutability") != "IMMUTABLE":
            yield Finding(each.urn, "its tags can be moved to other images")


def _scanned(graph: Graph) -> Iterator[Finding]:
    by_registry = any(
        rule.get("scanFrequency") in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")
        and any(one.get("filter") == "*" for one in blocks(rule, "repositoryFilters"))
        for each in graph.all(REGISTRY_SCANNING)
        for rule in blocks(each, "rules")
    )
    for each in graph.all(REPOSITORY):
        if not by_registry and block(each, "imageScanningConfiguration").get("scanOnPush") is not True:
            yield Finding(each.urn, "it does not scan images on push")


def _tidied(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(REPOSITORY):
        policies = settings_of(graph, LIFECYCLES, "repository", each)
        if not any(_expires(policy.inputs.get("policy")) for policy in policies):
            yield Finding(each.urn, "its old images never expire, at $0.10 a GB")


def _expires(policy: Any) -> bool:
    value = revealed(policy)
    try:
        rules = (json.loads(value) if isinstance(value, str) else value)["rules"]
    except (ValueError, KeyError, TypeError):
        return False
    return any(rule.get("action", {}).get("type") == "expire" for rule in rules)


def _private(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(PUBLIC_REPOSITORY):
        yield Finding(each.urn, "anyone can pull from it")
    for each in graph.all(REPOSITORY):
        for policy in settings_of(graph, POLICIES, "repository", each):
            yield from (
                Finding(each.urn, f"its policy grants access to {who}")
                for who in strangers(policy.inputs.get("policy"))
            )
    for each in graph.all(REGISTRY_POLICY):
        for who in strangers(each.inputs.get("policy")):
            yield Finding(each.urn, f"it grants access to {who}")


def _customer_keys(graph: Graph) -> Iterator[Finding]:
    for type_, has_key in _KEYED.items():
        for each in graph.all(type_):
            if not has_key(each):
                yield Finding(each.urn, "it is encrypted with an AWS key, not a customer managed one")


def _by_digest(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TASK_DEFINITION):
        for container in containers(each):
            if not _BY_DIGEST.fullmatch(str(container.get("image"))):
                yield Finding(
                    each.urn,
                    f"container {container.get('name')} runs {container.get('image')}, which is not pinned by digest",
                )
    for each in graph.all(FUNCTION):
        image = each.inputs.get("imageUri")
        if image and not _BY_DIGEST.fullmatch(str(image)):
            yield Finding(each.urn, f"it runs {image}, which is not pinned by digest")


RULES: Final = (
    Rule(
        id="ecr-immutable-tags",
        row=19,
        title="Image tags are immutable.",
        verdict=Verdict.BLOCK,
        fsbp=("ECR.2",),
        checkov=("CKV_AWS_51",),
        trivy=("AWS-0031",),
        check=_immutable,
    ),
    Rule(
        id="ecr-scan-on-push",
        row=20,
        title="Images are scanned on push.",
        verdict=Verdict.BLOCK,
        fsbp=("ECR.1",),
        checkov=("CKV_AWS_163",),
        trivy=("AWS-0030",),
        check=_scanned,
    ),
    Rule(
        id="ecr-lifecycle",
        row=21,
        title="Old images expire.",
        verdict=Verdict.BLOCK,
        fsbp=("ECR.3",),
        check=_tidied,
    ),
    Rule(
        id="ecr-private",
        row=22,
        title="Only the account can pull images.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_32",),
        trivy=("AWS-0032",),
        check=_private,
    ),
    Rule(
        id="customer-keys",
        row=23,
        title="Images, logs, files and parameters are encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_136", "CKV_AWS_158", "CKV_AWS_184", "CKV_AWS_337"),
        trivy=("AWS-0017", "AWS-0033"),
        reason="AWS keys encrypt all of them, and readers need an IAM permission either way.",
        price="$1.00 a key",
        check=_customer_keys,
    ),
    Rule(
        id="image-by-digest",
        row=34,
        title="Images are pinned by digest, so that what was tested is what runs.",
        verdict=Verdict.BLOCK,
        check=_by_digest,
    ),
)
