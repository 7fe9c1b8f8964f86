"""Every consumer handles every golden sample of the events it listens to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.common.database import Database
from apps.common.events import Envelope, Event
from apps.common.service import Service
from apps.contracts import EVENTS
from apps.contracts.schema import SAMPLES, file_name
from apps.expenses import service as expenses
from apps.gym import service as gym
from apps.heating import service as heating

SERVICES = (expenses, gym, heating)
PAIRS = [(service, kind) for service in SERVICES for kind in service.handlers]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "app.db", {service.name: service.migrations for service in SERVICES}) as opened:
        yield opened


@pytest.mark.parametrize(("service", "kind"), PAIRS, ids=lambda each: getattr(each, "name", None) or each.__name__)
def test_a_golden_sample_is_handled(database: Database, service: Service, kind: type[Event]) -> None:
    """The sample of an event is handled by whoever listens to it, twice as well as once."""
    text = (SAMPLES / file_name(kind)).read_text(encoding="utf-8")
    later = json.loads(text)
    later["data"]["added_in_a_later_release"] = True
    for envelope in (Envelope.from_json(text), Envelope.from_json(json.dumps(later))):
        event = envelope.event(kind)
        database.write_now(service.name, lambda tx, event=event: service.handlers[kind](event, tx))


def test_every_event_is_wanted_by_somebody() -> None:
    """No event is published that nobody listens to, and nobody listens to an event that is not in the contracts."""
    wanted = {kind for service in SERVICES for kind in service.handlers}
    assert wanted == set(EVENTS)


def test_nobody_listens_to_itself() -> None:
    """A domain never handles its own events: it knows already."""
    for service, kind in PAIRS:
        assert not kind.type.startswith(f"dev.trackstack.{service.name}."), f"{service.name} listens to {kind.type}"
