"""Events: what a domain publishes, and the CloudEvents 1.0 envelope it travels in.

An event is a frozen pydantic model with the **full state** of one aggregate. Subclasses live in `apps.contracts`:

    class ExpenseRecorded(Event):
        type: ClassVar[str] = "dev.trackstack.expenses.expense.recorded.v1"
        expense_id: str
        amount_minor: int

        def subject(self) -> str:
            return f"expense/{self.expense_id}"

`Transaction.publish(event, sequence=version)` writes it to the outbox; handlers get the model back. Inside one version
of a type only optional fields may be added: readers ignore fields they do not know.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from apps.common.clock import instant_of, instant_text

_TYPE = re.compile(r"dev\.trackstack\.(?P<domain>[a-z]+)\.(?P<name>[a-z-]+(?:\.[a-z-]+)*)\.v(?P<version>[1-9][0-9]*)")


class Event(BaseModel):
    """One fact about one aggregate. Frozen; unknown fields are ignored, so that an older reader takes a newer event."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        name = getattr(cls, "type", None)
        if name is not None:
            EventType.of(name)

    def subject(self) -> str:
        """What the event is about: `<aggregate>/<id>`, such as `expense/0199…`."""
        raise TypeError(f"{self.__class__.__name__} does not say what it is about: give it a subject()")


@dataclass(frozen=True)
class EventType:
    """The parts of a type's name: `dev.trackstack.expenses.expense.recorded.v1`."""

    domain: str
    name: str
    version: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Take a type's name apart; raises ValueError when it is not one of ours."""
        match = _TYPE.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not an event type; write it like dev.trackstack.gym.workout.completed.v1")
        return cls(match["domain"], match["name"], int(match["version"]))


E = TypeVar("E", bound=Event)

EventClass = type[E]
"""A class of events; named here because an envelope has a field `type` of its own."""


class MalformedEnvelope(ValueError):  # noqa: N818 -- a sentence reads better than a suffix
    """A message that is no CloudEvents 1.0 JSON document of this project."""


@dataclass(frozen=True)
class Envelope:
    """One event as CloudEvents 1.0 in structured JSON, as it lies in the outbox and travels through the queues."""

    id: str
    type: str
    source: str
    subject: str
    time: datetime
    sequence: int
    data: dict[str, Any]
    traceparent: str | None = None

    @classmethod
    def wrap(cls, event: Event, *, id: str, time: datetime, sequence: int, traceparent: str | None = None) -> Self:  # noqa: A002 -- CloudEvents calls it id
        """Put an event into its envelope; `sequence` is the version of its aggregate."""
        return cls(
            id=id,
            type=event.type,
            source=f"/trackstack/{EventType.of(event.type).domain}",
            subject=event.subject(),
            time=time,
            sequence=sequence,
            data=event.model_dump(mode="json"),
            traceparent=traceparent,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read an envelope; raises MalformedEnvelope with the reason."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise MalformedEnvelope(f"the message is no JSON: {error}") from error
        if not isinstance(document, dict) or document.get("specversion") != "1.0":
            raise MalformedEnvelope("the message is no CloudEvents 1.0 document: specversion is not 1.0")
        try:
            return cls(
                id=_text(document, "id"),
                type=_text(document, "type"),
                source=_text(document, "source"),
                subject=_text(document, "subject"),
                time=instant_of(_text(document, "time")),
                sequence=int(document.get("sequence", 0)),
                data=document["data"] if isinstance(document.get("data"), dict) else _missing("data"),
                traceparent=document.get("traceparent"),
            )
        except MalformedEnvelope:
            raise
        except (ValueError, TypeError, OverflowError) as error:
            raise MalformedEnvelope(f"the message is no event of ours: {error}") from error

    def to_json(self) -> str:
        """The document as text."""
        kind = EventType.of(self.type)
        document = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": instant_text(self.time),
            "datacontenttype": "application/json",
            "dataschema": f"https://trackstack.dev/events/{kind.domain}.{kind.name}/{kind.version}.json",
            "sequence": str(self.sequence),
            "data": self.data,
        }
        if self.traceparent is not None:
            document["traceparent"] = self.traceparent
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    def event(self, kind: EventClass[E]) -> E:
        """The event inside; raises MalformedEnvelope when its data does not fit the model."""
        try:
            return kind.model_validate(self.data)
        except ValueError as error:
            raise MalformedEnvelope(f"{self.type} {self.id} does not fit {kind.__name__}: {error}") from error


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) and value else _missing(name)


def _missing(name: str) -> NoReturn:
    raise MalformedEnvelope(f"the message is no event of ours: {name} is missing or of the wrong kind")
