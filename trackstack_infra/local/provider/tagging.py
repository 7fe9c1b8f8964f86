"""The shapes in which AWS's services want tags, all made from Pulumi's plain map."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.shapes import Inputs

Shape = Literal["map", "Key", "key"]  # {k: v}, [{Key, Value}], [{key, value}]


def shaped(tags: Mapping[str, str], shape: Shape) -> Any:
    """TAGS as a service of that SHAPE wants them."""
    if shape == "map":
        return dict(tags)
    value = "Value" if shape == "Key" else "value"
    return [{shape: k, value: v} for k, v in tags.items()]


def tags(inputs: Inputs, shape: Shape = "Key") -> Any:
    """The tags of INPUTS, or None, which `call` leaves out."""
    given = inputs.get("tags")
    return shaped(given, shape) if given else None


@dataclass(frozen=True)
class TagResource:
    """`tag_resource` and `untag_resource`, spelt as the service spells their parameters."""

    reference: str
    tags: str
    keys: str
    shape: Shape
    by: Literal["arn", "id"] = "arn"

    def __call__(
        self, client: Client, ref: str, outputs: Mapping[str, Any], put: Mapping[str, str], drop: list[str]
    ) -> None:
        which = {self.reference: ref if self.by == "id" else outputs["arn"]}
        if put:
            client.tag_resource(**which, **{self.tags: shaped(put, self.shape)})
        if drop:
            client.untag_resource(**which, **{self.keys: drop})
