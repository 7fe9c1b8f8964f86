"""Messages: from topic to queue, and polls that wait without holding anybody up."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from trackstack_infra.local.cloud.patches.sqs import Bell

LONGEST_S = 20  # of a poll, as SQS has it: whoever is answered before that was woken


@pytest.fixture
def queue(bench: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.name.replace("[", "-").replace("]", "")[:70]
    return str(bench.client("sqs").create_queue(QueueName=name)["QueueUrl"])


def arn(bench: Any, queue: str) -> str:
    answer = bench.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def poll(bench: Any, queue: str, seconds: int = LONGEST_S) -> tuple[list[str], float]:
    """The bodies that a long poll answered, and after how long."""
    started = time.monotonic()
    answer = bench.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=seconds, MaxNumberOfMessages=10)
    return [message["Body"] for message in answer.get("Messages", [])], time.monotonic() - started


def test_a_waiting_poll_gets_the_filtered_event_at_once(bench: Any, queue: str) -> None:
    """An event published to a topic wakes the service that waits for its type, raw, and holds up nobody meanwhile."""
    sns = bench.client("sns")
    topic = sns.create_topic(Name="events")["TopicArn"]
    subscription = sns.subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=arn(bench, queue),
        Attributes={"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"type": ["wanted"]})},
        ReturnSubscriptionArn=True,
    )
    assert subscription["SubscriptionArn"]

    def publish(kind: str) -> None:
        attribute = {"DataType": "String", "StringValue": kind}
        sns.publish(TopicArn=topic, Message=json.dumps({"is": kind}), MessageAttributes={"type": attribute})

    bench.client("ecs").create_cluster(clusterName="before")  # a service's first call imports it
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(poll, bench, queue)
        time.sleep(0.3)
        bench.client("ecs").create_cluster(clusterName="meanwhile")
        assert not polling.done()
        publish("unwanted")
        publish("wanted")
        bodies, seconds = polling.result()
    assert bodies == ['{"is": "wanted"}']
    assert seconds < LONGEST_S


def test_an_empty_poll_ends_when_it_should(bench: Any, queue: str) -> None:
    """A poll without messages answers after the time it asked for, not before."""
    bodies, seconds = poll(bench, queue, 1)
    assert bodies == []
    assert 0.9 < seconds < LONGEST_S


def test_a_queue_says_how_long_its_polls_wait(bench: Any) -> None:
    """A poll that names no time waits as long as its queue says."""
    sqs = bench.client("sqs")
    url = sqs.create_queue(QueueName="patient", Attributes={"ReceiveMessageWaitTimeSeconds": "1"})["QueueUrl"]
    started = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert time.monotonic() - started > 0.9


def test_a_message_given_back_wakes_a_poll(bench: Any, queue: str) -> None:
    """A consumer that lets go of a message lets the next one have it at once."""
    sqs = bench.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="again")
    taken = sqs.receive_message(QueueUrl=queue, VisibilityTimeout=60)["Messages"][0]
    with ThreadPoolExecutor(1) as pool:
        polling = pool.submit(poll, bench, queue)
        time.sleep(0.2)
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=taken["ReceiptHandle"], VisibilityTimeout=0)
        bodies, seconds = polling.result()
    assert bodies == ["again"]
    assert seconds < LONGEST_S


def test_a_message_comes_back_when_its_time_is_over(bench: Any, queue: str) -> None:
    """A waiting poll gets a message whose consumer died, as soon as its visibility timeout is over."""
    sqs = bench.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="lost")
    sqs.receive_message(QueueUrl=queue, VisibilityTimeout=1)
    bodies, seconds = poll(bench, queue)
    assert bodies == ["lost"]
    assert seconds < LONGEST_S


def test_a_killed_consumer_takes_no_message(bench: Any, queue: str) -> None:
    """The poll of a consumer that has gone does not swallow what comes after."""
    address = urlsplit(bench.cloud.endpoint)
    body = json.dumps({"QueueUrl": queue, "WaitTimeSeconds": 10, "VisibilityTimeout": 60}).encode()
    head = (
        f"POST / HTTP/1.1\r\nHost: {address.netloc}\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n"
        "Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sqs/aws4_request, Signature=x\r\n"
        f"Content-Type: application/x-amz-json-1.0\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((address.hostname, address.port)) as consumer:
        consumer.sendall(head.encode() + body)
        time.sleep(0.3)
    bench.client("sqs").send_message(QueueUrl=queue, MessageBody="kept")
    assert poll(bench, queue, 2)[0] == ["kept"]


def test_polls_of_a_queue_that_is_not_there_fail(bench: Any, queue: str) -> None:
    """A wrong queue is an error at once, not after 20 seconds."""
    with pytest.raises(bench.client("sqs").exceptions.QueueDoesNotExist):
        poll(bench, queue + "-not", 20)


def test_a_bell_for_everybody_wakes_everybody() -> None:
    """When the emulator stops, polls of all queues end."""
    bell = Bell()
    waiting = threading.Thread(target=bell.wait, args=("region", "queue", bell.count("region", "queue"), 3600))
    waiting.start()
    bell.ring("region", "another")
    waiting.join(0.1)
    assert waiting.is_alive()
    bell.ring_all()
    waiting.join()
