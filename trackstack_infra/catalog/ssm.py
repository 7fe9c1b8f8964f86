"""Systems Manager: parameters."""

from typing import Final

from trackstack_infra.catalog.fidelity import STORAGE
from trackstack_infra.catalog.resource_type import Name, ResourceType

TYPES: Final = (
    ResourceType(
        "aws:ssm/parameter:Parameter",
        name=Name("name", r"/[\w./-]{1,1010}"),
        fidelity=STORAGE,
        outputs={"id": "{name}", "arn": "arn:aws:ssm:{region}:{account}:parameter{name}"},
        free="standard parameters cost nothing, nor does AWS's own key for them",
    ),
)
