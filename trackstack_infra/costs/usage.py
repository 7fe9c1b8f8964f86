"""Stated use: what the app is assumed to be used for in a month, each figure with a low and a high one and a reason."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from trackstack_infra.costs.yaml_file import read_yaml
from trackstack_infra.errors import UsageError
from trackstack_infra.names import STACKS

SHIPPED: Final = Path(__file__).parent / "usage.yaml"
ANY: Final = "any"
UNSHIPPED: Final = ("dynamodb.reads", "dynamodb.writes")
"""Assumptions that a rule asks for and no stack needs: only a file of one's own states them."""
_KEYS: Final = ("schema", "assumptions", "unit", "why", "each", "low", "expected", "high")


def _exact(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Amount = Annotated[Decimal, BeforeValidator(_exact), Field(ge=0)]


class Level(StrEnum):
    """Which of the three figures a report takes."""

    LOW = "low"
    EXPECTED = "expected"
    HIGH = "high"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Size(_Entry):
    """So many KB, and the share of requests that have them."""

    kb: Amount
    share: Amount


class Range(_Entry):
    """A figure with its bounds. Where the figure is a size, each may be a distribution: KB to the share of requests."""

    low: Amount
    expected: Amount
    high: Amount
    sizes: dict[Level, tuple[Size, ...]] = {}
    """Of the levels that were given as a distribution; their figure is its mean."""

    @model_validator(mode="before")
    @classmethod
    def _distributions(cls, given: Any) -> Any:
        """`expected: {4: 0.99, 600: 0.01}` is a mean of 9.96 KB, and stays two sizes."""
        if not isinstance(given, dict):
            return given
        found = {level: given[level] for level in Level if isinstance(given.get(level), dict)}
        sizes = {level: _sizes(level, shares) for level, shares in found.items()}
        means = {level: sum((each.kb * each.share for each in those), Decimal(0)) for level, those in sizes.items()}
        return {**given, **means, "sizes": sizes} if sizes else given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.expected <= self.high:
            raise ValueError(f"low {self.low}, expected {self.expected} and high {self.high} are not in order")
        return self


def _sizes(level: Level, shares: dict[Any, Any]) -> tuple[Size, ...]:
    sizes = tuple(Size.model_validate({"kb": kb, "share": share}) for kb, share in shares.items())
    whole = sum((each.share for each in sizes), Decimal(0))
    if whole != 1:
        raise ValueError(f"the shares of {level} add up to {whole}, not to 1")
    return sizes


class Assumption(_Entry):
    """One thing that is assumed, and why."""

    unit: str
    why: str
    each: dict[str, Range]
    """By stack; `any` for those not named."""


class Usage(_Entry):
    """All assumptions, at one of the three levels."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    assumptions: dict[str, Assumption]
    level: Level = Level.EXPECTED

    def of(self, id_: str, stack: str) -> Decimal:
        """The assumed figure for a month of a stack; LookupError where nothing is assumed."""
        figures = self.assumptions[id_].each
        chosen = figures.get(stack) or figures["any"]
        figure: Decimal = getattr(chosen, self.level.value)
        return figure

    def sizes(self, id_: str, stack: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """The same figure as sizes in KB with the shares of requests; where only one is assumed, all have it."""
        figures = self.assumptions[id_].each
        stated = (figures.get(stack) or figures["any"]).sizes.get(self.level)
        return tuple((each.kb, each.share) for each in stated) if stated else ((self.of(id_, stack), Decimal(1)),)

    def at(self, level: Level) -> "Usage":
        """The same assumptions at another level."""
        return self.model_copy(update={"level": level})


def read_usage(path: Path = SHIPPED) -> Usage:
    """Read a file of assumptions; raises UsageError that says what is wrong with it."""
    try:
        document: Any = read_yaml(path.read_bytes())
        return Usage.model_validate(document)
    except OSError as error:
        raise UsageError(
            f"cannot read assumptions from {path}: {error.strerror}",
            hint="pass a file of assumptions with --usage FILE",
        ) from error
    except (yaml.YAMLError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = _in_words(first) if first else str(error)
        raise UsageError(
            f"{path.name} is not a file of assumptions: {what}", hint="docs/costs.md shows the format"
        ) from error


def merged(shipped: Usage, given: Usage, file: str) -> Usage:
    """The shipped assumptions, with a file's figures over them, stack by stack.

    A stack that the file does not name keeps its shipped figure, unless the file says `any`. Raises UsageError for
    assumptions and stacks that nothing asks for: they would change no result, and nobody would learn why.
    """
    if "level" in given.model_fields_set:
        raise UsageError(f"{file}: a file does not choose the level", hint="remove `level`, and pass --level instead")
    for id_, assumption in given.assumptions.items():
        if id_ not in (*shipped.assumptions, *UNSHIPPED):
            raise _unknown(f"{file}: no billing rule uses {id_!r}", id_, (*shipped.assumptions, *UNSHIPPED))
        if id_ not in shipped.assumptions and ANY not in assumption.each:
            raise UsageError(
                f"{file}: {id_} is stated for {', '.join(assumption.each) or 'no stack'} only, with no shipped figure",
                hint=f"add a figure for `{ANY}`, which holds for all other stacks",
            )
        for stack in assumption.each:
            if stack not in (*STACKS, ANY):
                raise _unknown(f"{file}: {id_} is for {stack!r}, which is no stack", stack, (*STACKS, ANY))
    over = {id_: _over(shipped.assumptions.get(id_), assumption) for id_, assumption in given.assumptions.items()}
    return shipped.model_copy(update={"assumptions": {**shipped.assumptions, **over}})


def _over(shipped: Assumption | None, given: Assumption) -> Assumption:
    each = given.each if shipped is None or ANY in given.each else {**shipped.each, **given.each}
    return given.model_copy(update={"each": each})


def _unknown(message: str, name: str, known: Iterable[str]) -> UsageError:
    names = list(known)
    near = nearest(name, names)
    return UsageError(message, hint=f"did you mean {near}?" if near else f"it may be one of {', '.join(sorted(names))}")


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like it; empty where none is."""
    return next(iter(get_close_matches(name, list(known), n=1)), "")


def _in_words(error: Mapping[str, Any]) -> str:
    """Where in the file, and what is wrong there; for a key that is none, the one it may have meant."""
    where = ".".join(map(str, error["loc"]))
    if error["type"] != "extra_forbidden":
        return f"{where}: {error['msg']}"
    near = nearest(str(error["loc"][-1]), _KEYS)
    return f"{where} is not a key of it" + (f"; did you mean {near}?" if near else "")
