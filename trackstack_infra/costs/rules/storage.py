"""Files, objects and images."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import (
    BEHAVIOUR,
    BY_USE,
    CHANGES,
    COPIES,
    KEY_CALLS,
    OTHER_PRICE,
    PLACE,
    RIGHTS,
)
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

# With elastic throughput each operation on data counts as 32 KiB at least, and SQLite's pages are of 4 KiB.
# https://docs.aws.amazon.com/efs/latest/ug/metered-sizes.html
_METERED_GIB: Final = Decimal(32) / 1024 / 1024


def file_system(files: Resource, context: BillingContext) -> Iterator[Meter]:
    """What lies in it; what is read and written only where its throughput is elastic, what is reserved where it is."""
    kind = "one_zone" if files.inputs.get("availabilityZoneName") else "standard"
    share = context.share(files.type)
    yield Meter(price=f"efs.{kind}_gb_month", count=share, billing=Billing.PART_OF_MONTH, usage="efs.gb")
    mode = files.inputs.get("throughputMode", "bursting")
    if mode == "elastic":
        for price, operations in (("efs.elastic_read_gb", "efs.reads"), ("efs.elastic_write_gb", "efs.writes")):
            yield Meter(
                price=price,
                count=share * _METERED_GIB,
                billing=Billing.BY_USE,
                usage=operations,
                note="each operation counts as at least 32 KiB",
            )
    if mode == "provisioned":
        rate = Decimal(str(files.inputs["provisionedThroughputInMibps"]))
        yield Meter(price="efs.provisioned_mibps_month", count=rate, billing=Billing.PART_OF_MONTH)


def backup_policy(policy: Resource, context: BillingContext) -> Iterator[Meter]:
    """The copies that AWS Backup makes every day once it is on."""
    if policy.inputs["backupPolicy"]["status"] == "ENABLED":
        yield Meter(
            price="backup.efs_gb_month",
            count=context.share(policy.type),
            billing=Billing.PART_OF_MONTH,
            usage="efs.backup_gb",
            implied="the backup policy makes AWS Backup copy the file system daily",
        )


def bucket(bucket: Resource, context: BillingContext) -> Iterator[Meter]:
    """What lies in it, and requests that write or list, and that read."""
    share = context.share(bucket.type)
    yield Meter(price="s3.standard_gb_month", count=share, billing=Billing.PART_OF_MONTH, usage="s3.gb")
    yield Meter(price="s3.put", count=share, billing=Billing.BY_USE, usage="s3.puts")
    yield Meter(price="s3.get", count=share, billing=Billing.BY_USE, usage="s3.gets")


def repository(repository: Resource, context: BillingContext) -> Iterator[Meter]:
    """The layers of its images; pulling them within the region costs nothing."""
    share = context.share(repository.type)
    yield Meter(price="ecr.gb_month", count=share, billing=Billing.PART_OF_MONTH, usage="ecr.gb")


_FILE_SYSTEM = Inputs(
    reads="availabilityZoneName provisionedThroughputInMibps",
    neutral={BEHAVIOUR: "creationToken encrypted performanceMode protection"},
    unpriced={
        "moves files to classes, of which nothing is stated": "lifecyclePolicies",
        OTHER_PRICE: "throughputMode=bursting|elastic|provisioned",
        KEY_CALLS: "kmsKeyId",
    },
)
_BACKUP_POLICY = Inputs(reads="backupPolicy backupPolicy.status", neutral={PLACE: "fileSystemId"})
_BUCKET = Inputs(
    neutral={
        BEHAVIOUR: "bucket bucketNamespace bucketPrefix corsRules website",
        RIGHTS: "acl grants policy",
        BY_USE: "objectLockConfiguration objectLockEnabled versioning lifecycleRules.enabled lifecycleRules.expiration"
        " lifecycleRules.abortIncompleteMultipartUploadDays lifecycleRules.id lifecycleRules.prefix lifecycleRules.tags"
        " lifecycleRules.noncurrentVersionExpiration",
        CHANGES: "forceDestroy",
    },
    unpriced={
        OTHER_PRICE: "accelerationStatus=Suspended",
        "moves objects to classes, of which nothing is stated": "lifecycleRules.transitions"
        " lifecycleRules.noncurrentVersionTransitions",
        "writes an object for each few requests": "logging",
        COPIES: "replicationConfiguration",
        "bills others for its requests": "requestPayer=BucketOwner",
        KEY_CALLS: "serverSideEncryptionConfiguration",
    },
)
_REPOSITORY = Inputs(
    neutral={
        BEHAVIOUR: "imageTagMutability imageTagMutabilityExclusionFilters",
        "a scan on push is the basic one, which is free": "imageScanningConfiguration",
        CHANGES: "forceDelete",
    },
    unpriced={KEY_CALLS: "encryptionConfigurations.encryptionType=AES256 encryptionConfigurations.kmsKey"},
)

RULES: dict[str, Rule] = {
    "aws:efs/fileSystem:FileSystem": Rule(file_system, _FILE_SYSTEM),
    "aws:efs/backupPolicy:BackupPolicy": Rule(backup_policy, _BACKUP_POLICY),
    "aws:s3/bucket:Bucket": Rule(bucket, _BUCKET),
    "aws:ecr/repository:Repository": Rule(repository, _REPOSITORY),
}
