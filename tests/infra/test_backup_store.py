"""Backups seen from outside: which there are, and what an app answers to a request for one."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.bridge.manifest import Manifest
from apps.bridge.requests import BACKUP_REQUESTED
from apps.bridge.storage import FAILED_PREFIX, PREFIX
from trackstack_infra import backup_store as bridge
from trackstack_infra.errors import DataNotVerified, Interrupted, NotHealthy
from trackstack_infra.local.provider import Clients

BUCKET = "bridge-backups"
NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def aws(emulator: Any) -> Iterator[Clients]:
    """An empty bucket that locks what is put into it, and an empty queue, over the wire."""
    clients = Clients(emulator.endpoint, "us-east-1")
    s3 = clients.client("s3")
    s3.create_bucket(Bucket=BUCKET, ObjectLockEnabledForBucket=True)
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 14}}
    s3.put_object_lock_configuration(
        Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    clients.client("sqs").create_queue(QueueName="bridge-monolith")
    yield clients
    bridge.delete_backups(clients, BUCKET)
    s3.delete_bucket(Bucket=BUCKET)
    clients.client("sqs").delete_queue(QueueUrl=queue_url(clients))


def queue_url(aws: Clients) -> str:
    url: str = aws.client("sqs").get_queue_url(QueueName="bridge-monolith")["QueueUrl"]
    return url


def put_backup(
    aws: Clients, day: int, *, source: str = "pragmatic", request_id: str = "", content: str = "0123456789ab"
) -> str:
    """A backup as apps/bridge leaves it: the file, then the manifest."""
    backup = f"202611{day:02d}T020000Z-{content}"
    manifest = {
        "version": 1,
        "id": backup,
        "source": source,
        "created_at": f"2026-11-{day:02d}T02:00:00Z",
        "sha256": "0" * 64,
        "bytes": 4096,
        "app_version": "dev",
        "schema": {"gym": 1},
        "tables": {"gym_workout": {"rows": 3, "checksum": "x"}, "gym_set": {"rows": 4, "checksum": "y"}},
        "request_id": request_id,
    }
    s3 = aws.client("s3")
    s3.put_object(Bucket=BUCKET, Key=f"{bridge.BACKUPS}{backup}/app.db", Body=b"data")
    s3.put_object(Bucket=BUCKET, Key=f"{bridge.BACKUPS}{backup}/manifest.json", Body=json.dumps(manifest).encode())
    return backup


def request(aws: Clients, timeout_s: float, stop: threading.Event | None = None) -> bridge.Backup:
    return bridge.request_backup(
        aws,
        bucket=BUCKET,
        queue_url=queue_url(aws),
        request_id="r-1",
        timeout_s=timeout_s,
        now=lambda: NOW,
        stop=stop or threading.Event(),
    )


def test_both_sides_mean_the_same_places_and_words() -> None:
    """The app writes backups where the command line looks for them, and knows the request that it sends."""
    assert (f"{PREFIX}/", f"{FAILED_PREFIX}/") == (bridge.BACKUPS, bridge.FAILURES)
    assert BACKUP_REQUESTED == bridge.BACKUP_REQUESTED
    read = {"id", "source", "created_at", "bytes", "tables", "request_id"}
    assert read <= set(Manifest.__dataclass_fields__)


def test_a_backup_without_a_manifest_does_not_exist(aws: Clients) -> None:
    """An upload that was cut off before its manifest is not offered."""
    older = put_backup(aws, 21)
    aws.client("s3").put_object(Bucket=BUCKET, Key=f"{bridge.BACKUPS}20261122T020000Z-aa/app.db", Body=b"half")
    assert [(found.id, found.rows) for found in bridge.backups(aws, BUCKET)] == [(older, 7)]


def test_real_data_goes_before_sample_data(aws: Clients) -> None:
    """The newest backup of real data is the one to start with, even when sample data was made later."""
    assert bridge.newest_backup(aws, BUCKET) is None
    sample = put_backup(aws, 25, source="sample")
    assert bridge.newest_backup(aws, BUCKET).id == sample  # type: ignore[union-attr]
    put_backup(aws, 21)
    newer = put_backup(aws, 22)
    assert bridge.newest_backup(aws, BUCKET).id == newer  # type: ignore[union-attr]


def test_a_request_waits_for_the_manifest_that_answers_it(aws: Clients) -> None:
    """Another backup that appears meanwhile is not taken for the answer; the message says what is wanted."""
    put_backup(aws, 21)

    def app() -> None:
        put_backup(aws, 26, request_id="somebody else")
        put_backup(aws, 27, request_id="r-1")

    timer = threading.Timer(0.3, app)
    timer.start()
    assert request(aws, 10).id == "20261127T020000Z-0123456789ab"
    timer.join()
    message: dict[str, Any] = aws.client("sqs").receive_message(QueueUrl=queue_url(aws), MessageAttributeNames=["All"])[
        "Messages"
    ][0]
    assert message["MessageAttributes"]["type"]["StringValue"] == BACKUP_REQUESTED
    body = json.loads(message["Body"])
    assert (body["type"], body["data"], body["time"]) == (
        BACKUP_REQUESTED,
        {"request_id": "r-1"},
        "2026-11-28T02:00:00Z",
    )


def test_an_answer_within_the_second_of_the_newest_backup_is_seen(aws: Clients) -> None:
    """Names of one second sort by content, so the later backup may have the smaller name."""
    put_backup(aws, 21, content="ffffffffffff")
    timer = threading.Timer(0.3, lambda: put_backup(aws, 21, content="000000000000", request_id="r-1"))
    timer.start()
    assert request(aws, 10).id == "20261121T020000Z-000000000000"
    timer.join()


def test_a_copy_that_did_not_verify_is_reported_with_the_apps_words(aws: Clients) -> None:
    """The app says why it made no backup; the command ends with exit code 7."""
    failure = json.dumps({"reason": "table gym_set: 3 rows in the copy, 4 in the database"}).encode()
    aws.client("s3").put_object(Bucket=BUCKET, Key=f"{bridge.FAILURES}r-1.json", Body=failure)
    with pytest.raises(DataNotVerified) as refused:
        request(aws, 5)
    assert refused.value.exit_code == 7
    assert "table gym_set: 3 rows in the copy, 4 in the database" in refused.value.message


def test_an_app_that_does_not_answer_is_named(aws: Clients) -> None:
    """Without an answer in time the command ends with exit code 10 and says where to look."""
    with pytest.raises(NotHealthy) as waited:
        request(aws, 0.3)
    assert "trackstack logs pragmatic" in (waited.value.hint or "")


def test_ctrl_c_ends_the_waiting_and_not_the_backup(aws: Clients) -> None:
    """Whoever does not want to wait is let go with exit code 130, and told where the backup will appear."""
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with pytest.raises(Interrupted) as stopped:
        request(aws, 30, stop)
    assert stopped.value.exit_code == 130
    assert "bridge list" in (stopped.value.hint or "")
