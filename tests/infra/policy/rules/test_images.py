"""Images: what was tested is what runs, and strangers see none."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from trackstack_infra.graph import Graph
from trackstack_infra.policy.rules.images import RULES

Registry = Callable[..., Graph]
DIGEST = "sha256:" + "0123456789abcdef" * 4
PULLED_BY_ALL = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]})
EXPIRES = json.dumps({"rules": [{"rulePriority": 1, "action": {"type": "expire"}}]})
POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
FUNCTION = "aws:lambda/function:Function"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
SCANNING = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"


def task(image: str) -> dict[str, str]:
    return {"containerDefinitions": json.dumps([{"name": "gym", "image": image}])}


@pytest.fixture
def registry(with_changes: Callable[..., Graph]) -> Registry:
    """A repository, and a task of an image in it, holding every rule."""
    parts: dict[str, tuple[str, dict[str, Any]]] = {
        "images": (
            "aws:ecr/repository:Repository",
            {
                "name": "images",
                "imageTagMutability": "IMMUTABLE",
                "imageScanningConfiguration": {"scanOnPush": True},
                "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": "arn:aws:kms:us-east-1:1:key/2"}],
            },
        ),
        "lifecycle": ("aws:ecr/lifecyclePolicy:LifecyclePolicy", {"repository": "images", "policy": EXPIRES}),
        "task": (TASK, task(f"localhost/gym@{DIGEST}")),
    }

    def make(more: dict[str, Any] | None = None, **changes: Any) -> Graph:
        return with_changes({**parts, **(more or {})}, **changes)

    return make


NO_DIGEST = {
    "bridge": (FUNCTION, {"imageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/bridge:latest"}),
}
BREAKS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    (
        "ecr-immutable-tags",
        {},
        {"images": {"imageTagMutability": "MUTABLE"}},
        "images: its tags can be moved to other images",
    ),
    (
        "ecr-immutable-tags",
        {},
        {"images": {"imageTagMutability": None}},
        "images: its tags can be moved to other images",
    ),
    (
        "ecr-scan-on-push",
        {},
        {"images": {"imageScanningConfiguration": None}},
        "images: it does not scan images on push",
    ),
    ("ecr-lifecycle", {}, {"lifecycle": None}, "images: its old images never expire, at $0.10 a GB"),
    (
        "ecr-lifecycle",
        {},
        {"lifecycle": {"policy": json.dumps({"rules": []})}},
        "images: its old images never expire, at $0.10 a GB",
    ),
    (
        "ecr-private",
        {"policy": (POLICY, {"repository": "images", "policy": PULLED_BY_ALL})},
        {},
        "images: its policy grants access to everyone",
    ),
    ("ecr-private", {"shop": ("aws:ecrpublic/repository:Repository", {})}, {}, "shop: anyone can pull from it"),
    (
        "ecr-private",
        {"registry": ("aws:ecr/registryPolicy:RegistryPolicy", {"policy": PULLED_BY_ALL})},
        {},
        "registry: it grants access to everyone",
    ),
    (
        "customer-keys",
        {},
        {"images": {"encryptionConfigurations": None}},
        "images: it is encrypted with an AWS key, not a customer managed one",
    ),
    (
        "customer-keys",
        {"log": ("aws:cloudwatch/logGroup:LogGroup", {"name": "log"})},
        {},
        "log: it is encrypted with an AWS key, not a customer managed one",
    ),
    (
        "customer-keys",
        {"secret": ("aws:ssm/parameter:Parameter", {"type": "SecureString"})},
        {},
        "secret: it is encrypted with an AWS key, not a customer managed one",
    ),
    (
        "image-by-digest",
        {},
        {"task": task("localhost/gym:1.0")},
        "task: container gym runs localhost/gym:1.0, which is not pinned by digest",
    ),
    (
        "image-by-digest",
        NO_DIGEST,
        {},
        "bridge: it runs 123456789012.dkr.ecr.us-east-1.amazonaws.com/bridge:latest, which is not pinned by digest",
    ),
]


@pytest.mark.parametrize(("rule", "more", "changes", "message"), BREAKS)
def test_what_breaks_a_rule_is_found(
    registry: Registry, broken: Any, rule: str, more: dict[str, Any], changes: dict[str, Any], message: str
) -> None:
    """Each rule finds the repository, the task or the function, and says what is wrong with it."""
    assert broken(RULES, rule, registry(more, **changes)) == [message]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_what_holds_a_rule_is_left_alone(registry: Registry, broken: Any, rule: str) -> None:
    """A repository of one's own account with immutable, scanned, expiring images holds each rule."""
    own = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "ecr:BatchGetImage"}]}
    )
    more = {
        "policy": (POLICY, {"repository": "images", "policy": own}),
        "bridge": (FUNCTION, {"imageUri": f"localhost/bridge@{DIGEST}"}),
        "zipped": (FUNCTION, {"runtime": "python3.13"}),
        "plain": ("aws:ssm/parameter:Parameter", {"type": "String"}),
    }
    assert broken(RULES, rule, registry(more)) == []


def test_a_registry_may_scan_for_all_its_repositories(registry: Registry, broken: Any) -> None:
    """Scanning is set for a repository, or for the whole registry with a filter that names all."""
    rules = [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [{"filter": "*", "filterType": "WILDCARD"}]}]
    unset = {"images": {"imageScanningConfiguration": None}}
    assert broken(RULES, "ecr-scan-on-push", registry({"all": (SCANNING, {"rules": rules})}, **unset)) == []
    some = [{**rules[0], "repositoryFilters": [{"filter": "prod*", "filterType": "WILDCARD"}]}]
    assert broken(RULES, "ecr-scan-on-push", registry({"all": (SCANNING, {"rules": some})}, **unset)) != []


def test_every_rule_has_been_broken() -> None:
    """No rule of this file is without a test."""
    assert {rule for rule, *_ in BREAKS} == {rule.id for rule in RULES}
