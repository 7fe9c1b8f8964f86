"""Events and their CloudEvents 1.0 envelope."""

import json
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from example_domains.pantry_items import ItemCounted
from hypothesis import given
from hypothesis import strategies as st

from apps.common.events import Envelope, Event, EventType, MalformedEnvelope

NOW = datetime(2026, 11, 24, 13, 5, 0, 120000, tzinfo=UTC)
RICE = ItemCounted(item_id="019", name="Rice", pieces=3, version=2)


def wrapped() -> Envelope:
    """The event in its envelope."""
    return Envelope.wrap(RICE, id="0199-e", time=NOW, sequence=2, traceparent="00-" + "a" * 32 + "-" + "b" * 16 + "-01")


def test_an_event_travels_as_a_cloudevent() -> None:
    """The document has every attribute of CloudEvents 1.0 that we use, and the whole state as data."""
    assert json.loads(wrapped().to_json()) == {
        "specversion": "1.0",
        "id": "0199-e",
        "source": "/trackstack/pantry",
        "type": "dev.trackstack.pantry.item.counted.v1",
        "subject": "item/019",
        "time": "2026-11-24T13:05:00.120000Z",
        "datacontenttype": "application/json",
        "dataschema": "https://trackstack.dev/events/pantry.item.counted/1.json",
        "sequence": "2",
        "traceparent": "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01",
        "data": {"item_id": "019", "name": "Rice", "pieces": 3, "version": 2},
    }


@given(name=st.text(), pieces=st.integers(), sequence=st.integers(0, 2**31))
def test_whatever_is_in_an_event_arrives(name: str, pieces: int, sequence: int) -> None:
    """Any text and number comes out of the envelope as it went in."""
    event = ItemCounted(item_id="1", name=name.encode("utf-8", "replace").decode(), pieces=pieces, version=1)
    envelope = Envelope.wrap(event, id="e", time=NOW, sequence=sequence)
    back = Envelope.from_json(envelope.to_json())
    assert back == envelope
    assert back.event(ItemCounted) == event


def test_a_newer_event_can_be_read_by_an_older_program() -> None:
    """Fields that came later, in the data or around it, are ignored."""
    document = json.loads(wrapped().to_json())
    document["datasubject"] = "new"
    document["data"]["shelf"] = "top"
    assert Envelope.from_json(json.dumps(document)).event(ItemCounted) == RICE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"specversion": "0.3"}, "specversion is not 1.0"),
        ({"id": ""}, "id is missing"),
        ({"type": 7}, "type is missing"),
        ({"time": "yesterday"}, "no event of ours"),
        ({"time": "2026-11-24T13:05:00"}, "has no time zone"),
        ({"data": [1]}, "data is missing"),
        ({"sequence": "x"}, "no event of ours"),
    ],
)
def test_a_broken_envelope_says_what_is_wrong(change: dict[str, object], reason: str) -> None:
    """A message that is no event of ours is refused with the reason."""
    document = json.loads(wrapped().to_json()) | change
    with pytest.raises(MalformedEnvelope, match=reason):
        Envelope.from_json(json.dumps(document))


@pytest.mark.parametrize("text", ["", "no json", "[]", "null", "17", '"text"', "{}", "\ud800", "[" * 100_000])
def test_anything_else_is_no_event(text: str) -> None:
    """Whatever lies in a queue, reading it ends in one kind of error."""
    with pytest.raises(MalformedEnvelope):
        Envelope.from_json(text)


def test_data_that_does_not_fit_is_refused() -> None:
    """Data without a needed field is no event of that type."""
    document = json.loads(wrapped().to_json())
    del document["data"]["pieces"]
    with pytest.raises(MalformedEnvelope, match="does not fit ItemCounted"):
        Envelope.from_json(json.dumps(document)).event(ItemCounted)


def test_a_type_names_domain_event_and_version() -> None:
    """A type has four parts, and a class with a misspelt type cannot be defined."""
    assert EventType.of("dev.trackstack.heating.bill.recorded.v12") == EventType("heating", "bill.recorded", 12)
    with pytest.raises(ValueError, match="is not an event type"):

        class Wrong(Event):
            type: ClassVar[str] = "trackstack.bill.recorded"
