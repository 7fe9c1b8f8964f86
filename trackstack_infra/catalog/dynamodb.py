"""DynamoDB."""

from typing import Final

from trackstack_infra.catalog.fidelity import STORAGE
from trackstack_infra.catalog.resource_type import Data, DataRole, Drawn, Family, Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:dynamodb/table:Table",
        drawn=Drawn("DynamoDB table", Family.DATA, rank=130),
        name=Name("name", r"[\w.-]{3,255}"),
        data=Data(DataRole.HOLDS, "items"),
        fidelity=STORAGE,
        outputs={"id": "{name}", "arn": "arn:aws:dynamodb:{region}:{account}:table/{name}"},
        shown=("name", "billingMode", "readCapacity", "writeCapacity"),
    ),
)
