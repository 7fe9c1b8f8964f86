"""S3: buckets, their settings and their objects."""

from typing import Final

from trackstack_infra.catalog.fidelity import PERMISSIONS, STORAGE
from trackstack_infra.catalog.resource_type import (
    ChosenBy,
    Data,
    DataRole,
    Drawn,
    Family,
    Name,
    ResourceType,
    Terraform,
)

_OF_A_BUCKET: Final = "a setting of a bucket"

TYPES: Final = (
    ResourceType(
        "aws:s3/bucket:Bucket",
        drawn=Drawn("S3 bucket", Family.DATA, rank=210),
        name=Name("bucket", None, ChosenBy.ENGINE),
        data=Data(DataRole.HOLDS, "objects"),
        fidelity=STORAGE,
        outputs={
            "id": "{name}",
            "bucket": "{name}",
            "arn": "arn:aws:s3:::{name}",
            "bucketDomainName": "{name}.s3.amazonaws.com",
            "bucketRegionalDomainName": "{name}.s3.{region}.amazonaws.com",
            "hostedZoneId": "Z3AQBSTGFYJSTF",
        },
    ),
    ResourceType(
        "aws:s3/bucketObjectv2:BucketObjectv2",
        fidelity=STORAGE,
        terraform=Terraform("aws_s3_object"),
        free="part of what lies in its bucket",
        costs_with={
            "has a price of its own": "storageClass=STANDARD",
            "calls a key, and such calls are billed by number": "kmsKeyId serverSideEncryption=AES256",
        },
        shown=("cacheControl",),
    ),
    ResourceType(
        "aws:s3/bucketVersioning:BucketVersioning",
        tags=False,
        fidelity=STORAGE,
        free="versions that are kept are part of what lies in the bucket",
    ),
    ResourceType("aws:s3/bucketPolicy:BucketPolicy", tags=False, fidelity=PERMISSIONS, free="a right"),
    ResourceType(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", tags=False, fidelity=PERMISSIONS, free=_OF_A_BUCKET
    ),
    ResourceType(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls", tags=False, fidelity=PERMISSIONS, free=_OF_A_BUCKET
    ),
    ResourceType(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        tags=False,
        fidelity=PERMISSIONS,
        free="S3's own keys cost nothing",
        costs_with={
            "calls a key, and such calls are billed by number": (
                "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId"
                " rules.applyServerSideEncryptionByDefault.sseAlgorithm=AES256"
            )
        },
    ),
    ResourceType(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        tags=False,
        fidelity=PERMISSIONS,
        free=_OF_A_BUCKET,
        costs_with={
            "moves objects to classes, of which nothing is stated": "rules.transitions"
            " rules.noncurrentVersionTransitions"
        },
    ),
    ResourceType(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        tags=False,
        fidelity=PERMISSIONS,
        free=_OF_A_BUCKET,
    ),
)
