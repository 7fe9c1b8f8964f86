"""ECR: repositories and what they keep. Images are not pushed: tasks run from the checkout."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import TagResource, tags

_DEFAULT_ENCRYPTION = {"encryptionType": "AES256"}


def _make(client: Client, inputs: Inputs) -> Found:
    encryption = (inputs.get("encryptionConfigurations") or [_DEFAULT_ENCRYPTION])[0]
    found: Found = client.create_repository(
        repositoryName=inputs["name"],
        encryptionConfiguration={key: value for key, value in encryption.items() if value is not None},
        tags=tags(inputs) or [],
        **_changeable(inputs),
    )["repository"]
    return found


def _changeable(inputs: Inputs) -> dict[str, Any]:
    scanning = inputs.get("imageScanningConfiguration") or {}
    return {
        "imageTagMutability": inputs.get("imageTagMutability") or "MUTABLE",
        "imageScanningConfiguration": {"scanOnPush": bool(scanning.get("scanOnPush"))},
    }


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_repositories(repositoryNames=[ref])["repositories"][0]
    return found


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    wanted = _changeable(new)
    client.put_image_tag_mutability(repositoryName=ref, imageTagMutability=wanted["imageTagMutability"])
    client.put_image_scanning_configuration(
        repositoryName=ref, imageScanningConfiguration=wanted["imageScanningConfiguration"]
    )


def _remove(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_repository(repositoryName=ref, force=bool(outputs.get("forceDelete")))


REPOSITORY = Recipe(
    "aws:ecr/repository:Repository",
    service="ecr",
    fixed="name encryptionConfigurations",
    changes="imageTagMutability imageScanningConfiguration forceDelete",
    name_property="name",
    make=_make,
    look=_look,
    identify="repositoryName",
    shown={"arn": "repositoryArn", "registryId": "registryId", "repositoryUrl": "repositoryUri"},
    change=_change,
    remove=_remove,
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("resourceArn", "tags", "tagKeys", "Key"),
)


def _put_lifecycle(client: Client, inputs: Inputs) -> Found:
    found: Found = client.put_lifecycle_policy(
        repositoryName=inputs["repository"], lifecyclePolicyText=inputs["policy"]
    )
    return found


def _lifecycle(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_lifecycle_policy(repositoryName=ref)
    return found


LIFECYCLE_POLICY = Recipe(
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    service="ecr",
    fixed="repository",
    changes="policy",
    make=_put_lifecycle,
    look=_lifecycle,
    identify="repositoryName",
    shown={"registryId": "registryId"},
    change=lambda client, ref, old, new: _put_lifecycle(client, new),
    remove=lambda client, ref, outputs: client.delete_lifecycle_policy(repositoryName=ref),
    search=lambda client, inputs: _lifecycle(client, inputs["repository"], inputs),
)

RECIPES = (REPOSITORY, LIFECYCLE_POLICY)
