"""Decisions: what holds for a file as a whole, never for one of its rows: the order of day and month, a unit, a sign.

A decision is given by the caller, or proved by the file, or assumed; it always stands in the report, with its reason
and with the parameter that overrides it. A file that proves two things at once is refused whole, with the two rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from apps.common.problem import Unprocessable

How = Literal["given", "declared", "proved", "known", "assumed"]
"""Given by the caller; declared by the file's header; proved by its rows; known from what is stored; else assumed."""


class Decision(BaseModel):
    """One decision about a file. `name=value` as a parameter of the import gives the same."""

    model_config = ConfigDict(frozen=True)

    name: str
    value: str
    how: How
    note: str
    """Why, as a sentence."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A row that can only mean one thing: its line, and the text that shows it."""

    line: int
    text: str


class Evidence:
    """What the rows of a file prove about one decision: for each value the first row that proves it, and how many."""

    __slots__ = ("_counts", "_first", "name")

    def __init__(self, name: str) -> None:
        self.name: Final = name
        self._first: dict[str, Proof] = {}
        self._counts: dict[str, int] = {}

    def proves(self, value: str, line: int, text: str) -> None:
        """Note that this row can only be read with this value."""
        if value not in self._first:
            self._first[value] = Proof(line, text)
        self._counts[value] = self._counts.get(value, 0) + 1

    @property
    def proofs(self) -> Mapping[str, Proof]:
        """By value, in the order in which they were found."""
        return self._first

    def count(self, value: str) -> int:
        """How many rows prove a value."""
        return self._counts.get(value, 0)

    def decide(
        self,
        *,
        given: str | None,
        words: Callable[[str], str],
        declared: tuple[str, str] | None = None,
        known: str | None = None,
        assumed: str | None = None,
        why_assumed: str = "",
    ) -> Decision | None:
        """The decision, or None when nothing decides; 422 when two rows contradict each other.

        `declared` is a value and who says it; rows that prove another one refuse the file. `words` says a value for
        people. What is given holds, whatever the rows prove: those that contradict it are
        refused one by one.
        """
        if given is not None:
            return Decision(name=self.name, value=given, how="given", note=f"{words(given)}, as given.")
        if len(self._first) > 1:
            (one, first), (other, second), *_ = self._first.items()
            raise Unprocessable(
                f"the file contradicts itself, so nothing of it is taken: line {first.line} ({first.text})"
                f" proves {one}, line {second.line} ({second.text}) proves {other};"
                f" correct the file, or import it with {self.name}={one} or {self.name}={other}"
            )
        if declared is not None:
            return self._declared(*declared, words)
        for value, proof in self._first.items():
            return Decision(
                name=self.name,
                value=value,
                how="proved",
                note=f"{words(value)}: line {proof.line} ({proof.text}) can mean nothing else.",
            )
        if known is not None:
            return Decision(name=self.name, value=known, how="known", note=f"{words(known)}, as in earlier imports.")
        if assumed is not None:
            return Decision(
                name=self.name,
                value=assumed,
                how="assumed",
                note=f"{words(assumed)}: {why_assumed}. If that is wrong, undo the import and give {self.name}.",
            )
        return None

    def _declared(self, value: str, who: str, words: Callable[[str], str]) -> Decision:
        for other, proof in self._first.items():
            if other != value:
                raise Unprocessable(
                    f"{who} says {self.name}={value}, but line {proof.line} ({proof.text}) proves {other}, so nothing"
                    f" of the file is taken; correct one of them, or give {self.name}={value} or {self.name}={other}"
                )
        return Decision(name=self.name, value=value, how="declared", note=f"{words(value)}, as {who} says.")
