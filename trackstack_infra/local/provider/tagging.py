"""The shapes in which AWS's services want tags, all made from Pulumi's plain map."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.shapes import Inputs

Outputs = Mapping[str, Any]


def listed(inputs: Inputs, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """The tags of INPUTS as [{Key, Value}]."""
    return [{key: k, value: v} for k, v in (inputs.get("tags") or {}).items()]


def by_name(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return listed({"tags": tags}, key, value)


def mapped(inputs: Inputs) -> dict[str, str]:
    """The tags of INPUTS as {key: value}."""
    return dict(inputs.get("tags") or {})


class ByArn:
    """`tag_resource` and `untag_resource`, spelt as the service spells them."""

    def __init__(self, reference: str, tags: str, keys: str, *, as_list: bool, small: bool = False) -> None:
        self._reference, self._tags, self._keys, self._as_list, self._small = reference, tags, keys, as_list, small

    def __call__(self, client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
        which = {self._reference: outputs["arn"]}
        pair = ("key", "value") if self._small else ("Key", "Value")
        if put:
            client.tag_resource(**which, **{self._tags: by_name(put, *pair) if self._as_list else dict(put)})
        if drop:
            client.untag_resource(**which, **{self._keys: drop})
