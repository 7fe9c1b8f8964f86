"""Buckets: private, encrypted, TLS only; and the one that keeps the backups."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow, document, tls_only

ABORT_UPLOADS_DAYS: Final = 3
OLD_VERSIONS_DAYS: Final = 30
LOCKED_DAYS: Final = 14
# Lifecycle rules count days, not copies: one backup a night, and of each month the first one for a year.
DAILY_DAYS: Final = 30
MONTHLY_DAYS: Final = 366

Rule = aws.s3.BucketLifecycleConfigurationRuleArgs


class PrivateBucket(Component):
    """A bucket that nobody reaches from outside. `holds_data`: kept in versions that can be locked, and protected."""

    def __init__(self, name: str, *, holds_data: bool, rules: Sequence[Rule] = (), opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.bucket = aws.s3.Bucket(
            self.child("bucket"),
            force_destroy=not holds_data,
            object_lock_enabled=holds_data or None,
            tags=self.tags(),
            opts=self.owned(protect=holds_data),
        )
        self._closed()
        if holds_data:
            self.versions = aws.s3.BucketVersioning(
                self.child("versions"),
                bucket=self.bucket.bucket,
                versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
                opts=self.owned(),
            )
        self._tidied(rules)
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

    def _tidied(self, rules: Sequence[Rule]) -> None:
        tidy = Rule(
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
        aws.s3.BucketLifecycleConfiguration(
            self.child("lifecycle"), bucket=self.bucket.bucket, rules=[tidy, *rules], opts=self.owned()
        )

    def policy(self, *statements: Statement) -> pulumi.Output[str]:
        """A policy for this bucket: the statements, and nothing without TLS."""
        arn = self.bucket.arn
        return document(*statements, tls_only("s3:*", [arn, pulumi.Output.concat(arn, "/*")]))


BACKUP_PREFIX: Final = "backups/pragmatic"
FAILED_PREFIX: Final = "backups/failed"
KEEP: Final = {"daily": DAILY_DAYS, "monthly": MONTHLY_DAYS}  # the tag `keep` that the app gives a backup


class BackupBucket(Component):
    """Where backups go: it outlives both architectures, and what is in it cannot be deleted for two weeks."""

    def __init__(self, name: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        private = PrivateBucket(name, holds_data=True, rules=_retention(), opts=self.owned())
        self.bucket = private.bucket
        # Governance, not compliance: an administrator can still undo a mistake; the app's role cannot.
        aws.s3.BucketObjectLockConfiguration(
            self.child("lock"),
            bucket=self.bucket.bucket,
            object_lock_enabled="Enabled",
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(
                default_retention=aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
                    mode="GOVERNANCE", days=LOCKED_DAYS
                )
            ),
            opts=self.owned(after=[private.versions]),
        )
        aws.s3.BucketPolicy(
            self.child("policy"),
            bucket=self.bucket.bucket,
            policy=private.policy(),
            opts=self.owned(after=[private.public_access_block]),
        )
        self.register_outputs({"bucket": self.bucket.bucket})


def _retention() -> list[Rule]:
    """How long backups stay, by the tag they were written with, and notes about failed ones."""
    below = aws.s3.BucketLifecycleConfigurationRuleFilterArgs
    after = aws.s3.BucketLifecycleConfigurationRuleExpirationArgs
    tagged = aws.s3.BucketLifecycleConfigurationRuleFilterAndArgs
    return [
        *(
            Rule(
                id=keep,
                status="Enabled",
                filter=below(and_=tagged(prefix=f"{BACKUP_PREFIX}/", tags={"keep": keep})),
                expiration=after(days=days),
            )
            for keep, days in KEEP.items()
        ),
        Rule(
            id="failed",
            status="Enabled",
            filter=below(prefix=f"{FAILED_PREFIX}/"),
            expiration=after(days=DAILY_DAYS),
        ),
    ]


class Backups:
    """The foundation's backups as the other stacks see them: a bucket, and what a role may do in it."""

    def __init__(self, bucket: pulumi.Input[str]) -> None:
        self.bucket = bucket
        self._arn = pulumi.Output.concat("arn:aws:s3:::", bucket)

    def may_keep(self) -> Statement:
        """Write backups, tagged with how long to keep them, and read them back to compare; nobody deletes one."""
        return allow(
            "KeepBackups",
            ["s3:PutObject", "s3:PutObjectTagging", "s3:GetObject"],
            [pulumi.Output.concat(self._arn, f"/{BACKUP_PREFIX}/*")],
            {"StringEqualsIfExists": {"s3:RequestObjectTag/keep": list(KEEP)}},
        )

    def may_report_failure(self) -> Statement:
        """Say why a backup that was asked for was not made."""
        return allow("ReportFailure", ["s3:PutObject"], [pulumi.Output.concat(self._arn, f"/{FAILED_PREFIX}/*")])

    def may_list(self) -> Statement:
        """See which objects there are. No prefix: S3 answers 404 for a missing key only to who may list all of them."""
        return allow("ListBackups", ["s3:ListBucket"], [self._arn])
