"""The catalog of resource types: plain data, an entry a type, in the file of its service."""

import importlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

from trackstack_infra import catalog
from trackstack_infra.catalog import CATALOG, ResourceType, by_token
from trackstack_infra.catalog.fidelity import ROWS
from trackstack_infra.catalog.resource_type import ChosenBy

PYTHON_NAMES = {"lambda": "lambda_"}  # a keyword


def values(value: Any) -> Iterator[Any]:
    """All that a value is made of, itself included."""
    yield value
    if is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        parts = [*value, *value.values()]
    else:
        parts = list(value) if isinstance(value, tuple) else []
    for each in parts:
        yield from values(each)


def provides(token: str, property_: str) -> bool:
    """Whether the provider's class of this type has the property."""
    _, module, kind = token.split(":")
    package = module.partition("/")[0]
    cls = getattr(importlib.import_module(f"pulumi_aws.{PYTHON_NAMES.get(package, package)}"), kind)
    return hasattr(cls, re.sub(r"(?=[A-Z])", "_", property_).lower())


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_an_entry_is_data(entry: ResourceType) -> None:
    """Nothing in it can be called, and nobody can change it: what a type does is code elsewhere."""
    for each in values(entry):
        assert not callable(each), each
        assert isinstance(each, str | int | tuple | Mapping | None) or is_dataclass(each), each
    with pytest.raises(FrozenInstanceError):
        entry.tags = not entry.tags  # type: ignore[misc]


def test_a_type_stands_in_the_file_of_its_service() -> None:
    """Who knows the token knows the file: `aws:sqs/queue:Queue` is in sqs.py."""
    for token in CATALOG:
        _, module, _ = token.split(":")
        service = module.partition("/")[0]
        file = importlib.import_module(f"{catalog.__name__}.{PYTHON_NAMES.get(service, service)}")
        assert token in {each.token for each in file.TYPES}


def test_a_type_has_one_entry() -> None:
    """The second entry of a token is an error that names it."""
    queue = CATALOG["aws:sqs/queue:Queue"]
    with pytest.raises(ValueError, match=r"^the catalog has two entries of aws:sqs/queue:Queue$"):
        by_token([queue, queue])


def test_no_two_types_are_equally_important() -> None:
    """Else it would be chance what a part is called after."""
    ranks = [each.drawn.rank for each in CATALOG.values() if each.drawn]
    assert len(set(ranks)) == len(ranks)


def test_fidelity_is_a_row_of_the_table_that_is_printed() -> None:
    """And each row is some type's, but the one about the app's code, which is no resource."""
    used = {each.fidelity for each in CATALOG.values() if each.fidelity}
    assert used == set(ROWS[1:])


def test_names_that_programs_choose_can_be_checked() -> None:
    """What AWS accepts is said of each of them, and of none that the engine makes."""
    for each in CATALOG.values():
        if each.name:
            assert (each.name.accepted is None) == (each.name.chosen_by is ChosenBy.ENGINE), each.token
            re.compile(each.name.accepted or "")


@pytest.mark.parametrize("entry", CATALOG.values(), ids=CATALOG)
def test_tags_and_names_are_as_the_provider_has_them(entry: ResourceType) -> None:
    """Nothing escapes its tags by an entry that is wrong, and a name is looked for where it is."""
    assert provides(entry.token, "tags") == entry.tags
    assert entry.name is None or provides(entry.token, entry.name.property)
