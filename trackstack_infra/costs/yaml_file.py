"""YAML of prices, assumptions and claims: a key given twice is an error, and never silently replaces the first."""

from collections.abc import Hashable
from typing import Any, Final

import yaml

_SafeLoader: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _EachKeyOnce(_SafeLoader):  # type: ignore[misc, valid-type]
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f"duplicate key {twice}", node.start_mark)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def read_yaml(raw: bytes) -> Any:
    """The document in a file's bytes; raises yaml.YAMLError."""
    return yaml.load(raw, Loader=_EachKeyOnce)  # noqa: S506 (a SafeLoader)
