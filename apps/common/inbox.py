"""Inbox: events handled once, all or nothing.

For each event one savepoint holds the inbox rows and the effects of all domains that handle it; a batch of events is
one transaction. An event seen before changes nothing, so the queue may deliver as often as it likes.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from apps.common import trace
from apps.common.clock import instant_text
from apps.common.database import Database, Transaction
from apps.common.events import Envelope, Event, EventType, MalformedEnvelope
from apps.common.metrics import Metrics
from apps.common.service import Handler, Service

_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a message."""

    HANDLED = "handled"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    NEWER_VERSION = "newer-version"
    MALFORMED = "malformed"
    FAILED = "failed"

    @property
    def done(self) -> bool:
        """Whether the message may go. What is not done comes again, and in the end becomes a dead letter."""
        return self in {Outcome.HANDLED, Outcome.DUPLICATE, Outcome.UNKNOWN}


@dataclass(frozen=True)
class _Subscriber:
    """A domain that handles an event: its class of the event, its handler."""

    domain: str
    kind: type[Event]
    handler: Handler


class Inbox:
    """Takes events as JSON texts, for all domains of this process."""

    def __init__(self, services: Sequence[Service], database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._first = services[0].name
        self._subscribers: dict[str, list[_Subscriber]] = {}
        for service in services:
            for kind, handler in service.handlers.items():
                self._subscribers.setdefault(kind.type, []).append(_Subscriber(service.name, kind, handler))
        self._names = {(each.domain, each.name) for each in map(EventType.of, self._subscribers)}
        self._complained: set[str] = set()

    def take(self, texts: Sequence[str]) -> list[Outcome]:
        """Handle a batch in one transaction; blocks until it is committed. One outcome a text."""
        outcomes: list[Outcome] = []
        envelopes: dict[int, Envelope] = {}
        for position, text in enumerate(texts):
            outcome, envelope = self._look(text)
            outcomes.append(outcome)
            if outcome is Outcome.HANDLED and envelope is not None:
                envelopes[position] = envelope
        results = self._database.write_each_now(self._first, [self._work(each) for each in envelopes.values()])
        for (position, envelope), result in zip(envelopes.items(), results, strict=True):
            outcomes[position] = self._conclude(envelope, result)
        for outcome in outcomes:
            self._metrics.consumed.labels(outcome.value).inc()
        return outcomes

    def _look(self, text: str) -> tuple[Outcome, Envelope | None]:
        """HANDLED when a domain here handles it, else what it is instead."""
        try:
            envelope = Envelope.from_json(text)
        except MalformedEnvelope as error:
            self._complain(f"message is no event: {error}")
            return Outcome.MALFORMED, None
        if envelope.type in self._subscribers:
            return Outcome.HANDLED, envelope
        try:
            kind = EventType.of(envelope.type)
        except ValueError:
            return Outcome.UNKNOWN, envelope
        if (kind.domain, kind.name) in self._names:
            # We know the event, but not this version of it. Kept: after an upgrade it can be handled.
            self._complain(f"{envelope.type} is in a version this program does not know")
            return Outcome.NEWER_VERSION, envelope
        return Outcome.UNKNOWN, envelope

    def _work(self, envelope: Envelope) -> Callable[[Transaction], bool]:
        def work(tx: Transaction) -> bool:
            tx.traceparent = trace.child(envelope.traceparent)
            tx.event_time = envelope.time
            handled = [_handle(envelope, each, tx.of(each.domain)) for each in self._subscribers[envelope.type]]
            return any(handled)

        return work

    def _conclude(self, envelope: Envelope, result: bool | Exception) -> Outcome:
        about = {"event_id": envelope.id, "event_type": envelope.type}
        if isinstance(result, Exception):
            _log.error("event not handled, it will come again", exc_info=result, extra=about)
            return Outcome.FAILED
        if not result:
            return Outcome.DUPLICATE
        self._metrics.observe_lag(envelope.time)
        return Outcome.HANDLED

    def _complain(self, reason: str) -> None:
        """Say it once: the message comes again until it is a dead letter."""
        if reason not in self._complained and len(self._complained) < 1000:
            self._complained.add(reason)
            _log.error(reason)


def _handle(envelope: Envelope, subscriber: _Subscriber, tx: Transaction) -> bool:
    new = tx.execute(
        f"INSERT INTO {tx.domain}_inbox (event_id, type, handled_at) VALUES (:event_id, :type, :handled_at)"  # noqa: S608 -- a domain's name
        " ON CONFLICT (event_id) DO NOTHING",
        event_id=envelope.id,
        type=envelope.type,
        handled_at=instant_text(tx.now),
    )
    if not new:
        return False
    subscriber.handler(envelope.event(subscriber.kind), tx)
    return True
