"""The monolith as pragmatic runs it: one queue for its events and for requests to back up."""

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.apps.running import StartApp

WAIT_S = 60


@pytest.fixture(scope="module")
def pragmatic(emulator: Any, start_app: StartApp) -> tuple[str, str, str]:
    """The process's URL, its queue and its bucket."""
    queue = emulator.client("sqs").create_queue(QueueName="pragmatic")["QueueUrl"]
    emulator.client("s3").create_bucket(
        Bucket="pragmatic-backups", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    variables = emulator.variables | {
        "EVENTS_QUEUE_URL": queue,
        "QUEUE_URL": queue,
        "BACKUP_BUCKET": "pragmatic-backups",
        "BACKUP_PREFIX": "backups/pragmatic",
        "APP_VERSION": "1.2.3",
    }
    return start_app("monolith", variables).url, queue, "pragmatic-backups"


def post(url: str, path: str, body: object) -> Any:
    answer = httpx.post(f"{url}/api/v1/{path}", json=body, verify=False)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_events_come_back_through_the_queue(pragmatic: tuple[str, str, str]) -> None:
    """A bill of heating goes through the queue and comes back to the same process as an expense."""
    url, _, _ = pragmatic
    bill = {
        "period_from": "2026-01-01",
        "period_to": "2026-01-31",
        "kwh_milli": 1,
        "amount_minor": 5,
        "currency": "EUR",
    }
    made = post(url, "heating/bills", bill)
    deadline = time.monotonic() + WAIT_S
    while not (items := httpx.get(f"{url}/api/v1/expenses/expenses", verify=False).json()["items"]):
        assert time.monotonic() < deadline, "the bill did not become an expense"
        time.sleep(0.02)
    assert [(item["source"], item["source_ref"]) for item in items] == [("heating", made["id"])]


def test_a_backup_is_made_on_request(pragmatic: tuple[str, str, str], emulator: Any, tmp_path: Path) -> None:
    """A message asks for a backup, and the bucket gets a whole copy of all three domains, the manifest last."""
    url, queue, bucket = pragmatic
    post(url, "expenses/categories", {"name": "Kept"})
    kind = "dev.trackstack.ops.backup.requested.v1"
    message = {"specversion": "1.0", "id": "1", "source": "/test", "type": kind, "data": {"request_id": "request-1"}}
    emulator.client("sqs").send_message(
        QueueUrl=queue,
        MessageBody=json.dumps(message),
        MessageAttributes={"type": {"DataType": "String", "StringValue": kind}},
    )
    s3 = emulator.client("s3")
    deadline = time.monotonic() + WAIT_S
    while not (keys := [each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())]) or not any(
        key.endswith("/manifest.json") for key in keys
    ):
        assert time.monotonic() < deadline, f"no manifest, only {keys}"
        time.sleep(0.05)
    (manifest_key,) = [key for key in keys if key.endswith("/manifest.json")]
    manifest = json.loads(s3.get_object(Bucket=bucket, Key=manifest_key)["Body"].read())
    assert (manifest["request_id"], manifest["source"], manifest["app_version"]) == ("request-1", "pragmatic", "1.2.3")
    assert set(manifest["schema"]) == {"expenses", "gym", "heating"}
    copy = tmp_path / "app.db"
    s3.download_file(bucket, manifest_key.replace("manifest.json", "app.db"), str(copy))
    connection = sqlite3.connect(copy)
    names = [name for (name,) in connection.execute("SELECT name FROM expenses_category ORDER BY name")]
    connection.close()
    assert "Kept" in names
    metrics = httpx.get(f"{url}/metrics", verify=False).text
    (line,) = [line for line in metrics.splitlines() if line.startswith("backup_last_success_timestamp_seconds")]
    assert float(line.rpartition(" ")[2]) > 1.7e9
