"""Stated use: what the app is assumed to be used for in a month, each figure with a low and a high one and a reason."""

from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from trackstack_infra.errors import UsageError

SHIPPED: Final = Path(__file__).parent / "usage.yaml"


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
        document: Any = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        return Usage.model_validate(document)
    except OSError as error:
        raise UsageError(
            f"cannot read assumptions from {path}: {error.strerror}",
            hint="pass a file of assumptions with --usage FILE",
        ) from error
    except (yaml.YAMLError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise UsageError(
            f"{path.name} is not a file of assumptions: {what}", hint="docs/costs.md shows the format"
        ) from error
