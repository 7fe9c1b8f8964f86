"""Making a backup: a consistent, checked copy whose manifest comes last."""

import asyncio
import hashlib
import sqlite3
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.exceptions import ClientError

from apps.bridge.backup import make_backup, snapshot_of
from apps.bridge.errors import BackupDamaged, StorageFailed
from apps.bridge.manifest import SampleOf
from apps.bridge.storage import BackupStore
from apps.bridge.sums import table_sums, tables
from apps.bridge.verify import open_copy
from apps.common.database import Database, Transaction

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)


def keys(stage: Any, s3: Any) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=stage.store.bucket).get("Contents", [])]


def test_a_backup_is_a_file_and_a_manifest(stage: Any, s3: Any) -> None:
    """A backup is stored under its time and content, and its manifest tells size, hash, versions and every table."""
    manifest = stage.back_up()
    content = s3.get_object(Bucket=stage.store.bucket, Key=f"backups/pragmatic/{manifest.id}/app.db")["Body"].read()
    assert keys(stage, s3) == [
        f"backups/pragmatic/{manifest.id}/app.db",
        f"backups/pragmatic/{manifest.id}/manifest.json",
    ]
    assert manifest.id == f"20261121T031500Z-{hashlib.sha256(content).hexdigest()[:12]}"
    assert (manifest.sha256, manifest.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert manifest.schema == {"expenses": 1, "gym": 1, "heating": 1}
    assert {name: sums.rows for name, sums in manifest.tables.items() if sums.rows} == {
        "expenses_category": 2,
        "expenses_expense": 3,
        "expenses_outbox": 3,
        "expenses_schema_version": 2,
        "expenses_split": 2,
        "gym_inbox": 1,
        "gym_schema_version": 2,
        "gym_set": 2,
        "gym_workout": 1,
        "heating_meter": 1,
        "heating_reading": 1,
        "heating_schema_version": 2,
    }
    assert manifest.source == "pragmatic"
    assert stage.store.manifest(manifest.id) == manifest


def test_the_checksum_of_the_file_is_stored_with_it(stage: Any, s3: Any) -> None:
    """The bucket keeps the SHA-256 that was computed before sending, so that anyone can compare it later."""
    manifest = stage.back_up()
    head = s3.head_object(
        Bucket=stage.store.bucket, Key=f"backups/pragmatic/{manifest.id}/app.db", ChecksumMode="ENABLED"
    )
    assert head["ChecksumSHA256"] == b64encode(bytes.fromhex(manifest.sha256)).decode()


def test_a_damaged_copy_is_never_stored(stage: Any, s3: Any) -> None:
    """A copy that does not pass the integrity check ends the backup before anything is in the bucket."""

    def damaged(target: Path) -> None:
        content = bytearray(stage.database.read_bytes())
        content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
        target.write_bytes(content)

    with pytest.raises(BackupDamaged, match="the copy of the database"):
        make_backup(damaged, stage.store, now=NOW, request_id="r", app_version="1", domains=stage.domains)
    assert keys(stage, s3) == []


def test_orphans_do_not_stop_a_backup(stage: Any) -> None:
    """A row without its parent is backed up like any other, and counted in the manifest."""
    with closing(sqlite3.connect(stage.database, isolation_level=None)) as connection:
        connection.execute("INSERT INTO gym_set VALUES ('gone', 0, 1)")
    assert stage.back_up().orphans == {"gym_set": 1}


def test_a_backup_is_never_written_over(stage: Any, s3: Any) -> None:
    """A name that exists with another content is refused, and the stored content stays."""
    manifest = stage.back_up()
    key = f"backups/pragmatic/{manifest.id}/app.db"
    s3.put_object(Bucket=stage.store.bucket, Key=key, Body=b"other", ChecksumAlgorithm="SHA256")
    with pytest.raises(StorageFailed, match="no manifest was written, so this backup does not exist"):
        stage.back_up()
    assert s3.get_object(Bucket=stage.store.bucket, Key=key)["Body"].read() == b"other"


def test_the_same_backup_twice_is_one(stage: Any, s3: Any) -> None:
    """A backup whose first answer got lost may be sent again: the same content under the same name is no error."""
    assert stage.back_up() == stage.back_up()
    assert len(keys(stage, s3)) == 2


def test_backups_sort_by_time(stage: Any) -> None:
    """The newest backup is the one with the latest time, whatever the order in which they were stored."""
    hours = (5, -3, 0, 24)
    made = {hour: stage.back_up(NOW + timedelta(hours=hour)).id for hour in hours}
    assert stage.store.ids() == [made[hour] for hour in sorted(hours)]
    newest = stage.store.newest()
    assert newest
    assert newest.id == made[24]


def kept(stage: Any, s3: Any, backup: str) -> set[str]:
    """How long the two objects of a backup stay, by their tags."""
    found = set()
    for file in ("app.db", "manifest.json"):
        which = {"Bucket": stage.store.bucket, "Key": f"backups/pragmatic/{backup}/{file}"}
        found |= {f"{each['Key']}={each['Value']}" for each in s3.get_object_tagging(**which)["TagSet"]}
    return found


def test_the_first_backup_of_a_month_is_kept_for_a_year(stage: Any, s3: Any) -> None:
    """Of each calendar month the first backup is tagged to stay, in UTC; the others go after a month."""
    days = [datetime(2026, 10, 31, 23, tzinfo=UTC), NOW, NOW + timedelta(days=1), datetime(2026, 12, 2, tzinfo=UTC)]
    tags = [kept(stage, s3, stage.back_up(day).id) for day in days]
    assert tags == [{"keep=monthly"}, {"keep=monthly"}, {"keep=daily"}, {"keep=monthly"}]


def test_made_up_data_is_never_a_months_backup(stage: Any, s3: Any) -> None:
    """A backup of sample data does not stay for a year, nor does it stand in for the one that should."""
    sample = make_backup(
        snapshot_of(stage.database),
        stage.store,
        now=NOW - timedelta(days=1),
        request_id="r",
        app_version="1",
        domains=stage.domains,
        sample=SampleOf(seed=1, today=NOW.date()),
    )
    assert kept(stage, s3, sample.id) == {"keep=daily"}
    assert kept(stage, s3, stage.back_up().id) == {"keep=monthly"}


def test_where_nobody_can_tell_a_backup_is_kept_longer(stage: Any, s3: Any) -> None:
    """A manifest of that month that cannot be read does not stop a backup, which then stays for a year."""
    first = stage.back_up(NOW - timedelta(days=1))
    s3.put_object(Bucket=stage.store.bucket, Key=f"backups/pragmatic/{first.id}/manifest.json", Body=b"{")
    assert kept(stage, s3, stage.back_up().id) == {"keep=monthly"}


def test_a_locked_bucket_takes_backups(stage: Any, s3: Any) -> None:
    """A backup in a bucket with Object Lock cannot be deleted, not even by whoever made it."""
    s3.create_bucket(
        Bucket="locked-backups",
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 14}}
    s3.put_object_lock_configuration(
        Bucket="locked-backups", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    store = BackupStore(s3, "locked-backups")
    manifest = make_backup(
        snapshot_of(stage.database), store, now=NOW, request_id="r", app_version="1", domains=stage.domains
    )
    which = {"Bucket": "locked-backups", "Key": f"backups/pragmatic/{manifest.id}/app.db"}
    head = s3.head_object(**which)
    assert head["ObjectLockMode"] == "GOVERNANCE"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**which, VersionId=head["VersionId"])


