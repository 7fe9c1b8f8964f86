"""The report for people: one page of 80 columns, with bars. The same report gives the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from textwrap import wrap
from typing import Final

from trackstack_infra.costs.line import CENT, Unpriced
from trackstack_infra.costs.report.amounts import at_least, cell, dollars, short
from trackstack_infra.costs.report.summary import Assumed, Report, Sum
from trackstack_infra.costs.scope import names

NARROWEST: Final = 80
WIDEST: Final = 120
HEADINGS: Final = ("BY STACK", "BY LAYER", "BY DOMAIN", "BY METER", "ASSUMED", "UNPRICED")
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_NAME, _AMOUNT = 29, 10
_METERS: Final = 14  # rows; what is cheaper goes together


def as_text(report: Report, width: int = NARROWEST) -> str:
    """The page."""
    width = min(max(width, NARROWEST), WIDEST)
    return "\n".join(line.rstrip() for line in _page(report, width)) + "\n"


def _page(report: Report, width: int) -> Iterator[str]:
    yield from _folded(f"{names(report.stacks)} · {report.period} · {report.region}", width)
    yield from running_hours(report)
    yield ""
    bar = width - _NAME - 5 - 3 * _AMOUNT
    largest = max((each.exact for each in report.by_stack), default=Decimal(0))
    yield f"{'BY STACK':<{_NAME + bar + 5}}{'A MONTH':>{_AMOUNT}}{'ALWAYS ON':>{_AMOUNT}}{'FREE TIER':>{_AMOUNT}}"
    sections: list[tuple[str, Sequence[Sum]]] = [
        ("BY STACK", report.by_stack),
        ("BY LAYER", report.by_layer),
        ("BY DOMAIN", report.by_domain),
        ("BY METER", _fewer(report.by_meter)),
    ]
    for heading, sums in sections:
        if heading != "BY STACK":
            yield heading
        for each in sums:
            gaps = heading == "BY STACK" and report.gaps_of(each.name)
            yield _row(each, report.total.exact, largest, bar, gaps=gaps)
        if heading == "BY STACK":
            yield _row(report.total, report.total.exact, Decimal(0), bar, gaps=report.gaps)
    yield ""
    yield from verdict(report)
    notes = (
        report.rounding_note(f"Rows {heading.lower()}", (each.exact for each in sums)) for heading, sums in sections
    )
    note = next(filter(None, notes), "")
    if note:
        yield from _folded(f"{note}.", width)
    yield from _assumptions(report.assumed, width)
    yield from _unpriced(report.estimate.unpriced, width)
    yield ""
    yield from _folded(source(report), width)
    if report.warning:
        yield from _folded(f"Warning: {report.warning}.", width)


def running_hours(report: Report) -> Iterator[str]:
    """Which stack runs how long."""
    for name in report.scheduled:
        calendar = report.calendars[name]
        times = sum((each.times for each in calendar.running.stretches), Decimal(0))
        yield (
            f"{name} runs {short(calendar.running.hours)} of {short(calendar.month.hours)} h, in {short(times)} windows"
        )


def verdict(report: Report) -> Iterator[str]:
    """Total, and what it would be otherwise."""
    total = report.total
    amount = partial(at_least, gaps=report.gaps)
    yield f"Total {amount(total.exact)} a month before tax, at {report.level} use."
    if report.scheduled:
        yield f"If always on: {amount(total.if_always)}. The schedule saves {amount(total.if_always - total.exact)}."
    yield f"At low use {amount(report.low)}, at high use {amount(report.high)}."
    if not report.free_tier:
        yield "Free tiers are not deducted."


def source(report: Report) -> str:
    """Which prices these are."""
    age = "a day" if report.age_days == 1 else f"{report.age_days} days"
    return f"Prices of {report.snapshot}, the oldest of them {age} old, sha256 {report.sha256[:12]}."


def _row(each: Sum, whole: Decimal, largest: Decimal, bar: int, *, gaps: bool = False) -> str:
    share = each.exact / whole * 100 if whole else Decimal(0)
    drawn = _bar(each.exact / largest, bar - 1) if largest > 0 else ""
    return (
        f"  {_cut(each.name, _NAME - 3):<{_NAME - 2}}{drawn:<{bar}}{short(share, 0):>4}%"
        f"{cell(each.exact, gaps=gaps):>{_AMOUNT}}{cell(each.if_always, gaps=gaps):>{_AMOUNT}}"
        f"{dollars(each.free_saved):>{_AMOUNT}}"
    )


def _bar(part: Decimal, width: int) -> str:
    eighths = int(min(part, Decimal(1)) * width * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _fewer(sums: Sequence[Sum]) -> list[Sum]:
    """The dearest; all others in one row, so that the page stays a page."""
    kept = [each for each in sums if each.exact >= CENT / 2][:_METERS]
    rest = sums[len(kept) :]
    if not rest:
        return kept
    several = Sum(
        f"{len(rest)} other{'s' if len(rest) > 1 else ''}",
        sum((each.exact for each in rest), Decimal(0)),
        sum((each.if_always for each in rest), Decimal(0)),
        sum((each.free_saved for each in rest), Decimal(0)),
    )
    return [*kept, several]


def _assumptions(assumed: Sequence[Assumed], width: int) -> Iterator[str]:
    if not assumed:
        return
    yield ""
    yield f"{'ASSUMED':<{width - 28}}{'LOW – HIGH':>18}{'ADDS':>10}"
    for each in assumed:
        what = f"  {each.stack:<11} {each.id:<17} {short(each.figure)} {each.unit.partition(',')[0]}"
        bounds = f"{short(each.range.low)} – {short(each.range.high)}"
        yield f"{_cut(what, width - 29):<{width - 28}}{bounds:>18}{dollars(each.effect):>10}"


def _unpriced(unpriced: Sequence[Unpriced], width: int) -> Iterator[str]:
    if not unpriced:
        return
    yield ""
    yield "UNPRICED: not in the total, which is therefore at least (≥) what it says"
    for stack, type_, why, count in counted(unpriced):
        yield _cut(f"  {stack}: {count} × {type_}: {why}", width)


def counted(unpriced: Iterable[Unpriced]) -> list[tuple[str, str, str, int]]:
    """Stack, type, reason and how many of them, in order."""
    keys = [(each.stack, each.type, each.why) for each in unpriced]
    return [(*key, keys.count(key)) for key in sorted(set(keys))]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _folded(text: str, width: int) -> list[str]:
    return wrap(text, width, subsequent_indent="  ")
