"""The monolith's one operation: a backup into the bucket, whenever a message asks for it."""

from collections.abc import Mapping
from typing import Any

from apps.bridge.requests import BACKUP_REQUESTED, backup_on_request
from apps.bridge.storage import PREFIX, BackupStore
from apps.common.clock import utc_now
from apps.common.consumer import Operation
from apps.common.publishers import aws_client
from apps.common.serve import Process


def operations(process: Process) -> Mapping[str, Operation]:
    """Backups, if the settings name a bucket for them."""
    bucket = process.settings.backup_bucket
    if bucket is None:
        return {}
    prefix = process.settings.backup_prefix or PREFIX

    def backup(data: dict[str, Any]) -> None:
        # S3's client is made when it is needed, once a night: it would cost every start 0.1 s and 7 MiB.
        store = BackupStore(aws_client("s3"), bucket, prefix)
        make = backup_on_request(
            process.database.snapshot, store, clock=utc_now, app_version=process.settings.app_version
        )
        made = make(data)
        if made is not None:
            process.metrics.backup_last_success.set(made.created_at.timestamp())

    return {BACKUP_REQUESTED: backup}
