"""SNS."""

from typing import Final

from trackstack_infra.catalog.fidelity import MESSAGES, PERMISSIONS
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType, Terraform

TYPES: Final = (
    ResourceType(
        "aws:sns/topic:Topic",
        drawn=Drawn("SNS topic", Family.EVENTS, rank=150),
        name=Name("name", r"[\w-]{1,256}"),
        fidelity=MESSAGES,
        outputs={"id": "arn:aws:sns:{region}:{account}:{name}", "arn": "{id}"},
        free="costs nothing while nobody publishes",
        shown=("name",),
    ),
    ResourceType(
        "aws:sns/topicSubscription:TopicSubscription",
        tags=False,
        fidelity=MESSAGES,
        outputs={"id": "arn:aws:sns:{region}:{account}:{hex}", "arn": "{id}"},
        terraform=Terraform(properties={"topic": "topic_arn"}),
        free="delivery to queues costs nothing, and the first 1,000 mails of a month",
        costs_with={
            "delivers text messages, HTTP requests or the like, each of which is billed": (
                "protocol=sqs|lambda|email|email-json"
            )
        },
        shown=("topic", "endpoint", "filterPolicy"),
    ),
    ResourceType("aws:sns/topicPolicy:TopicPolicy", tags=False, fidelity=PERMISSIONS, free="a right"),
)
