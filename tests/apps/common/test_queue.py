"""Queue and topic: what we say to SNS and SQS, tried against an emulator of both."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from example_domains.both import BOTH
from example_domains.pantry_items import ItemCounted, NewItem, put

from apps.common.consumer import Consumer
from apps.common.database import Database, Transaction
from apps.common.events import Envelope
from apps.common.inbox import Inbox
from apps.common.metrics import Metrics
from apps.common.publishers import Queue, Topic
from apps.common.relay import Relay

BACKUP = "dev.trackstack.ops.backup.requested.v1"


@pytest.fixture(scope="module")
def endpoint(emulator: Any) -> str:
    """The emulator, for all tests of this file."""
    url: str = emulator.endpoint
    return url


@pytest.fixture
def aws(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An SQS client; the process's own clients find the emulator through the usual variables."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }.items():
        monkeypatch.setenv(name, value)
    return boto3.client("sqs")


@pytest.fixture
def queue(aws: Any, request: pytest.FixtureRequest) -> str:
    """A queue of the test's own."""
    name = request.node.name.replace("[", "-").replace("]", "")[:80]
    url: str = aws.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
    return url


def waiting(aws: Any, queue: str) -> tuple[int, int]:
    """How many messages are visible, and how many were received but not deleted."""
    found = aws.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    return int(found["ApproximateNumberOfMessages"]), int(found["ApproximateNumberOfMessagesNotVisible"])


def counted(number: int, name: str = "rice") -> str:
    """An event as it lies in a queue."""
    event = ItemCounted(item_id=f"i{number}", name=name, pieces=number, version=1)
    return Envelope.wrap(event, id=f"e{number}", time=datetime.now(UTC), sequence=1).to_json()


def operation(kind: str = BACKUP) -> str:
    """A message for the process itself."""
    return json.dumps({"specversion": "1.0", "type": kind, "data": {"request_id": "r1"}})


def run_until(consumer: Consumer, condition: Any) -> None:
    """Let the consumer run until the condition holds, then stop it."""
    consumer.start()
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    consumer.stop(60)


def test_the_relay_publishes_to_a_queue(aws: Any, queue: str, database: Database) -> None:
    """Each event is one message: the CloudEvents JSON as body, its type as attribute; sent events are marked."""
    database.write_now("pantry", lambda tx: [put(NewItem(name=f"n{n}", pieces=n), tx) for n in range(12)] and None)
    assert Relay(database, Queue(queue), Metrics("test", "dev")).run_once() == 12
    assert waiting(aws, queue) == (12, 0)
    message = aws.receive_message(QueueUrl=queue, MessageAttributeNames=["type"])["Messages"][0]
    assert message["MessageAttributes"]["type"]["StringValue"] == ItemCounted.type
    assert Envelope.from_json(message["Body"]).event(ItemCounted).name == "n0"


def test_the_relay_publishes_to_a_topic(aws: Any, queue: str, database: Database) -> None:
    """Through a topic with raw delivery and a filter on `type` only the wanted events arrive, as the same JSON."""
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="events")["TopicArn"]
    arn = aws.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": [ItemCounted.type]})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)

    def two(tx: Transaction) -> None:
        put(NewItem(name="rice", pieces=3), tx)
        put(NewItem(name="salt", pieces=1), tx)
        tx.execute("UPDATE pantry_outbox SET type = 'dev.trackstack.pantry.item.eaten.v1' WHERE seq = 2")

    database.write_now("pantry", two)
    assert Relay(database, Topic(topic), Metrics("test", "dev")).run_once() == 2
    assert waiting(aws, queue) == (1, 0)
    message = aws.receive_message(QueueUrl=queue)["Messages"][0]
    assert Envelope.from_json(message["Body"]).event(ItemCounted).name == "rice"


