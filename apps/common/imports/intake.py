"""Intake: what a domain says about one file while it is imported. The rest is the same for every domain (upload.py).

class StatementIntake(Intake[Entry]):
    def survey(self, record): …          # every record of the file, before anything is taken
    def decide(self, reader): …          # what holds for the whole file; raises Unprocessable
    def read(self, record): …            # the meaning of one record; ValueError refuses it, Skip leaves it out
    def identity(self, meaning): …       # what makes two rows the same
    def take(self, rows, tx, run): …     # write some rows; one outcome a row, in their order
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, Literal, NamedTuple, TypeVar

from pydantic import ValidationError

from apps.common.imports.decisions import Decision
from apps.common.imports.sheet import Record
from apps.common.problem import Problem
from apps.common.transaction import Readable, Transaction

T = TypeVar("T")

Result = Literal["taken", "known", "changed", "skipped", "refused"]


class Skip(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """This record is no entry and needs none: a rest timer, a transfer between own accounts. Says why."""


class Row(NamedTuple, Generic[T]):
    """A record that was understood: the line it begins at, what it means, and the key of that meaning."""

    line: int
    meaning: T
    key: str


class Outcome(NamedTuple):
    """What became of a row, and why when it was refused or skipped."""

    result: Result
    reason: str | None = None


TAKEN, KNOWN, CHANGED = Outcome("taken"), Outcome("known"), Outcome("changed")


def refused(error: Problem | ValueError) -> Outcome:
    """The outcome of a row that raised this."""
    return Outcome("refused", reason_of(error))


@dataclass(frozen=True, slots=True)
class Run:
    """The import under way, for what a domain writes: its id, and whether rows whose record is gone come back."""

    id: str
    again: bool


class Intake(ABC, Generic[T]):
    """One file of a known format, for the time of one request."""

    format: str
    """The format's name, in reports."""

    @abstractmethod
    def survey(self, record: Record) -> None:
        """Look at one record, of which all come once before `decide`. Keeps evidence, never records."""

    @abstractmethod
    def decide(self, reader: Readable) -> Sequence[Decision]:
        """What holds for the whole file; 422 when it contradicts itself or lacks what only its owner knows."""

    @abstractmethod
    def read(self, record: Record) -> T:
        """What a record means; raises ValueError or Problem to refuse it, Skip to leave it out."""

    @abstractmethod
    def identity(self, meaning: T) -> Sequence[str | int | None]:
        """What makes two rows the same thing, however they are written. Keep it unchanged: stored keys come from it.

        Empty when the domain makes its keys itself.
        """

    @abstractmethod
    def take(self, rows: Sequence[Row[T]], tx: Transaction, run: Run) -> Sequence[Outcome]:
        """Write a part of the file in one transaction; one outcome a row, in their order."""

    def boundary(self, before: T, after: T) -> bool:
        """Whether a part may end between these two rows."""
        return True

    def notes(self) -> Sequence[str]:
        """What else the report should say, once all rows are done."""
        return ()


class Keys:
    """The keys of a file's rows. The n-th row with the same identity has a key of its own: two coffees are two."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def of(self, identity: Sequence[str | int | None]) -> str:
        """The key of the next row with this identity; an empty one where the domain makes its keys itself."""
        if not identity:
            return ""
        # Two texts, numbers or None that differ have different representations, the same in every version of Python.
        key = blake2b(repr(tuple(identity)).encode(), digest_size=16).hexdigest()
        occurrence = self._seen.get(key, 0) + 1
        self._seen[key] = occurrence
        return key if occurrence == 1 else f"{key}-{occurrence}"


def reason_of(error: Problem | ValueError) -> str:
    """Why a row is refused, as one sentence."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        return f"{place}: {message}" if place else message
    return error.detail if isinstance(error, Problem) else str(error)