def test_a_file_without_manifest_is_no_backup(stage: Any, s3: Any) -> None:
    """A run that died between the file and its manifest left nothing that could be restored by mistake."""
    manifest = stage.back_up()
    s3.delete_object(Bucket=stage.store.bucket, Key=f"backups/pragmatic/{manifest.id}/manifest.json")
    assert stage.store.ids() == []
    assert stage.store.newest() is None


def test_a_bucket_that_refuses_is_a_sentence(s3: Any, stage: Any) -> None:
    """When the bucket does not exist or refuses, the error names it and what was tried."""
    store = BackupStore(s3, "no-such-bucket")
    with pytest.raises(StorageFailed, match=r"could not list s3://no-such-bucket/backups/pragmatic/: NoSuchBucket"):
        store.ids()
    with pytest.raises(StorageFailed, match=r"could not list s3://no-such-bucket/backups/pragmatic/: NoSuchBucket"):
        make_backup(
            lambda target: target.write_bytes(stage.database.read_bytes()) and None,
            store,
            now=NOW,
            request_id="r",
            app_version="1",
            domains=stage.domains,
        )


@pytest.fixture
def flipping(emulator: Any) -> Iterator[str]:
    """A way to the emulator on which a bit of every stored file flips; the checksum becomes what S3 would compute."""

    endpoint = emulator.variables["AWS_ENDPOINT_URL"]

    class Flip(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = bytearray(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            if self.command == "PUT" and body:
                body[len(body) // 2] ^= 1
                name = next(name for name in headers if name.lower() == "x-amz-checksum-sha256")
                headers[name] = b64encode(hashlib.sha256(body).digest()).decode()
            request = Request(endpoint + self.path, data=bytes(body) or None, headers=headers, method=self.command)
            with urlopen(request) as answer:
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in {"connection", "transfer-encoding", "date", "server"}:
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        do_PUT = do_HEAD = do_GET = handle_any  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Flip)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_bit_flipped_on_the_way_is_noticed(stage: Any, s3: Any, flipping: str) -> None:
    """What arrived in the bucket is compared with what was sent; a flipped bit ends the backup before its manifest."""
    broken = boto3.client(
        "s3", endpoint_url=flipping, region_name="eu-central-1", aws_access_key_id="t", aws_secret_access_key="t"
    )
    store = BackupStore(broken, stage.store.bucket)
    with pytest.raises(StorageFailed, match=r"has checksum .* bytes; .* were sent"):
        make_backup(
            lambda target: target.write_bytes(stage.database.read_bytes()) and None,
            store,
            now=NOW,
            request_id="r",
            app_version="1",
            domains=stage.domains,
        )
    assert not any(key.endswith("manifest.json") for key in keys(stage, s3))


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_backups_of_a_running_app_are_consistent(stage: Any, tmp_path: Path, journal: str) -> None:
    """While the app writes, every backup holds whole transactions only: here, always as many expenses as splits."""

    def spend(n: int) -> Callable[[Transaction], None]:
        def work(tx: Transaction) -> None:
            tx.execute("INSERT INTO expenses_expense VALUES (:id, 'c1', 1, NULL)", id=f"n{n}")
            tx.execute("INSERT INTO expenses_split VALUES (:id, 0, 1)", id=f"n{n}")

        return work

    folders = {domain.name: domain.migrations for domain in stage.domains}
    ids = []
    written = 0

    async def scenario() -> None:
        nonlocal written
        with Database(stage.database, folders, journal=journal) as database:
            for number in range(5):
                making = asyncio.get_running_loop().run_in_executor(
                    None,
                    lambda number=number: make_backup(
                        database.snapshot,
                        stage.store,
                        now=NOW + timedelta(minutes=number),
                        request_id="r",
                        app_version="1",
                        work=tmp_path,
                        domains=stage.domains,
                    ),
                )
                while not making.done():
                    await database.write("expenses", spend(written))
                    written += 1
                ids.append((await making).id)

    asyncio.run(scenario())
    counts = []
    for backup in ids:
        copy = tmp_path / f"{backup}.db"
        stage.store.download(stage.store.manifest(backup), copy)
        with closing(open_copy(copy)) as connection:
            sums = table_sums(connection, tables(connection))
            counts.append(sums["expenses_expense"].rows - 3)
            assert sums["expenses_split"].rows - 2 == counts[-1]
        stage.bridge(backup)
    assert counts == sorted(counts)
    assert written > 5


def test_the_failure_of_a_request_is_kept_in_the_bucket(stage: Any, s3: Any) -> None:
    """Why a requested backup failed lies where the asker looks."""
    stage.store.upload_failure("r-9", b'{"reason": "x"}')
    assert s3.get_object(Bucket=stage.store.bucket, Key="backups/failed/r-9.json")["Body"].read() == b'{"reason": "x"}'
    with pytest.raises(ClientError):
        s3.head_object(Bucket=stage.store.bucket, Key="backups/pragmatic/r-9/manifest.json")
