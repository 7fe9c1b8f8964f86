"""SQS."""

from typing import Final

from trackstack_infra.catalog.fidelity import MESSAGES, PERMISSIONS
from trackstack_infra.catalog.resource_type import Data, DataRole, Drawn, Family, Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:sqs/queue:Queue",
        drawn=Drawn("SQS queue", Family.EVENTS, rank=160),
        name=Name("name", r"[\w-]{1,80}"),
        data=Data(DataRole.HOLDS, "messages"),
        fidelity=MESSAGES,
        outputs={
            "id": "https://sqs.{region}.amazonaws.com/{account}/{name}",
            "url": "{id}",
            "arn": "arn:aws:sqs:{region}:{account}:{name}",
        },
        free="nobody polls it; keeping messages costs nothing",
        shown=("name", "messageRetentionSeconds", "visibilityTimeoutSeconds"),
    ),
    ResourceType("aws:sqs/queuePolicy:QueuePolicy", tags=False, fidelity=PERMISSIONS, free="a right"),
    # No program registers one; rules watch for it.
    ResourceType("aws:sqs/redrivePolicy:RedrivePolicy", tags=False),
)
