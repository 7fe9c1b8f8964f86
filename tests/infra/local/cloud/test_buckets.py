"""What is in buckets outlives the emulator."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

HELLO_SHA256 = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="  # base64 of sha256(b"hello")


@pytest.fixture
def clouds(new_bench: Callable[..., Any], tmp_path: Path) -> Callable[[], Any]:
    """Runs one cloud after the other on the same folder."""
    running: list[Any] = []

    def next_cloud() -> Any:
        for bench in running:
            bench.cloud.stop()
        running[:] = [new_bench(tmp_path)]
        running[0].cloud.start()
        return running[0].client("s3")

    yield next_cloud  # type: ignore[misc]
    for bench in running:
        bench.cloud.stop()


def test_objects_are_there_again_after_a_restart(clouds: Callable[[], Any]) -> None:
    """A backup made before a restart is read after it, with its type, its metadata and its checksum."""
    s3 = clouds()
    s3.create_bucket(Bucket="backups-0123abc")
    s3.put_bucket_versioning(Bucket="backups-0123abc", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="backups-0123abc", Key="a/old", Body=b"1")
    s3.delete_object(Bucket="backups-0123abc", Key="a/old")
    s3.put_object(
        Bucket="backups-0123abc",
        Key="a/b c/ü.db",
        Body=b"hello",
        ContentType="application/x-sqlite3",
        Metadata={"schema": "7"},
        ChecksumSHA256=HELLO_SHA256,
    )
    before = s3.head_object(Bucket="backups-0123abc", Key="a/b c/ü.db")

    s3 = clouds()
    assert s3.list_buckets()["Buckets"] == []
    s3.create_bucket(Bucket="backups-0123abc")
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="backups-0123abc")["Contents"]] == ["a/b c/ü.db"]
    after = s3.get_object(Bucket="backups-0123abc", Key="a/b c/ü.db", ChecksumMode="ENABLED")
    assert after["Body"].read() == b"hello"
    assert after["ContentType"] == "application/x-sqlite3"
    assert after["Metadata"] == {"schema": "7"}
    assert after["ChecksumSHA256"] == HELLO_SHA256
    assert (after["ETag"], after["LastModified"]) == (before["ETag"], before["LastModified"])


def test_a_bucket_of_another_name_stays_empty(clouds: Callable[[], Any]) -> None:
    """Objects come back under their bucket's own name only."""
    clouds().create_bucket(Bucket="one")
    s3 = clouds()
    s3.create_bucket(Bucket="two")
    assert "Contents" not in s3.list_objects_v2(Bucket="two")


def test_a_deleted_bucket_is_forgotten(clouds: Callable[[], Any]) -> None:
    """Who deletes a bucket deletes what was kept of it; what another stack keeps is not touched."""
    s3 = clouds()
    for name in ("gone", "kept"):
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="k", Body=b"v")
    s3 = clouds()
    s3.create_bucket(Bucket="gone")
    s3.delete_object(Bucket="gone", Key="k")
    s3.delete_bucket(Bucket="gone")
    s3 = clouds()
    s3.create_bucket(Bucket="gone")
    s3.create_bucket(Bucket="kept")
    assert "Contents" not in s3.list_objects_v2(Bucket="gone")
    assert s3.get_object(Bucket="kept", Key="k")["Body"].read() == b"v"


def test_objects_are_on_disk_soon(clouds: Callable[[], Any], tmp_path: Path) -> None:
    """An emulator that is killed a second after a backup has not lost it."""
    s3 = clouds()
    s3.create_bucket(Bucket="soon")
    s3.put_object(Bucket="soon", Key="k", Body=b"v")
    while not (tmp_path / "soon" / "index.json").exists():
        time.sleep(0.05)
    index = json.loads((tmp_path / "soon" / "index.json").read_text())
    assert [entry["key"] for entry in index["objects"]] == ["k"]
    assert (tmp_path / "soon" / index["objects"][0]["file"]).read_bytes() == b"v"


def test_what_was_deleted_does_not_come_back(clouds: Callable[[], Any], tmp_path: Path) -> None:
    """An object deleted by key, or by list, is gone after a restart too, and its file is removed."""
    s3 = clouds()
    s3.create_bucket(Bucket="site")
    for key in ("a", "b", "c"):
        s3.put_object(Bucket="site", Key=key, Body=key.encode())
    s3.delete_object(Bucket="site", Key="a")
    s3.delete_objects(Bucket="site", Delete={"Objects": [{"Key": "b"}]})
    s3 = clouds()
    s3.create_bucket(Bucket="site")
    assert [each["Key"] for each in s3.list_objects_v2(Bucket="site")["Contents"]] == ["c"]
    assert len(list((tmp_path / "site").iterdir())) == 2


