"""Rules for buckets (rows 1, 2, 5, 6, 8 and 9): private, encrypted, TLS only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.policy.documents import denies_without_tls, strangers
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import all_of, block, blocks, identities, settings_of


def both_names(name: str) -> tuple[str, str]:
    """A type and its elder name, which the provider still has: `BucketVersioning` and `BucketVersioningV2`."""
    lower = name[0].lower() + name[1:]
    return f"aws:s3/{lower}:{name}", f"aws:s3/{lower}V2:{name}V2"


BUCKETS: Final = both_names("Bucket")
POLICIES: Final = ("aws:s3/bucketPolicy:BucketPolicy",)
ACCESS_BLOCKS: Final = ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",)
OWNERSHIPS: Final = ("aws:s3/bucketOwnershipControls:BucketOwnershipControls",)
ACLS: Final = both_names("BucketAcl")
ENCRYPTIONS: Final = both_names("BucketServerSideEncryptionConfiguration")
LOGGINGS: Final = both_names("BucketLogging")
NOTIFICATIONS: Final = ("aws:s3/bucketNotification:BucketNotification",)
REPLICATIONS: Final = ("aws:s3/bucketReplicationConfig:BucketReplicationConfig",)

_BLOCKED: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def buckets(graph: Graph) -> Iterator[Resource]:
    """Every bucket of the stack."""
    return all_of(graph, BUCKETS)


def _public_access(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        found = settings_of(graph, ACCESS_BLOCKS, "bucket", bucket)
        if not found:
            yield Finding(bucket.urn, "it has no public access block")
        for each in found:
            off = [flag for flag in _BLOCKED if each.inputs.get(flag) is not True]
            if off:
                yield Finding(bucket.urn, f"its public access block leaves {', '.join(off)} off")


def _tls_only(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        arn = str(bucket.outputs.get("arn"))
        both = frozenset({arn, f"{arn}/*"})
        if not any(
            denies_without_tls(policy.inputs.get("policy"), action="s3:*", resources=both)
            for policy in settings_of(graph, POLICIES, "bucket", bucket)
        ):
            yield Finding(bucket.urn, "its policy does not deny requests without TLS to the bucket and its objects")


def _encryption(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        if not _algorithms(graph, bucket) & {"AES256", "aws:kms", "aws:kms:dsse"}:
            yield Finding(bucket.urn, "it has no default encryption")


def _customer_key(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        if not _algorithms(graph, bucket) & {"aws:kms", "aws:kms:dsse"}:
            yield Finding(bucket.urn, "it is encrypted with an S3 managed key")


def _algorithms(graph: Graph, bucket: Resource) -> set[Any]:
    return {
        block(rule, "applyServerSideEncryptionByDefault").get("sseAlgorithm")
        for each in settings_of(graph, ENCRYPTIONS, "bucket", bucket)
        for rule in blocks(each, "rules")
    }


def _acls_off(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        owned = [block(each, "rule") for each in settings_of(graph, OWNERSHIPS, "bucket", bucket)]
        if not any(rule.get("objectOwnership") == "BucketOwnerEnforced" for rule in owned):
            yield Finding(bucket.urn, "access control lists are not disabled (BucketOwnerEnforced)")
        if bucket.inputs.get("acl") or settings_of(graph, ACLS, "bucket", bucket):
            yield Finding(bucket.urn, "it has an access control list")


def _no_strangers(graph: Graph) -> Iterator[Finding]:
    for bucket in buckets(graph):
        for policy in settings_of(graph, POLICIES, "bucket", bucket):
            for who in strangers(policy.inputs.get("policy")):
                yield Finding(bucket.urn, f"its policy grants access to {who}")


def _without(types: tuple[str, ...], message: str) -> Any:
    """A check that each bucket has a setting of these types."""

    def check(graph: Graph) -> Iterator[Finding]:
        for bucket in buckets(graph):
            if not settings_of(graph, types, "bucket", bucket):
                yield Finding(bucket.urn, message)

    return check


def _not_logged(graph: Graph) -> Iterator[Finding]:
    targets = {each.inputs.get("targetBucket") for each in all_of(graph, LOGGINGS)}
    for bucket in buckets(graph):
        is_target = bool(targets & identities(bucket))
        if not is_target and not settings_of(graph, LOGGINGS, "bucket", bucket):
            yield Finding(bucket.urn, "access to it is not logged")


RULES: Final = (
    Rule(
        id="s3-public-access-block",
        row=1,
        title="Every bucket blocks public access with all four settings.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.1", "S3.8"),
        checkov=("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"),
        trivy=("AWS-0086", "AWS-0087", "AWS-0091", "AWS-0093", "AWS-0094"),
        check=_public_access,
    ),
    Rule(
        id="s3-tls-only",
        row=2,
        title="Every bucket denies requests without TLS.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.5",),
        check=_tls_only,
    ),
    Rule(
        id="s3-encrypted",
        row=5,
        title="Every bucket has default encryption.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_19",),
        trivy=("AWS-0088",),
        check=_encryption,
    ),
    Rule(
        id="s3-customer-key",
        row=5,
        title="Buckets are encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        fsbp=("S3.17",),
        checkov=("CKV_AWS_145",),
        trivy=("AWS-0132",),
        reason="An S3 managed key encrypts them too; a customer managed key adds a second permission for readers.",
        price="$1.00 a key",
        check=_customer_key,
    ),
    Rule(
        id="s3-no-acls",
        row=6,
        title="Access control lists are disabled: the bucket owner owns every object.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.12",),
        checkov=("CKV2_AWS_65", "CKV_AWS_20", "CKV_AWS_57"),
        trivy=("AWS-0092",),
        check=_acls_off,
    ),
    Rule(
        id="s3-no-strangers",
        row=8,
        title="No bucket policy grants access to everyone or to another account.",
        verdict=Verdict.BLOCK,
        fsbp=("S3.2", "S3.3", "S3.6"),
        checkov=("CKV_AWS_70",),
        check=_no_strangers,
    ),
    Rule(
        id="s3-access-log",
        row=9,
        title="A bucket logs access to it.",
        verdict=Verdict.ACCEPT,
        fsbp=("S3.9",),
        checkov=("CKV_AWS_18",),
        trivy=("AWS-0089",),
        reason="It holds one person's data, and few roles can read it; the log would outgrow the data.",
        price="$0.023 a GB of log",
        check=_not_logged,
    ),
    Rule(
        id="s3-replication",
        row=9,
        title="A bucket is replicated to another region.",
        verdict=Verdict.ACCEPT,
        fsbp=("S3.7",),
        checkov=("CKV_AWS_144",),
        reason="S3 keeps three copies in a region; recovery from the loss of a region is out of scope.",
        price="$0.023 a GB, and $0.02 a GB copied",
        check=_without(REPLICATIONS, "it is not replicated to another region"),
    ),
    Rule(
        id="s3-events",
        row=9,
        title="A bucket publishes event notifications.",
        verdict=Verdict.ACCEPT,
        fsbp=("S3.11",),
        checkov=("CKV2_AWS_62",),
        reason="Nothing would consume them: backups are found by manifest, and only deployments write the site.",
        price="$0",
        check=_without(NOTIFICATIONS, "nothing is notified of changes in it"),
    ),
)
