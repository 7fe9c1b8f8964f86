"""What queues and topics cost."""

import json
from decimal import Decimal
from typing import Any

SERVICE, DEFINITION = "aws:ecs/service:Service", "aws:ecs/taskDefinition:TaskDefinition"
QUEUE, TOPIC = "aws:sqs/queue:Queue", "aws:sns/topic:Topic"
USE = {"sqs__messages": 1000, "sqs__kb_per_message": 2}


def consumer(resource: Any, name: str, url: str, tasks: int = 1) -> tuple[Any, Any]:
    """A service that is told the queue it reads."""
    containers = json.dumps([{"name": name, "environment": [{"name": "QUEUE_URL", "value": url}]}])
    size = {"cpu": "256", "memory": "512", "containerDefinitions": containers}
    return (
        resource(DEFINITION, name, outputs={"arn": f"{name}:1"}, **size),
        resource(SERVICE, name, taskDefinition=f"{name}:1", desiredCount=tasks, launchType="FARGATE"),
    )


def queue(resource: Any, url: str, wait_s: int | None = 20) -> Any:
    return resource(QUEUE, url, outputs={"url": url}, receiveWaitTimeSeconds=wait_s, tags={"layer": "persistent"})


def requests(priced: Any) -> list[Decimal]:
    return [line.quantity for line in priced.lines if line.price.id == "sqs.request"]


def test_every_poll_is_a_request(resource: Any, price: Any) -> None:
    """Empty or not; the queue stays all month, its consumer only polls while it is running."""
    # 3600/20 polls × 112 h; 1,000 messages sent, received and deleted
    assert requests(price(queue(resource, "q"), *consumer(resource, "c", "q"), **USE)) == [20_160, 3_000]


def test_polling_all_month(resource: Any, price: Any) -> None:
    """One consumer with a wait of 20 s makes 131,400 requests in 730 h."""
    assert requests(price(queue(resource, "q"), *consumer(resource, "c", "q"), hours=730, **USE))[0] == 131_400


def test_short_polls_cost_more(resource: Any, price: Any) -> None:
    """Two consumers with a wait of 5 s: eight times as many."""
    two = consumer(resource, "c", "q", tasks=2)
    assert requests(price(queue(resource, "q", wait_s=5), *two, hours=730, **USE))[0] == 1_051_200


def test_no_wait_is_the_dearest(resource: Any, price: Any) -> None:
    """A poll that comes back at once is taken as one a second."""
    assert requests(price(queue(resource, "q", wait_s=None), *consumer(resource, "c", "q"), **USE))[0] == 403_200


def test_a_message_counts_in_units_of_64_kb(resource: Any, price: Any) -> None:
    """One of 65 KB counts twice when it is sent and when it is received; to delete it is one request."""
    # 1,000 messages × (2 + 2 + 1) units
    use = {**USE, "sqs__kb_per_message": 65}
    assert requests(price(queue(resource, "q"), *consumer(resource, "c", "q"), **use))[1] == 5_000


def test_a_dead_letter_queue_is_free(resource: Any, price: Any) -> None:
    """Nobody polls it; what lies in it costs nothing."""
    priced = price(queue(resource, "dead"), queue(resource, "q"), *consumer(resource, "c", "q"), **USE)
    assert requests(priced) == [20_160, 3_000]
    assert (QUEUE, "nobody polls it; keeping messages costs nothing") in priced.free


def test_a_topic_bills_what_is_published(resource: Any, bill: Any) -> None:
    """Delivery to queues is free."""
    # 2,000,000 × $0.0000005, and twice that above 64 KB
    million = {"sns__publishes": 2_000_000}
    assert bill(resource(TOPIC), sqs__kb_per_message=64, **million) == {"sns.publish": Decimal(1)}
    assert bill(resource(TOPIC), sqs__kb_per_message=65, **million) == {"sns.publish": Decimal(2)}


def test_queues_share_the_stated_messages(resource: Any, price: Any) -> None:
    """Stated for the stack: 1,000 over both queues are 3,000 requests in all, beside each one's polls."""
    both = [each for name in ("a", "b") for each in (queue(resource, name), *consumer(resource, name, name))]
    assert requests(price(*both, **USE)) == [20_160, 1_500, 20_160, 1_500]
