"""The report as a comment on a pull request: totals in sight, the rest folded away."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.limits import Baseline, Breach
from trackstack_infra.costs.line import cents
from trackstack_infra.costs.report.amounts import dollars, short
from trackstack_infra.costs.report.summary import Report, Sum
from trackstack_infra.costs.report.text import counted, running_hours, source, verdict
from trackstack_infra.costs.scope import names

LONGEST: Final = 65_536  # characters that GitHub takes in one comment


def as_markdown(report: Report, breaches: Sequence[Breach] = (), baseline: Baseline | None = None) -> str:
    """The comment; with a baseline each stack shows what it changed."""
    text = "\n".join(_comment(report, breaches, baseline)) + "\n"
    assert len(text) <= LONGEST, "a page of sums is never so long"
    return text


def _comment(report: Report, breaches: Sequence[Breach], baseline: Baseline | None) -> Iterator[str]:
    yield f"### {names(report.stacks)}: {dollars(report.total.exact)} a month"
    yield ""
    for breach in breaches:
        yield f"> **Over the limit:** {breach.message}"
        yield from (
            f"> - {each.stack}, {each.component}: `{each.price}` {dollars(each.usd)}" for each in breach.culprits
        )
        yield ""
    yield " · ".join((f"{report.period}, {report.region}", *running_hours(report)))
    yield ""
    yield from _totals(report, baseline)
    yield ""
    yield from verdict(report)
    note = report.rounding_note("Stacks", (each.exact for each in report.by_stack))
    if note:
        yield f"{note}."
    if report.warning:
        yield f"\n> {report.warning}"
    for heading, sums in (("layer", report.by_layer), ("domain", report.by_domain), ("meter", report.by_meter)):
        yield from _folded(f"By {heading}", _sums(heading, sums))
    if report.assumed:
        yield from _folded("Assumptions", _assumed(report))
    if report.estimate.unpriced:
        yield ""
        yield "**Unpriced**, not in the total:"
        yield ""
        yield from (
            f"- {stack}: {n} × `{type_}`: {_cell(why)}" for stack, type_, why, n in counted(report.estimate.unpriced)
        )
    yield ""
    yield f"<sub>{source(report)}</sub>"


def _totals(report: Report, baseline: Baseline | None) -> Iterator[str]:
    before: dict[str, Decimal] = {}
    if baseline is not None:
        for (stack, *_), exact in baseline.lines.items():
            before[stack] = before.get(stack, Decimal(0)) + exact
    change = f" change from {_cell(baseline.name)} |" if baseline is not None else ""
    yield f"| stack | a month | always on | free tier saves |{change}"
    yield f"|---|---:|---:|---:|{'---:|' if baseline is not None else ''}"
    for each in (*report.by_stack, report.total):
        old = (
            sum(before.values(), Decimal(0)) if each is report.total or each.name == "total" else before.get(each.name)
        )
        grown = f" {_signed(each.exact - (old or Decimal(0)))} |" if baseline is not None else ""
        bold = "**" if each.name == "total" else ""
        yield (
            f"| {bold}{each.name}{bold} | {bold}{dollars(each.exact)}{bold} | {dollars(each.if_always)} |"
            f" {dollars(each.free_saved)} |{grown}"
        )


def _sums(heading: str, sums: Iterable[Sum]) -> Iterator[str]:
    yield f"| {heading} | a month | always on | free tier saves |"
    yield "|---|---:|---:|---:|"
    for each in sums:
        yield f"| {each.name} | {dollars(each.exact)} | {dollars(each.if_always)} | {dollars(each.free_saved)} |"


def _assumed(report: Report) -> Iterator[str]:
    yield "| stack | assumption | figure | low – high | adds | why |"
    yield "|---|---|---:|---:|---:|---|"
    for each in report.assumed:
        yield (
            f"| {each.stack} | {each.id} | {short(each.figure)} {_cell(each.unit)} |"
            f" {short(each.range.low)} – {short(each.range.high)} | {dollars(each.effect)} | {_cell(each.why)} |"
        )


def _folded(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield from lines
    yield ""
    yield "</details>"


def _signed(amount: Decimal) -> str:
    shown = cents(amount)
    return "=" if shown == 0 else f"+{dollars(amount)}" if shown > 0 else dollars(amount)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
