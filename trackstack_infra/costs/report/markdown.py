"""The report as a comment on a pull request: totals in sight, the rest folded away."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.gate import Compared, Gate
from trackstack_infra.costs.line import cents
from trackstack_infra.costs.report.amounts import at_least, dollars, short
from trackstack_infra.costs.report.summary import Report, Sum
from trackstack_infra.costs.report.text import counted, running_hours, source, verdict
from trackstack_infra.costs.scope import names

LONGEST: Final = 65_536  # characters that GitHub takes in one comment


def as_markdown(report: Report, gates: Sequence[Gate] = (), compared: Compared | None = None) -> str:
    """The comment; with a baseline each stack shows what it changed, in the baseline's month."""
    text = "\n".join(_comment(report, gates, compared)) + "\n"
    assert len(text) <= LONGEST, "a page of sums is never so long"
    return text


def _comment(report: Report, gates: Sequence[Gate], compared: Compared | None) -> Iterator[str]:
    yield f"### {names(report.stacks)}: {at_least(report.total.exact, gaps=report.gaps)} a month"
    yield ""
    unchecked = any(each.name == "unpriced" for each in gates)
    for gate in sorted(gates, key=lambda gate: gate.holds):
        if unchecked and gate.holds:
            continue
        yield from _gate(gate)
        yield ""
    yield " · ".join((f"{report.period}, {report.region}", *running_hours(report)))
    yield ""
    yield from _totals(report, compared)
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


def _gate(gate: Gate) -> Iterator[str]:
    if gate.breach is None:
        yield f"> {gate.name.capitalize()} {gate.message}"
        return
    yield f"> **{'Not checked' if gate.name == 'unpriced' else 'Over the limit'}:** {gate.message}"
    yield from (
        f"> - {each.stack}, {each.component}: `{each.price}` {dollars(each.usd)}" for each in gate.breach.culprits
    )


def _totals(report: Report, compared: Compared | None) -> Iterator[str]:
    grown = _changes(compared) if compared is not None else {}
    change = f" change from {_cell(compared.baseline.name)}, {compared.baseline.period} |" if compared else ""
    yield f"| stack | a month | always on | free tier saves |{change}"
    yield f"|---|---:|---:|---:|{'---:|' if compared else ''}"
    for each in (*report.by_stack, report.total):
        gaps = report.gaps if each.name == "total" else report.gaps_of(each.name)
        bold = "**" if each.name == "total" else ""
        more = f" {_signed(grown[each.name])} |" if compared else ""
        yield (
            f"| {bold}{each.name}{bold} | {bold}{at_least(each.exact, gaps=gaps)}{bold}"
            f" | {at_least(each.if_always, gaps=gaps)} | {dollars(each.free_saved)} |{more}"
        )


def _changes(compared: Compared) -> dict[str, Decimal]:
    """By stack and in total, in the baseline's month."""
    grown = dict.fromkeys(compared.baseline.stacks, Decimal(0))
    for line in compared.then.lines:
        grown[line.stack] += line.exact
    for (stack, *_), exact in compared.baseline.lines.items():
        grown[stack] -= exact
    return {**grown, "total": sum(grown.values(), Decimal(0))}


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
