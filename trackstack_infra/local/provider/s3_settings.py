"""S3: the settings of a bucket, each a resource of its own: put, get, delete."""

from collections.abc import Callable
from typing import Any

from botocore import xform_name

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, typed
from trackstack_infra.local.provider.tagging import shaped


def _setting(
    token: str,
    *,
    put: str,
    get: str,
    delete: str | None,
    parameter: str,
    value: Callable[[Inputs], Any],
    changes: str,
    reset: Any = None,  # what stands for "not set", where there is no delete
    is_set: Callable[[Any], bool] = lambda answer: True,
) -> Recipe:
    """The recipe of one setting; PARAMETER of the PUT call takes what VALUE makes of the inputs."""

    def write(client: Client, inputs: Inputs) -> Found:
        send(client, inputs["bucket"], value(inputs))
        return {"Bucket": inputs["bucket"]}

    def send(client: Client, bucket: str, what: Any) -> None:
        shape = client.meta.service_model.operation_model(put).input_shape.members[parameter]
        getattr(client, xform_name(put))(Bucket=bucket, **{parameter: typed(what, shape, where=parameter)})

    def look(client: Client, ref: str, inputs: Inputs) -> Found | None:
        answer = getattr(client, xform_name(get))(Bucket=ref)
        answer.pop("ResponseMetadata")
        return {"Bucket": ref} if answer and answer != reset and is_set(answer) else None

    def remove(client: Client, ref: str, outputs: Any) -> None:
        if delete is None:
            send(client, ref, reset)
        else:
            getattr(client, xform_name(delete))(Bucket=ref)

    return Recipe(
        token,
        service="s3",
        fixed="bucket expectedBucketOwner",
        changes=changes,
        make=write,
        look=look,
        identify="Bucket",
        shown={},
        change=lambda client, ref, old, new: write(client, new),
        remove=remove,
        search=lambda client, inputs: look(client, inputs["bucket"], inputs),
    )


def _blocks(inputs: Inputs) -> dict[str, Any]:
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    return {name: bool(inputs.get(name)) for name in names}


def _lock(inputs: Inputs) -> dict[str, Any]:
    rule = {"rule": inputs["rule"]} if inputs.get("rule") else {}
    return {"objectLockEnabled": inputs.get("objectLockEnabled") or "Enabled", **rule}


def _rules(inputs: Inputs) -> dict[str, Any]:
    """Lifecycle rules, whose filter by tags is a map in Pulumi and a list of pairs in AWS."""
    return {"rules": [{**rule, **_filter(rule)} for rule in inputs["rules"]]}


def _filter(rule: dict[str, Any]) -> dict[str, Any]:
    several = (rule.get("filter") or {}).get("and")
    if not several or not several.get("tags"):
        return {}
    return {"filter": {**rule["filter"], "and": {**several, "tags": shaped(several["tags"], "Key")}}}


RECIPES = (
    _setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        put="PutBucketVersioning",
        get="GetBucketVersioning",
        delete=None,
        parameter="VersioningConfiguration",
        value=lambda inputs: {"status": inputs["versioningConfiguration"]["status"]},
        changes="versioningConfiguration",
        reset={"Status": "Suspended"},  # what was versioned once stays so, but for new objects
    ),
    _setting(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        put="PutPublicAccessBlock",
        get="GetPublicAccessBlock",
        delete="DeletePublicAccessBlock",
        parameter="PublicAccessBlockConfiguration",
        value=_blocks,
        changes="blockPublicAcls blockPublicPolicy ignorePublicAcls restrictPublicBuckets skipDestroy",
    ),
    _setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        put="PutBucketEncryption",
        get="GetBucketEncryption",
        delete="DeleteBucketEncryption",
        parameter="ServerSideEncryptionConfiguration",
        value=lambda inputs: {"rules": inputs["rules"]},
        changes="rules",
    ),
    _setting(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        put="PutBucketOwnershipControls",
        get="GetBucketOwnershipControls",
        delete="DeleteBucketOwnershipControls",
        parameter="OwnershipControls",
        value=lambda inputs: {"rules": [inputs["rule"]]},
        changes="rule",
    ),
    _setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        put="PutBucketPolicy",
        get="GetBucketPolicy",
        delete="DeleteBucketPolicy",
        parameter="Policy",
        value=lambda inputs: inputs["policy"],
        changes="policy",
    ),
    _setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        put="PutBucketLifecycleConfiguration",
        get="GetBucketLifecycleConfiguration",
        delete="DeleteBucketLifecycle",
        parameter="LifecycleConfiguration",
        value=_rules,
        changes="rules transitionDefaultMinimumObjectSize",
    ),
    _setting(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        put="PutObjectLockConfiguration",
        get="GetObjectLockConfiguration",
        delete=None,
        parameter="ObjectLockConfiguration",
        value=_lock,
        changes="objectLockEnabled rule",
        # What can be locked stays so; without a rule, nothing is.
        reset={"ObjectLockEnabled": "Enabled"},
        is_set=lambda answer: bool(answer["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention")),
    ),
)
