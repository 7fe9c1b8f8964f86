"""The inbox: every event once, all or nothing, in whatever order the queue brings them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from example_domains.both import BOTH, folders
from example_domains.pantry_items import ItemCounted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.database import Database, Reader, Transaction
from apps.common.events import Envelope
from apps.common.inbox import Inbox, Outcome
from apps.common.metrics import Metrics
from apps.common.service import Service

BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def text(item: str, version: int, pieces: int, name: str = "rice") -> str:
    """The message that tells one version of an item."""
    event = ItemCounted(item_id=item, name=name, pieces=pieces, version=version)
    time = BEGAN + timedelta(minutes=version)
    return Envelope.wrap(event, id=f"{item}-{version}", time=time, sequence=version).to_json()


def stock(reader: Reader) -> dict[str, tuple[int, int]]:
    """What shopping knows: pieces and version of each item."""
    rows = reader.all("SELECT item_id, pieces, version FROM shopping_stock")
    return {row["item_id"]: (row["pieces"], row["version"]) for row in rows}


@pytest.fixture
def inbox(database: Database) -> Inbox:
    """The inbox of both domains."""
    return Inbox(BOTH, database, Metrics("test", "dev"))


def test_an_event_has_its_effect_once(inbox: Inbox, database: Database) -> None:
    """The same message twice, even in one batch, is handled once; both copies may then be deleted."""
    message = text("a", 1, 5)
    assert inbox.take([message, message]) == [Outcome.HANDLED, Outcome.DUPLICATE]
    assert inbox.take([message]) == [Outcome.DUPLICATE]
    assert database.read_now(stock) == {"a": (5, 1)}
    assert all(outcome.done for outcome in (Outcome.HANDLED, Outcome.DUPLICATE, Outcome.UNKNOWN))


def test_one_bad_event_does_not_hold_up_the_others(inbox: Inbox, database: Database) -> None:
    """An event nobody can handle stays in the queue and leaves no trace; the rest of its batch is done."""
    outcomes = inbox.take([text("a", 1, 1), text("b", 1, 2, name="poison"), text("c", 1, 3)])
    assert outcomes == [Outcome.HANDLED, Outcome.FAILED, Outcome.HANDLED]
    assert not Outcome.FAILED.done
    assert database.read_now(stock) == {"a": (1, 1), "c": (3, 1)}
    seen = database.read_now(lambda reader: reader.all("SELECT event_id FROM shopping_inbox ORDER BY event_id"))
    assert [row["event_id"] for row in seen] == ["a-1", "c-1"]


def test_what_is_not_for_us_is_let_go_and_what_is_newer_is_kept(inbox: Inbox) -> None:
    """A type nobody here wants is acknowledged; a known event in a later version waits for the upgrade."""
    known = json.loads(text("a", 1, 1))
    other = json.dumps(known | {"type": "dev.trackstack.garden.tree.cut.v1"})
    foreign = json.dumps(known | {"type": "com.example.something"})
    newer = json.dumps(known | {"type": "dev.trackstack.pantry.item.counted.v2"})
    outcomes = inbox.take([other, foreign, newer, "no event"])
    assert outcomes == [Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.NEWER_VERSION, Outcome.MALFORMED]
    assert [outcome.done for outcome in outcomes] == [True, True, False, False]


def test_several_domains_take_an_event_together_or_not_at_all(tmp_path: Path) -> None:
    """When two domains of one process want an event and the second fails, the first one's effect is undone as well."""
    fail = True

    def count_again(event: ItemCounted, tx: Transaction) -> None:
        assert tx.domain == "pantry"
        tx.execute("INSERT INTO pantry_item VALUES (:id, :name, 0, NULL, 1)", id=event.item_id, name=event.name)
        if fail:
            raise RuntimeError("not today")

    pantry = Service("pantry", BOTH[0].routes, {ItemCounted: count_again}, BOTH[0].migrations)
    with Database(tmp_path / "app.db", folders()) as database:
        inbox = Inbox([BOTH[1], pantry], database, Metrics("test", "dev"))
        assert inbox.take([text("a", 1, 5)]) == [Outcome.FAILED]
        assert database.read_now(stock) == {}
        fail = False
        assert inbox.take([text("a", 1, 5)]) == [Outcome.HANDLED]
        assert database.read_now(stock) == {"a": (5, 1)}
        for table in ("shopping_inbox", "pantry_inbox"):
            row = database.read_now(lambda reader, name=table: reader.one(f"SELECT count(*) AS n FROM {name}"))
            assert row["n"] == 1


VERSIONS = [("a", version) for version in range(1, 5)] + [("b", version) for version in range(1, 4)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_and_repetition_do_not_matter(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """However often and in whatever order and batches seven events arrive, the projection ends up the same."""
    order = data.draw(st.permutations(VERSIONS))
    again = data.draw(st.lists(st.sampled_from(VERSIONS), max_size=8))
    batch = data.draw(st.integers(1, 10))
    messages = [text(item, version, pieces=version * 10) for item, version in [*order, *again]]
    with Database(tmp_path_factory.mktemp("db") / "app.db", folders()) as database:
        inbox = Inbox(BOTH, database, Metrics("test", "dev"))
        for begin in range(0, len(messages), batch):
            assert all(outcome.done for outcome in inbox.take(messages[begin : begin + batch]))
        assert database.read_now(stock) == {"a": (40, 4), "b": (30, 3)}
