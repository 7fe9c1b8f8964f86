"""Payments: what a domain counts of the expenses it receives, however often, late and out of order they come."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from example_domains.library_domain import MIGRATIONS, PAID, Spent, TakenBack, service
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.database import Database, Transaction
from apps.common.events import Envelope
from apps.common.inbox import Inbox, Outcome
from apps.common.metrics import Metrics
from apps.common.payments import Payments

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""When the library takes its events in, long after they happened."""

EIGHT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ALWAYS = ("0000-00", "9999-99")
Sums = dict[tuple[str, str], int]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """The library's database, empty."""
    with Database(tmp_path / "app.db", {"library": MIGRATIONS}, clock=lambda: NOON) as opened:
        yield opened


def spent(
    expense: str,
    version: int,
    minor: int,
    *,
    on: str = "2026-03-14",
    currency: str = "EUR",
    tag: str | None = "library",
    kind: type[Spent] = Spent,
) -> Spent:
    """One version of an expense."""
    return kind(
        expense_id=expense,
        occurred_on=date.fromisoformat(on),
        amount_minor=minor,
        currency=currency,
        tag=tag,
        version=version,
    )


def deliver(database: Database, *events: Spent, minutes: int = 0) -> None:
    """Let the library's inbox take events that happened this long after eight, each version a minute after the last."""
    messages = []
    for event in events:
        time = EIGHT + timedelta(minutes=minutes + event.version)
        event_id = f"{event.expense_id}-{event.version}"
        messages.append(Envelope.wrap(event, id=event_id, time=time, sequence=event.version).to_json())
    outcomes = Inbox([service], database, Metrics("test", "dev")).take(messages)
    assert all(outcome in {Outcome.HANDLED, Outcome.DUPLICATE} for outcome in outcomes)


def sums(database: Database, first: str = ALWAYS[0], last: str = ALWAYS[1]) -> Sums:
    """What was paid, by month and currency."""
    return database.read_now(lambda reader: PAID.sums(first, last, reader))


def test_months_and_currencies_are_summed_apart(database: Database) -> None:
    """Payments of one month and currency are added up, refunds taken off; other months and currencies stand apart."""
    deliver(
        database,
        spent("a", 1, 1999, on="2026-03-01"),
        spent("b", 1, 501, on="2026-03-31"),
        spent("c", 1, -300, on="2026-03-15"),
        spent("d", 1, 700, on="2026-03-15", currency="CHF"),
        spent("e", 1, 42, on="2026-04-01"),
    )
    assert sums(database) == {("2026-03", "EUR"): 2200, ("2026-03", "CHF"): 700, ("2026-04", "EUR"): 42}


def test_only_the_months_asked_for_are_summed(database: Database) -> None:
    """The first and the last month asked for are both within, across the end of a year too."""
    days = ["2025-11-30", "2025-12-01", "2026-01-31", "2026-02-01"]
    deliver(database, *(spent(f"e{number}", 1, 10**number, on=day) for number, day in enumerate(days)))
    assert sums(database, "2025-12", "2026-01") == {("2025-12", "EUR"): 10, ("2026-01", "EUR"): 100}
    assert sums(database, "2026-02", "2026-02") == {("2026-02", "EUR"): 1000}
    assert sums(database, "2026-03", "2026-12") == {}
    assert database.read_now(PAID.months) == ("2025-11", "2026-02")


def test_before_the_first_event_nothing_is_known(database: Database) -> None:
    """A domain that has received nothing yet has no sums, no months, and no instant up to which it knows."""
    assert sums(database) == {}
    assert database.read_now(PAID.months) is None
    assert database.read_now(PAID.as_of) is None


def test_the_newest_version_counts(database: Database) -> None:
    """A changed expense replaces what was counted of it, also into another month; an older event changes nothing."""
    deliver(database, spent("a", 1, 1000), spent("a", 3, 1200, on="2026-05-02"))
    assert sums(database) == {("2026-05", "EUR"): 1200}
    deliver(database, spent("a", 2, 1100))
    assert sums(database) == {("2026-05", "EUR"): 1200}


def test_an_event_that_comes_twice_counts_once(database: Database) -> None:
    """The same event again, past the inbox too, adds nothing."""
    event = spent("a", 1, 1000)
    deliver(database, event, event)
    database.write_now("library", lambda tx: PAID.keep(event, tx, counted=True))
    assert sums(database) == {("2026-03", "EUR"): 1000}


def test_what_was_taken_back_stays_so(database: Database) -> None:
    """A removed expense counts no more, and an older event that comes after its removal does not bring it back."""
    deliver(database, spent("a", 1, 1000), spent("b", 1, 5))
    deliver(database, spent("a", 3, 1000, kind=TakenBack))
    deliver(database, spent("a", 2, 1000))
    assert sums(database) == {("2026-03", "EUR"): 5}
    kept = database.read_now(lambda reader: reader.all("SELECT expense_id, counted, version FROM library_expense"))
    assert sorted(tuple(row) for row in kept) == [("a", 0, 3), ("b", 1, 1)]


