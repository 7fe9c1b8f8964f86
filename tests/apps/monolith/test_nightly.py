"""The nightly backup, from the schedule of the infrastructure to the bucket."""

import json
import time
from typing import Any

from tests.apps.running import StartApp
from trackstack_infra.components.alarms import BACKUP_MADE
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.nightly import NightlyBackup
from trackstack_infra.graph import record
from trackstack_infra.settings.groups import NightlyBackupSettings

WAIT_S = 60
FILLED_IN = {
    "<aws.scheduler.execution-id>": "d32c5kddcf5bb8c3",
    "<aws.scheduler.scheduled-time>": "2026-11-22T02:00:00Z",
}


def scheduled_message() -> str:
    """What EventBridge Scheduler would put into the queue."""

    def program() -> None:
        NightlyBackup("nightly", backup=NightlyBackupSettings(), queue=Queue("monolith"))

    graph = record(program, stack="pragmatic", outputs="fabricated")
    text = str(graph.one("aws:scheduler/schedule:Schedule", "nightly-schedule").inputs["target"]["input"])
    for attribute, value in FILLED_IN.items():
        assert attribute in text
        text = text.replace(attribute, value)
    return text


def test_the_message_of_the_schedule_makes_a_backup(emulator: Any, start_app: StartApp) -> None:
    """The schedule's own message, in the queue of a running monolith, ends in a manifest with that night's id."""
    queue = emulator.client("sqs").create_queue(QueueName="nightly")["QueueUrl"]
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="nightly-backups", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    app = start_app(
        "monolith",
        emulator.variables
        | {"EVENTS_QUEUE_URL": queue, "QUEUE_URL": queue, "BACKUP_BUCKET": "nightly-backups", "APP_VERSION": "1.2.3"},
    )
    message = scheduled_message()
    assert "<" not in message
    emulator.client("sqs").send_message(QueueUrl=queue, MessageBody=message)
    deadline = time.monotonic() + WAIT_S
    while not (
        manifests := [
            each["Key"]
            for each in s3.list_objects_v2(Bucket="nightly-backups").get("Contents", ())
            if each["Key"].endswith("/manifest.json")
        ]
    ):
        assert time.monotonic() < deadline, "no manifest"
        time.sleep(0.05)
    manifest = json.loads(s3.get_object(Bucket="nightly-backups", Key=manifests[0])["Body"].read())
    assert manifest["request_id"] == "d32c5kddcf5bb8c3"
    while BACKUP_MADE not in app.log.read_text():
        assert time.monotonic() < deadline, "no line that the alarm about missing backups could count"
        time.sleep(0.05)
