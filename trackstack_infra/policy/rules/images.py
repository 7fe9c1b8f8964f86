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
            yield Finding(each.urn, "a tag in it can be moved to another image")


def _scanned(graph: Graph) -> Iterator[Finding]:
    by_registry = any(
        rule.get("scanFrequency") in ("SCAN_ON_PUSH", "CONTINUOUS_SCAN")
        and any(one.get("filter") == "*" for one in blocks(rule, "repositoryFilters"))
        for each in graph.all(REGISTRY_SCANNING)
        for rule in blocks(each, "rules")
    )
    for each in graph.all(REPOSITORY):
        if not by_registry and block(each, "imageScanningConfiguration").get("scanOnPush") is not True:
            yield Finding(each.urn, "images are not scanned when they are pushed")


def _tidied(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(REPOSITORY):
        policies = settings_of(graph, LIFECYCLES, "repository", each)
        if not any(_expires(policy.inputs.get("policy")) for policy in policies):
            yield Finding(each.urn, "old images stay in it for ever, at $0.10 a GB")


def _expires(policy: Any) -> bool:
    value = revealed(policy)
    try:
        rules = (json.loads(value) if isinstance(value, str) else value)["rules"]
    except (ValueError, KeyError, TypeError):
        return False
    return any(rule.get("action", {}).get("type") == "expire" for rule in rules)


def _private(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(PUBLIC_REPOSITORY):
        yield Finding(each.urn, "everybody can pull from it")
    for each in graph.all(REPOSITORY):
        for policy in settings_of(graph, POLICIES, "repository", each):
            yield from (
                Finding(each.urn, f"its policy lets in {who}") for who in strangers(policy.inputs.get("policy"))
            )
    for each in graph.all(REGISTRY_POLICY):
        for who in strangers(each.inputs.get("policy")):
            yield Finding(each.urn, f"it lets in {who}")


def _customer_keys(graph: Graph) -> Iterator[Finding]:
    for type_, has_key in _KEYED.items():
        for each in graph.all(type_):
            if not has_key(each):
                yield Finding(each.urn, "it is encrypted with a key of AWS")


def _by_digest(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(TASK_DEFINITION):
        for container in containers(each):
            if not _BY_DIGEST.fullmatch(str(container.get("image"))):
                yield Finding(each.urn, f"container {container.get('name')} runs {container.get('image')}, no digest")
    for each in graph.all(FUNCTION):
        image = each.inputs.get("imageUri")
        if image and not _BY_DIGEST.fullmatch(str(image)):
            yield Finding(each.urn, f"it runs {image}, no digest")


RULES: Final = (
    Rule(
        id="ecr-immutable-tags",
        row=19,
        title="A tag of an image never moves.",
        verdict=Verdict.BLOCK,
        fsbp=("ECR.2",),
        checkov=("CKV_AWS_51",),
        trivy=("AWS-0031",),
        check=_immutable,
    ),
    Rule(
        id="ecr-scan-on-push",
        row=20,
        title="Images are scanned when they are pushed.",
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
        title="Nobody outside the account pulls images.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_32",),
        trivy=("AWS-0032",),
        check=_private,
    ),
    Rule(
        id="customer-keys",
        row=23,
        title="Images, logs, files and parameters are encrypted with a key of one's own.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_136", "CKV_AWS_158", "CKV_AWS_184", "CKV_AWS_337"),
        trivy=("AWS-0017", "AWS-0033"),
        reason="All are encrypted with keys that AWS keeps; whoever reads them needs IAM's permission either way.",
        price="$1.00 a key",
        check=_customer_keys,
    ),
    Rule(
        id="image-by-digest",
        row=34,
        title="An image is named by its digest, so that what was tested is what runs.",
        verdict=Verdict.BLOCK,
        check=_by_digest,
    ),
)