def test_a_removal_may_come_first(database: Database) -> None:
    """An expense whose removal arrives before it was ever heard of is never counted; made anew, it counts again."""
    deliver(database, spent("a", 2, 1000, kind=TakenBack), spent("a", 1, 1000))
    assert sums(database) == {}
    assert database.read_now(PAID.months) is None
    deliver(database, spent("a", 3, 800))
    assert sums(database) == {("2026-03", "EUR"): 800}


def test_only_what_was_paid_for_this_domain_counts(database: Database) -> None:
    """Expenses of another tag or of none do not count; one that moves here begins to, one that moves away ends."""
    deliver(database, spent("here", 1, 1), spent("there", 1, 10, tag="gym"), spent("nowhere", 1, 100, tag=None))
    assert sums(database) == {("2026-03", "EUR"): 1}
    deliver(database, spent("here", 2, 1, tag="gym"), spent("there", 2, 10), spent("nowhere", 2, 100, tag="gym"))
    assert sums(database) == {("2026-03", "EUR"): 10}


def test_it_is_known_up_to_the_newest_event(database: Database) -> None:
    """The sums are as of when the newest event happened, not when it came; one for another domain counts as well."""
    deliver(database, spent("a", 1, 1000), minutes=30)
    assert database.read_now(PAID.as_of) == "2026-03-01T08:31:00.000000Z"
    deliver(database, spent("b", 1, 1000), minutes=10)
    assert database.read_now(PAID.as_of) == "2026-03-01T08:31:00.000000Z"
    deliver(database, spent("c", 1, 1000, tag="gym"), minutes=40)
    assert database.read_now(PAID.as_of) == "2026-03-01T08:41:00.000000Z"
    deliver(database, spent("a", 2, 1000, kind=TakenBack), minutes=58)
    assert database.read_now(PAID.as_of) == "2026-03-01T09:00:00.000000Z"


def test_what_is_kept_without_an_event_is_as_of_now(database: Database) -> None:
    """Outside of a handler, as when a database is filled from another, it is as of the transaction."""
    database.write_now("library", lambda tx: PAID.keep(spent("a", 1, 1000), tx, counted=True))
    assert database.read_now(PAID.as_of) == "2026-11-24T12:00:00.000000Z"


@pytest.mark.parametrize("name", ["", "Library", "library_expense", "x; DROP TABLE y", "bücher"])
def test_only_a_domain_keeps_payments(name: str) -> None:
    """The domain's name becomes part of a table's name, so that nothing but a name may pass."""
    with pytest.raises(ValueError, match="is not a domain name"):
        Payments(name)


# -- any delivery -----------------------------------------------------------------------------------------------------


class UndoneError(Exception):
    """Undoes a delivery, so that the next one begins with nothing."""


Known = tuple[Sums, tuple[str, str] | None, str | None]


def known_after(database: Database, *orders: list[Spent]) -> list[Known]:
    """What the library would know after each of these, taken in past its inbox; leaves nothing behind."""
    known: list[Known] = []

    def work(tx: Transaction) -> None:
        for events in orders:
            with suppress(UndoneError), tx.attempt():
                for event in events:
                    tx.event_time = EIGHT + timedelta(minutes=event.version)
                    service.handlers[type(event)](event, tx)
                known.append((PAID.sums(*ALWAYS, tx), PAID.months(tx), PAID.as_of(tx)))
                raise UndoneError

    database.write_now("library", work)
    return known


versions = st.tuples(
    st.sampled_from([Spent, Spent, TakenBack]),
    st.integers(-300, 300),
    st.sampled_from(["2026-01-31", "2026-02-01", "2026-12-24"]),
    st.sampled_from(["EUR", "CHF"]),
    st.sampled_from(["library", "library", "gym", None]),
)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Spent], list[Spent]]:
    """Events in order, and a delivery of them: each at least once, in any order."""
    events = [
        spent(f"expense-{number}", version, minor, on=on, currency=currency, tag=tag, kind=kind)
        for number, history in enumerate(draw(st.lists(st.lists(versions, min_size=1, max_size=4), max_size=4)))
        for version, (kind, minor, on, currency, tag) in enumerate(history, start=1)
    ]
    again = draw(st.lists(st.sampled_from(events), max_size=6)) if events else []
    return events, draw(st.permutations([*events, *again]))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries())
def test_order_and_repetition_do_not_matter(database: Database, drawn: tuple[list[Spent], list[Spent]]) -> None:
    """Whatever the order and however often events come, what was paid is the sum over each expense's last version."""
    events, delivery = drawn
    last = {event.expense_id: event for event in events}.values()
    paid: Sums = {}
    for event in last:
        if type(event) is Spent and event.tag == "library":
            place = (event.occurred_on.isoformat()[:7], event.currency)
            paid[place] = paid.get(place, 0) + event.amount_minor
    months = sorted(month for month, _ in paid)
    newest = max((event.version for event in last), default=None)
    expected = (
        paid,
        (months[0], months[-1]) if months else None,
        None if newest is None else f"2026-03-01T08:0{newest}:00.000000Z",
    )
    assert known_after(database, events, delivery, []) == [expected, expected, ({}, None, None)]
