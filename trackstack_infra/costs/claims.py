"""What has been said about costs, held against what comes out: true, or false and what would have to be for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from trackstack_infra.costs.line import Estimate, Line, cents
from trackstack_infra.costs.report.amounts import dollars
from trackstack_infra.costs.scope import Period, PricedStack, Scope
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.costs.what_if import record_as
from trackstack_infra.costs.yaml_file import read_yaml
from trackstack_infra.errors import Failed, UsageError
from trackstack_infra.settings.load import SettingsFiles

SHIPPED: Final = Path(__file__).parent / "claims.yaml"
COLUMNS: Final = 80


def _text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError('must be in quotes, such as "7.03"')
    return value


Money = Annotated[Decimal, BeforeValidator(_text), Field(ge=0)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Case(_Entry):
    """What is priced: stacks with settings, for so many hours of a month of 730."""

    stacks: Annotated[tuple[str, ...], Field(min_length=1)]
    """Together, as one account pays for them: free tiers are pooled."""
    settings: Mapping[str, Any] = {}
    """Over those of the first stack's file; `schedule` as in `cost what-if`."""
    hours: Money = Decimal(730)
    of: Literal["cost", "saved"] = "cost"
    """`saved` is what the hours it is stopped would have cost."""
    only: tuple[str, ...] = ()
    """Beginnings of price ids, such as `fargate`, where only a part of the bill is meant."""
    kept: tuple[str, ...] = ()
    """Beginnings of price ids of what stays billed while the stack is stopped: hosts not deleted."""


class Reading(_Entry):
    """Another way to understand a claim."""

    says: str
    case: Case


class Claim(_Entry):
    """A sentence about a price, with the price."""

    id: str
    says: str
    title: str = ""
    """What it is about, as a row of the README's table names it; without one it is no row."""
    by: str
    case: Case
    at_least: Money | None = None
    at_most: Money | None = None
    usd: Money | None = None
    """To the cent, in place of the two bounds."""
    docs: bool = False
    """Whether our own documentation says it: then it must be true."""
    file: str = ""
    quote: str = ""
    """Where, and in which words, so that neither is changed without the other."""
    readings: tuple[Reading, ...] = ()

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.usd is None) == (self.at_least is None and self.at_most is None):
            raise ValueError(f"{self.id}: give either usd, or at_least, at_most or both")
        if self.docs != bool(self.file and self.quote):
            raise ValueError(f"{self.id}: only a claim with docs: true has file and quote, and it needs both")
        return self

    def holds(self, dollars: Decimal) -> bool:
        """Whether it is true of an amount."""
        shown = cents(dollars)
        if self.usd is not None:
            return shown == self.usd
        return (self.at_least is None or shown >= self.at_least) and (self.at_most is None or shown <= self.at_most)

    @property
    def amount(self) -> str:
        """`$30.00 to $32.00`, `at least $150.00`, `$7.03`."""
        if self.usd is not None:
            return dollars(self.usd)
        if self.at_least is None or self.at_most is None:
            bound, word = (self.at_most, "at most") if self.at_least is None else (self.at_least, "at least")
            assert bound is not None
            return f"{word} {dollars(bound)}"
        return f"{dollars(self.at_least)} to {dollars(self.at_most)}"


class _File(_Entry):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    claims: tuple[Claim, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [claim.id for claim in self.claims]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"duplicate: {', '.join(twice)}")
        return self


@dataclass(frozen=True)
class Verdict:
    """A claim, what comes out, and, where they differ, the first reading under which the claim is true."""

    claim: Claim
    computed: Decimal
    reading: tuple[Reading, Decimal] | None = None

    @property
    def holds(self) -> bool:
        """Whether the claim is true as it was made."""
        return self.claim.holds(self.computed)

    @property
    def word(self) -> str:
        """`true` or `false`."""
        return "true" if self.holds else "false"


