"""The events domains publish for each other, held against the files committed for them."""

import json
from typing import Any

import pytest

from apps.common.events import Envelope, Event
from apps.contracts import EVENTS
from apps.contracts.schema import FOLDER, SAMPLES, file_name, render

by_type = pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.type)


def sample(kind: type[Event]) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SAMPLES / file_name(kind)).read_text(encoding="utf-8"))
    return document


@by_type
def test_a_sample_is_read_and_written_the_same(kind: type[Event]) -> None:
    """An event read from its golden sample and sent on is the same document, word for word."""
    document = sample(kind)
    read = Envelope.from_json(json.dumps(document))
    event = read.event(kind)
    sent = Envelope.wrap(event, id=read.id, time=read.time, sequence=read.sequence)
    assert json.loads(sent.to_json()) == document


@by_type
def test_unknown_fields_are_ignored(kind: type[Event]) -> None:
    """A newer producer may add fields: an older consumer reads the event all the same."""
    document = sample(kind)
    newer = document | {"partitionkey": "a", "data": document["data"] | {"added_later": {"deep": [1, 2]}}}
    assert Envelope.from_json(json.dumps(newer)).event(kind) == Envelope.from_json(json.dumps(document)).event(kind)


@by_type
def test_the_committed_schema_is_the_class(kind: type[Event]) -> None:
    """The JSON Schema of each event is committed, so that a change of the contract shows in a review."""
    committed = (FOLDER / file_name(kind)).read_text(encoding="utf-8")
    assert committed == render(kind), "run `python -m apps.contracts.schema`, and mind that v1 may only gain fields"


@by_type
def test_a_field_is_missed(kind: type[Event]) -> None:
    """An event without its version is refused: a consumer could not tell old from new."""
    data = {name: value for name, value in sample(kind)["data"].items() if name != "version"}
    with pytest.raises(ValueError, match="version"):
        kind.model_validate(data)


def test_nothing_else_is_committed() -> None:
    """No schema or sample is left behind by an event that is gone."""
    expected = {file_name(kind) for kind in EVENTS}
    assert {path.name for path in FOLDER.iterdir()} == expected
    assert {path.name for path in SAMPLES.iterdir()} == expected


def test_types_are_unique_and_versioned() -> None:
    """Each event has its own type, named after its domain, and starts at version 1."""
    types = [kind.type for kind in EVENTS]
    assert len(set(types)) == 9
    assert all(name.startswith("dev.trackstack.") and name.endswith(".v1") for name in types)
