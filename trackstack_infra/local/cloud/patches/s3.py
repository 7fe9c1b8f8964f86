"""S3: three things of moto that stand in a backup's way.

It denies by any statement of a bucket policy whose condition it does not look at: "deny without TLS" would refuse every
call. Here a statement whose condition is not evaluated neither allows nor denies.
It ignores a checksum that the caller computed itself: it neither compares nor keeps it. Here it does both.
It sets the default of Object Lock on empty buckets only, as AWS did until 2023: a bucket whose objects were kept from
an earlier run has some from its first moment. Here the default is for what comes after it.
"""

from collections.abc import Callable
from typing import Any

from moto.iam.access_control import IAMPolicyStatement, PermissionResult
from moto.s3.exceptions import BucketNeedsToBeNew, S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

from trackstack_infra.local.cloud.patches.patching import around

_COMPARED = ("SHA256", "SHA1", "CRC32")  # the others are in libraries that are not installed


def apply() -> None:
    around(IAMPolicyStatement, "is_action_permitted", _decide)
    around(S3Response, "_get_checksum", _checksum)
    around(S3Backend, "put_object_lock_configuration", _lock)


def _decide(
    original: Callable[..., PermissionResult],
    self: Any,
    action: str,
    resource: str = "*",
    principal: str | None = None,
    incoming_condition_values: dict[str, str] | None = None,
) -> PermissionResult:
    if self._statement.get("Condition") and incoming_condition_values is None:
        return PermissionResult.NEUTRAL
    return original(self, action, resource, principal, incoming_condition_values)


def _checksum(
    original: Callable[..., tuple[str, str | None]], self: Any, response_headers: dict[str, Any]
) -> tuple[str, str | None]:
    if self.headers.get("x-amz-sdk-checksum-algorithm"):
        return original(self, response_headers)
    for algorithm in _COMPARED:
        header = f"x-amz-checksum-{algorithm.lower()}"
        given = self.headers.get(header)
        if given is None:
            continue
        if compute_checksum(self.raw_body, algorithm).decode() != given:
            message = f"The {algorithm} you specified did not match the calculated checksum."
            raise S3ClientError("BadDigest", message)
        response_headers[header] = given
        return algorithm, str(given)
    return original(self, response_headers)


def _lock(
    original: Callable[..., None],
    self: Any,
    bucket_name: str,
    lock_enabled: bool,
    mode: str | None = None,
    days: int | None = None,
    years: int | None = None,
) -> None:
    try:
        original(self, bucket_name, lock_enabled, mode, days, years)
    except BucketNeedsToBeNew:
        bucket = self.get_bucket(bucket_name)
        bucket.object_lock_enabled = bucket.object_lock_enabled or lock_enabled
        bucket.default_lock_mode, bucket.default_lock_days, bucket.default_lock_years = mode, days, years