def test_a_policy_that_asks_for_tls_lets_local_calls_in(clouds: Callable[[], Any]) -> None:
    """The stacks' "deny without TLS" refuses nobody here, and a private object stays private to strangers."""
    s3 = clouds()
    s3.create_bucket(Bucket="private")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::private", "arn:aws:s3:::private/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket="private", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    s3.put_object(Bucket="private", Key="k", Body=b"v")
    assert s3.head_object(Bucket="private", Key="k")["ContentLength"] == 1
    signed = s3.generate_presigned_url("get_object", Params={"Bucket": "private", "Key": "k"})
    with urllib.request.urlopen(signed) as answer:
        assert answer.read() == b"v"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(signed.partition("?")[0])


def test_a_second_put_if_none_match_is_refused(clouds: Callable[[], Any]) -> None:
    """A backup that is there is never overwritten."""
    s3 = clouds()
    s3.create_bucket(Bucket="once")
    s3.put_object(Bucket="once", Key="k", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket="once", Key="k", Body=b"2", IfNoneMatch="*")


@pytest.mark.parametrize(
    "index",
    [
        '{"version": 1, "obj',
        '{"version": 2, "objects": []}',
        '{"version": 1, "objects": [{"key": "k", "file": "lost"}]}',
    ],
)
def test_what_cannot_be_read_is_put_aside(
    clouds: Callable[[], Any], tmp_path: Path, caplog: pytest.LogCaptureFixture, index: str
) -> None:
    """A damaged folder is kept for somebody to look at, the log says where, and the bucket starts empty."""
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "index.json").write_text(index)
    s3 = clouds()
    s3.create_bucket(Bucket="damaged")
    assert "Contents" not in s3.list_objects_v2(Bucket="damaged")
    assert (tmp_path / "damaged.unreadable-1" / "index.json").exists()
    assert f"put aside in {tmp_path / 'damaged.unreadable-1'}" in caplog.text


def test_a_large_upload_keeps_its_mark(clouds: Callable[[], Any]) -> None:
    """An object uploaded in parts has the same ETag after a restart, which does not follow from its content."""
    s3 = clouds()
    s3.create_bucket(Bucket="parts")
    which = {"Bucket": "parts", "Key": "k"}
    upload = s3.create_multipart_upload(**which)["UploadId"]
    tag = s3.upload_part(**which, UploadId=upload, PartNumber=1, Body=b"hello")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
    s3.complete_multipart_upload(**which, UploadId=upload, MultipartUpload=parts)
    before = s3.head_object(**which)["ETag"]
    s3 = clouds()
    s3.create_bucket(Bucket="parts")
    assert s3.get_object(**which)["Body"].read() == b"hello"
    assert s3.head_object(**which)["ETag"] == before
    assert before.endswith('-1"')


def test_what_was_kept_does_not_keep_a_lock_away(clouds: Callable[[], Any]) -> None:
    """A bucket that has its objects again can be told to lock new ones, as the stack does at each start."""
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 14}}}
    for key in ("first", "second"):
        s3 = clouds()
        s3.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        s3.put_object_lock_configuration(Bucket="locked", ObjectLockConfiguration=lock)
        assert s3.get_object_lock_configuration(Bucket="locked")["ObjectLockConfiguration"]["Rule"] is not None
        s3.put_object(Bucket="locked", Key=key, Body=b"hello")
        assert s3.head_object(Bucket="locked", Key=key)["ObjectLockMode"] == "GOVERNANCE"
    assert s3.get_object(Bucket="locked", Key="first")["Body"].read() == b"hello"


def test_a_damaged_upload_is_refused(clouds: Callable[[], Any]) -> None:
    """A backup that does not arrive as it was sent is not kept."""
    s3 = clouds()
    s3.create_bucket(Bucket="careful")
    with pytest.raises(ClientError, match="did not match the calculated checksum"):
        s3.put_object(Bucket="careful", Key="k", Body=b"hallo", ChecksumSHA256=HELLO_SHA256)
    assert "Contents" not in s3.list_objects_v2(Bucket="careful")


def test_stopping_ends_waiting_polls(new_bench: Callable[..., Any], tmp_path: Path) -> None:
    """The emulator stops at once though consumers wait for messages."""
    bench = new_bench(tmp_path)
    bench.cloud.start()
    url = bench.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(bench.client("sqs").receive_message, QueueUrl=url, WaitTimeSeconds=20)
        time.sleep(0.3)
        started = time.monotonic()
        bench.cloud.stop()
        polling.exception()
    assert time.monotonic() - started < 20
