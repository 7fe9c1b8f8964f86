"""The data bridge from outside: which backups exist, and asking pragmatic for one. The app writes them."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from trackstack_infra.errors import DataNotVerified, Interrupted, NotHealthy

BACKUPS = "backups/pragmatic/"
FAILURES = "backups/failed/"
BACKUP_REQUESTED = "dev.trackstack.ops.backup.requested.v1"
SAMPLE = "sample"


class ClientSource(Protocol):
    """Gives boto3 clients by service name, already pointed at the account or the emulator."""

    def client(self, name: str) -> Any: ...


@dataclass(frozen=True)
class Backup:
    """A verified backup: its manifest exists, so its data does."""

    id: str
    source: str
    """`pragmatic`, or `sample` for made-up data."""
    created_at: datetime
    bytes: int
    rows: int

    @property
    def is_sample(self) -> bool:
        return self.source == SAMPLE


def backups(aws: ClientSource, bucket: str) -> list[Backup]:
    """All backups that have a manifest, newest first."""
    s3 = aws.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=BACKUPS)
    keys = [
        item["Key"] for page in pages for item in page.get("Contents", []) if item["Key"].endswith("/manifest.json")
    ]
    found = [_backup(json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])) for key in keys]
    return sorted(found, key=lambda backup: (backup.created_at, backup.id), reverse=True)


def newest_backup(aws: ClientSource, bucket: str) -> Backup | None:
    """The backup enterprise starts with: the newest of real data; one of sample data only where there is no other."""
    found = backups(aws, bucket)
    real = [backup for backup in found if not backup.is_sample]
    return next(iter(real or found), None)


def delete_backups(aws: ClientSource, bucket: str) -> None:
    """Delete all that the backup bucket holds, earlier versions and locked ones included: the bucket can go then."""
    s3 = aws.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for kind in ("Versions", "DeleteMarkers")
            for item in page.get(kind, [])
        ]
        if found:
            # The lock guards against programs and accidents; whoever calls this was asked, and said so.
            s3.delete_objects(Bucket=bucket, Delete={"Objects": found, "Quiet": True}, BypassGovernanceRetention=True)


def request_backup(
    aws: ClientSource,
    *,
    bucket: str,
    queue_url: str,
    request_id: str,
    timeout_s: float,
    now: Callable[[], datetime],
    stop: threading.Event,
) -> Backup:
    """Ask pragmatic, through its own queue, to back itself up; wait for the manifest that answers this request.

    Raises DataNotVerified when the app says that its copy did not verify, NotHealthy when it says nothing for
    `timeout_s` seconds.
    """
    envelope = {
        "specversion": "1.0",
        "id": request_id,
        "source": "/trackstack/ops",
        "type": BACKUP_REQUESTED,
        "time": now().astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"request_id": request_id},
    }
    newest = next(iter(backups(aws, bucket)), None)
    # Ids begin with their second, so what is made from now on sorts behind it; two of one second sort by their content.
    after = f"{BACKUPS}{newest.id.partition('-')[0]}" if newest else BACKUPS
    aws.client("sqs").send_message(
        QueueUrl=queue_url,
        MessageBody=json.dumps(envelope),
        MessageAttributes={"type": {"DataType": "String", "StringValue": BACKUP_REQUESTED}},
    )
    deadline = time.monotonic() + timeout_s
    pause_s = 0.1
    while time.monotonic() < deadline:
        backup = _answer(aws, bucket, request_id, after)
        if backup is not None:
            return backup
        if stop.wait(pause_s):
            raise Interrupted(
                "stopped waiting for pragmatic's backup, which continues",
                hint="run `trackstack bridge list` to see when it is complete",
            )
        pause_s = min(pause_s * 1.5, 2.0)
    raise NotHealthy(
        f"pragmatic did not answer backup request {request_id} within {timeout_s:.0f} s",
        hint="check `trackstack logs pragmatic`, then run `trackstack bridge backup` again",
    )


def _answer(aws: ClientSource, bucket: str, request_id: str, after: str) -> Backup | None:
    s3 = aws.client("s3")
    failure = s3.list_objects_v2(Bucket=bucket, Prefix=f"{FAILURES}{request_id}.json").get("Contents")
    if failure:
        reason = json.load(s3.get_object(Bucket=bucket, Key=failure[0]["Key"])["Body"])["reason"]
        raise DataNotVerified(
            f"pragmatic could not back itself up: {reason}",
            hint="run `trackstack bridge list` to see earlier backups, which are unchanged",
        )
    for item in s3.list_objects_v2(Bucket=bucket, Prefix=BACKUPS, StartAfter=after).get("Contents", []):
        if item["Key"].endswith("/manifest.json"):
            manifest = json.load(s3.get_object(Bucket=bucket, Key=item["Key"])["Body"])
            if manifest.get("request_id") == request_id:
                return _backup(manifest)
    return None


def _backup(manifest: dict[str, Any]) -> Backup:
    return Backup(
        id=manifest["id"],
        source=manifest["source"],
        created_at=datetime.fromisoformat(manifest["created_at"]),
        bytes=manifest["bytes"],
        rows=sum(table["rows"] for table in manifest["tables"].values()),
    )
