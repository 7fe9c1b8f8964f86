"""Buckets: private, encrypted, TLS only; and the one that keeps the backups."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.policy import Statement, allow, document, tls_only

ABORT_UPLOADS_DAYS: Final = 3
OLD_VERSIONS_DAYS: Final = 30


class PrivateBucket(Component):
    """A bucket that nobody reaches from outside. `holds_data`: kept in versions, and protected from deletion."""

    def __init__(self, name: str, *, holds_data: bool, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.bucket = aws.s3.Bucket(
            self.child("bucket"),
            force_destroy=not holds_data,
            tags=self.tags(),
            opts=self.owned(protect=holds_data),
        )
        self._closed()
        if holds_data:
            aws.s3.BucketVersioning(
                self.child("versions"),
                bucket=self.bucket.bucket,
                versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
                opts=self.owned(),
            )
        self._tidied()
        self.register_outputs({"bucket": self.bucket.bucket})

    def _closed(self) -> None:
        bucket = self.bucket.bucket
        self.public_access_block = aws.s3.BucketPublicAccessBlock(
            self.child("private"),
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self.owned(),
        )
        aws.s3.BucketOwnershipControls(
            self.child("ownership"),
            bucket=bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self.owned(),
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            self.child("encryption"),
            bucket=bucket,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="AES256"
                    )
                )
            ],
            opts=self.owned(),
        )

    def _tidied(self) -> None:
        rules = aws.s3.BucketLifecycleConfigurationRuleArgs
        aws.s3.BucketLifecycleConfiguration(
            self.child("lifecycle"),
            bucket=self.bucket.bucket,
            rules=[
                rules(
                    id="tidy",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=ABORT_UPLOADS_DAYS
                    ),
                    noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=OLD_VERSIONS_DAYS
                    ),
                )
            ],
            opts=self.owned(),
        )

    def policy(self, *statements: Statement) -> pulumi.Output[str]:
        """A policy for this bucket: the statements, and nothing without TLS."""
        arn = self.bucket.arn
        return document(*statements, tls_only("s3:*", [arn, pulumi.Output.concat(arn, "/*")]))


class BackupBucket(Component):
    """Where backups go: it outlives both architectures."""

    def __init__(self, name: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        private = PrivateBucket(name, holds_data=True, opts=self.owned())
        self.bucket = private.bucket
        aws.s3.BucketPolicy(
            self.child("policy"),
            bucket=self.bucket.bucket,
            policy=private.policy(),
            opts=self.owned(after=[private.public_access_block]),
        )
        self.register_outputs({"bucket": self.bucket.bucket})


BACKUP_PREFIX: Final = "backups/pragmatic"
FAILED_PREFIX: Final = "backups/failed"


class Backups:
    """The foundation's backups as the other stacks see them: a bucket, and what a role may do in it."""

    def __init__(self, bucket: pulumi.Input[str]) -> None:
        self.bucket = bucket
        self._arn = pulumi.Output.concat("arn:aws:s3:::", bucket)

    def may_keep(self) -> Statement:
        """Write backups, and read them back to compare; nobody deletes one."""
        below = pulumi.Output.concat(self._arn, f"/{BACKUP_PREFIX}/*")
        return allow("KeepBackups", ["s3:PutObject", "s3:GetObject"], [below])

    def may_report_failure(self) -> Statement:
        """Say why a backup that was asked for was not made."""
        return allow("ReportFailure", ["s3:PutObject"], [pulumi.Output.concat(self._arn, f"/{FAILED_PREFIX}/*")])

    def may_list(self) -> Statement:
        """See which objects there are. No prefix: S3 answers 404 for a missing key only to who may list all of them."""
        return allow("ListBackups", ["s3:ListBucket"], [self._arn])
