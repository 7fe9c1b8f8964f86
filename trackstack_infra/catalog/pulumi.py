"""Pulumi itself."""

from typing import Final

from trackstack_infra.catalog.resource_type import ResourceType

TYPES: Final = (
    ResourceType("pulumi:pulumi:StackReference", tags=False, free="outputs of another stack, read and not made"),
)
