"""Rules for what buckets hold (rows 3, 4, 7 and 10): data is kept, cannot be deleted by mistake, and rubbish goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.documents import allows, as_list
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import all_of, block, blocks, settings_of
from trackstack_infra.policy.rules.storage import both_names, buckets

VERSIONS: Final = both_names("BucketVersioning")
LIFECYCLES: Final = both_names("BucketLifecycleConfiguration")
LOCKS: Final = both_names("BucketObjectLockConfiguration")
OBJECTS: Final = ("aws:s3/bucketObjectv2:BucketObjectv2", "aws:s3/bucketObject:BucketObject")
ROLE_POLICIES: Final = ("aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy")
_WRITES: Final = ("*", "s3:*", "s3:Put*", "s3:PutObject")


def holds_data(graph: Graph, bucket: Resource) -> bool:
    """Whether what is in the bucket could not be made again.

    A bucket counts as empty of data only where the program says so (`forceDestroy`), uploads what is in it, and lets no
    role write to it.
    """
    return not bucket.inputs.get("forceDestroy") or bool(_why_data(graph, bucket))


def _why_data(graph: Graph, bucket: Resource) -> str:
    if bucket.protect:
        return "it is protected"
    if _is_locked(graph, bucket):
        return "it has Object Lock"
    if _is_versioned(graph, bucket):
        return "it keeps versions"
    if any(_may_write(policy, bucket) for policy in all_of(graph, ROLE_POLICIES)):
        return "a role may write to it"
    if not settings_of(graph, OBJECTS, "bucket", bucket):
        return "nothing in it comes from the program"
    return ""


def _may_write(policy: Resource, bucket: Resource) -> bool:
    return any(
        set(_WRITES) & set(as_list(statement.get("Action")))
        and any(_is_in(target, bucket) for target in as_list(statement.get("Resource")))
        for statement in allows(policy.inputs.get("policy"))
    )


def _is_in(target: Any, bucket: Resource) -> bool:
    return f"{target}/".startswith(f"{bucket.outputs.get('arn')}/")


def _is_versioned(graph: Graph, bucket: Resource) -> bool:
    return any(
        block(each, "versioningConfiguration").get("status") == "Enabled"
        for each in settings_of(graph, VERSIONS, "bucket", bucket)
    )


def _is_locked(graph: Graph, bucket: Resource) -> bool:
    return bucket.inputs.get("objectLockEnabled") is True or bool(settings_of(graph, LOCKS, "bucket", bucket))


def _versioning(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        if holds_data(graph, bucket) and not _is_versioned(graph, bucket):
            yield Finding(bucket.urn, "it holds data but has no versioning: an overwritten object is lost")


def _lifecycle(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        rules = [
            rule
            for each in settings_of(graph, LIFECYCLES, "bucket", bucket)
            for rule in blocks(each, "rules")
            if rule.get("status") == "Enabled"
        ]
        if not rules:
            yield Finding(bucket.urn, "it has no enabled lifecycle rule")
        elif not any(block(rule, "abortIncompleteMultipartUpload") and _covers_all(rule) for rule in rules):
            yield Finding(bucket.urn, "incomplete multipart uploads stay in it and are billed")


def _covers_all(rule: Any) -> bool:
    narrowed = block(rule, "filter")
    return not rule.get("prefix") and not any(narrowed.values())


def _object_lock(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        if not holds_data(graph, bucket):
            continue
        kept = [block(block(each, "rule"), "defaultRetention") for each in settings_of(graph, LOCKS, "bucket", bucket)]
        if bucket.inputs.get("objectLockEnabled") is not True:
            yield Finding(
                bucket.urn, "it holds data without Object Lock: anyone who may delete versions can delete it all"
            )
        elif not any(each.get("mode") and (each.get("days") or each.get("years")) for each in kept):
            yield Finding(bucket.urn, "its Object Lock has no default retention, so it locks nothing")


def _data_protected(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        why = _why_data(graph, bucket)
        if bucket.inputs.get("forceDestroy"):
            if why:
                yield Finding(bucket.urn, f"deleting it deletes its objects too (forceDestroy), though {why}")
        elif not bucket.protect:
            yield Finding(bucket.urn, "it holds data, and the engine may delete it (no `protect`)")


RULES: Final = (
    Rule(
        id="s3-versions",
        row=3,
        title="A bucket that holds data has versioning.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.14",),
        checkov=("CKV_AWS_21",),
        trivy=("AWS-0090",),
        check=_versioning,
    ),
    Rule(
        id="s3-lifecycle",
        row=4,
        title="Every bucket has a lifecycle that also aborts incomplete multipart uploads.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.10", "S3.13"),
        checkov=("CKV2_AWS_61", "CKV_AWS_300"),
        check=_lifecycle,
    ),
    Rule(
        id="s3-object-lock",
        row=7,
        title="Object Lock protects permanent data for a time, even from an administrator's mistake.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.15",),
        checkov=("CKV_AWS_143",),
        check=_object_lock,
    ),
    Rule(
        id="s3-data-protected",
        row=10,
        title="A bucket that holds data is protected, and deleting it never deletes its objects.",
        verdict=Verdict.BLOCK,
        check=_data_protected,
    ),
)
