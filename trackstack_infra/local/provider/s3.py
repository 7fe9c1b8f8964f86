"""S3: buckets."""

from collections.abc import Mapping

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs
from trackstack_infra.local.provider.tagging import shaped

_DELETED_AT_ONCE = 1000  # AWS's limit of a DeleteObjects call
_DEFAULT_REGION = "us-east-1"  # the one that CreateBucket must not name
_WEBSITE_ZONE = "Z3AQBSTGFJSTF"  # us-east-1's; nothing here resolves it


def _make(client: Client, inputs: Inputs) -> Found:
    region = client.meta.region_name
    where = {} if region == _DEFAULT_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    lock = {"ObjectLockEnabledForBucket": True} if inputs.get("objectLockEnabled") else {}
    client.create_bucket(Bucket=inputs["bucket"], **where, **lock)
    if inputs.get("tags"):
        client.put_bucket_tagging(Bucket=inputs["bucket"], Tagging={"TagSet": shaped(inputs["tags"], "Key")})
    return _look(client, inputs["bucket"], inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    client.head_bucket(Bucket=ref)
    return {"Name": ref, "Region": client.meta.region_name}


def _outputs(found: Found, inputs: Inputs) -> Outputs:
    name, region = found["Name"], found["Region"]
    return {
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "hostedZoneId": _WEBSITE_ZONE,
    }


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.put_bucket_tagging(Bucket=ref, Tagging={"TagSet": shaped(put, "Key")})
    else:
        client.delete_bucket_tagging(Bucket=ref)


def _remove(client: Client, ref: str, outputs: Outputs) -> None:
    if outputs.get("forceDestroy"):
        _empty(client, ref)
    client.delete_bucket(Bucket=ref)


def _empty(client: Client, bucket: str) -> None:
    """Delete every version of every object, and the marks of deleted ones."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
        for start in range(0, len(objects), _DELETED_AT_ONCE):
            client.delete_objects(Bucket=bucket, Delete={"Objects": objects[start : start + _DELETED_AT_ONCE]})


BUCKET = Recipe(
    "aws:s3/bucket:Bucket",
    service="s3",
    fixed="bucket objectLockEnabled",
    changes="forceDestroy",
    name_property="bucket",
    make=_make,
    look=_look,
    identify="Name",
    shown=_outputs,
    remove=_remove,
    search=lambda client, inputs: _look(client, inputs["bucket"], inputs),
    tagging=_tag,
)

RECIPES = (BUCKET,)
