"""What can be tagged is what the provider says can be."""

import importlib

import pytest

from trackstack_infra.policy.naming import ENGINE_NAMED, NAMED, UNTAGGED


def has(token: str, property_: str) -> bool:
    """Whether the provider's resource of this type has the property."""
    _, module, kind = token.split(":")
    package = {"lambda": "lambda_"}.get(module.partition("/")[0], module.partition("/")[0])
    return hasattr(getattr(importlib.import_module(f"pulumi_aws.{package}"), kind), property_)


@pytest.mark.parametrize("token", sorted(UNTAGGED))
def test_what_is_said_to_have_no_tags_has_none(token: str) -> None:
    """Nothing escapes its tags by being on the list."""
    assert not has(token, "tags")


@pytest.mark.parametrize("token", sorted(NAMED.keys() | ENGINE_NAMED.keys()))
def test_names_are_properties(token: str) -> None:
    """A type's name is looked for where the provider has it."""
    snake = {"creationToken": "creation_token"}
    wanted = {**NAMED, **ENGINE_NAMED}[token]
    assert has(token, snake.get(wanted, wanted))