def test_the_consumer_deletes_what_is_done_and_leaves_the_rest(aws: Any, queue: str, database: Database) -> None:
    """Handled and unwanted messages are deleted; a poisonous one and one that is no event stay for the dead letters."""
    inbox = Inbox(BOTH, database, Metrics("test", "dev"))
    unwanted = json.dumps(json.loads(counted(8)) | {"type": "dev.trackstack.garden.tree.cut.v1"})
    for body in (counted(1), counted(2, "poison"), "no event", unwanted, counted(3)):
        aws.send_message(QueueUrl=queue, MessageBody=body)
    run_until(Consumer(queue, inbox, {}), lambda: waiting(aws, queue) == (0, 2))
    rows = database.read_now(lambda reader: reader.all("SELECT item_id FROM shopping_stock ORDER BY item_id"))
    assert [row["item_id"] for row in rows] == ["i1", "i3"]


def test_a_message_is_deleted_only_after_its_effect_is_on_disk(aws: Any, queue: str, database: Database) -> None:
    """At the moment the deletion is asked for, everybody can already read the effect."""
    seen: list[int] = []

    class Watching:
        """A client that looks into the database when it deletes."""

        def receive_message(self, **request: Any) -> Any:
            return aws.receive_message(**request)

        def delete_message_batch(self, **request: Any) -> Any:
            row = database.read_now(lambda reader: reader.one("SELECT count(*) AS n FROM shopping_stock"))
            assert row is not None
            seen.append(row["n"])
            return aws.delete_message_batch(**request)

    aws.send_message_batch(QueueUrl=queue, Entries=[{"Id": str(n), "MessageBody": counted(n)} for n in range(5)])
    consumer = Consumer(queue, Inbox(BOTH, database, Metrics("test", "dev")), {}, client=Watching)
    run_until(consumer, lambda: waiting(aws, queue) == (0, 0))
    assert seen[-1] == 5
    assert seen == sorted(seen)
    assert seen[0] > 0


def test_a_process_operation_runs_and_is_deleted(aws: Any, queue: str, database: Database) -> None:
    """A message for the process itself is handed its data and then deleted; one that fails comes again."""
    asked: list[dict[str, Any]] = []

    def backup(data: dict[str, Any]) -> None:
        database.snapshot(database.path.with_name("copy.db"))
        asked.append(data)

    def fail(data: dict[str, Any]) -> None:
        raise RuntimeError("not now")

    operations = {BACKUP: backup, "dev.trackstack.ops.fail.v1": fail}
    for body in (operation(), counted(1), operation("dev.trackstack.ops.fail.v1")):
        aws.send_message(QueueUrl=queue, MessageBody=body)
    consumer = Consumer(queue, Inbox(BOTH, database, Metrics("test", "dev")), operations)
    run_until(consumer, lambda: waiting(aws, queue) == (0, 1))
    assert asked == [{"request_id": "r1"}]
    assert database.path.with_name("copy.db").exists()


def test_events_travel_from_one_process_to_another(
    aws: Any, queue: str, endpoint: str, start_process: Any, tmp_path: Path
) -> None:
    """Two real processes, a queue between them: what the pantry publishes, shopping knows; both stop with exit 0."""
    region = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    pantry = start_process("pantry", data_dir=tmp_path / "pantry", EVENTS_QUEUE_URL=queue, **region)
    shopping = start_process("shopping", data_dir=tmp_path / "shopping", QUEUE_URL=queue, **region)
    pantry.wait_ready()
    shopping.wait_ready()
    pantry.client.post("/api/v1/pantry/items", json={"name": "rice", "pieces": 3})
    deadline = time.monotonic() + 60
    while shopping.client.get("/api/v1/shopping/stock").json() != [{"name": "rice", "pieces": 3}]:
        assert time.monotonic() < deadline, shopping.log.read_text()
        time.sleep(0.05)
    figures = shopping.client.get("/metrics").text
    assert 'events_consumed_total{outcome="handled"} 1.0' in figures
    assert (pantry.stop(), shopping.stop()) == (0, 0)