def read_claims(path: Path = SHIPPED) -> tuple[Claim, ...]:
    """Read a file of claims; raises UsageError that says what is wrong with it."""
    try:
        return _File.model_validate(read_yaml(path.read_bytes())).claims
    except OSError as error:
        raise UsageError(f"cannot read claims from {path}: {error.strerror}", hint="pass a file of claims") from error
    except (yaml.YAMLError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise UsageError(
            f"{path.name} is not a file of claims: {what}", hint="docs/costs.md shows the format"
        ) from error


def judge(claims: Iterable[Claim], price: Callable[[Case], Decimal]) -> tuple[Verdict, ...]:
    """Hold each claim against what `price` says of its case."""
    return tuple(_verdict(claim, price) for claim in claims)


def _verdict(claim: Claim, price: Callable[[Case], Decimal]) -> Verdict:
    computed = price(claim.case)
    if claim.holds(computed):
        return Verdict(claim, computed)
    for reading in claim.readings:
        other = price(reading.case)
        if claim.holds(other):
            return Verdict(claim, computed, (reading, other))
    return Verdict(claim, computed)


def pricer(
    files: SettingsFiles, prices: Snapshot, usage: Usage, *, on_estimate: Callable[[Estimate], None] = lambda _: None
) -> Callable[[Case], Decimal]:
    """Prices a case from the programs themselves; each combination of settings is recorded once.

    `on_estimate` gets each estimate. The pricer raises Failed for a case with resources that have no price: nothing
    can be said to be true of a sum that lacks something.
    """

    @cache
    def recorded(stack: str, settings: str) -> PricedStack:
        return record_as(stack, files, yaml.safe_load(settings))[0]

    def price(case: Case) -> Decimal:
        first, *others = case.stacks
        stacks = (recorded(first, yaml.safe_dump(dict(case.settings))), *(recorded(each, "{}") for each in others))
        scope = Scope(stacks=stacks, period=Period(hours=case.hours), prices=prices, usage=usage)
        estimate = scope.estimate()
        on_estimate(estimate)
        if estimate.unpriced:
            first_of, more = estimate.unpriced[0], len(estimate.unpriced) - 1
            raise Failed(
                f"claims about {', '.join(case.stacks)} cannot be judged: {first_of.type} has no price ({first_of.why})"
                + (f", nor have {more} more resources" if more else ""),
                hint="run `trackstack cost-report` to see all that is unpriced",
            )
        for beginning in (*case.only, *case.kept):
            if not any(_among(line, [beginning]) for line in estimate.lines):
                raise UsageError(
                    f"a claim about {', '.join(case.stacks)} names {beginning!r}, with which no price of it begins",
                    hint="correct `only` or `kept`; `trackstack cost explain STACK` shows the price IDs",
                )
        return sum((_charged(line, case) for line in estimate.lines if _among(line, case.only)), Decimal(0))

    return price


def _charged(line: Line, case: Case) -> Decimal:
    exact = line.if_always if case.kept and _among(line, case.kept) else line.exact
    return line.if_always - exact if case.of == "saved" else exact


def _among(line: Line, beginnings: Sequence[str]) -> bool:
    return not beginnings or any(line.price.id.startswith(each) for each in beginnings)


def as_text(verdicts: Sequence[Verdict]) -> str:
    """Each claim with its verdict, what came out, and what would make a false one true; 80 columns."""
    return "\n".join(line for verdict in verdicts for line in _lines(verdict)) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    claim = verdict.claim
    mark = "✓" if verdict.holds else "✗"
    yield from wrap(f"{mark} {verdict.word:<5}  {claim.says}", COLUMNS, subsequent_indent=" " * 9)
    held = f"claimed {claim.amount}, computed {dollars(verdict.computed)}; {claim.by}"
    yield from wrap(held, COLUMNS, initial_indent=" " * 9, subsequent_indent=" " * 11)
    if verdict.reading is not None:
        reading, amount = verdict.reading
        sentence = f"true at {dollars(amount)} {reading.says}"
        yield from wrap(sentence, COLUMNS, initial_indent=" " * 9, subsequent_indent=" " * 11)
    elif not verdict.holds and not claim.docs:
        yield "         no alternative reading makes it true"


def as_markdown(verdicts: Sequence[Verdict]) -> str:
    """The README's block: what our own claims come to, then what else is said and whether it is true."""
    ours = [each for each in verdicts if each.claim.title]
    others = [each for each in verdicts if not each.claim.docs]
    lines = ["| a month, us-east-1, before tax | $ |", "|---|---|"]
    lines += [f"| {each.claim.title} | {cents(each.computed)} |" for each in ours]
    lines += ["", "| claim | computed | verdict |", "|---|---|---|"]
    lines += [f"| {each.claim.says} | {dollars(each.computed)} | {_so(each)} |" for each in others]
    return "\n".join(lines) + "\n"


def _so(verdict: Verdict) -> str:
    if verdict.holds:
        return "true"
    if verdict.reading is None:
        return "false"
    reading, amount = verdict.reading
    return f"false; {dollars(amount)} {reading.says}"


def as_document(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The same for programs; amounts are texts."""
    return {
        "claims": [
            {
                "id": each.claim.id,
                "says": each.claim.says,
                "by": each.claim.by,
                "docs": each.claim.docs,
                "claimed": each.claim.amount,
                "computed": str(cents(each.computed)),
                "holds": each.holds,
                "reading": each.reading and {"says": each.reading[0].says, "computed": str(cents(each.reading[1]))},
            }
            for each in verdicts
        ]
    }
