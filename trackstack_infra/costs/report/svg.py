"""The chart: what each kind of meter costs, stack beside stack; one file without references, on light and dark."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

from trackstack_infra.costs.line import CENT
from trackstack_infra.costs.report.amounts import at_least, dollars, short
from trackstack_infra.costs.report.groups import group_of
from trackstack_infra.costs.report.summary import Report
from trackstack_infra.costs.scope import names

WIDTH: Final = 860
_LEFT, _RIGHT, _TOP = 200, 96, 104
_BAR, _GAP, _BETWEEN = 12, 3, 14
# On light, on dark: a stack's own colour, and paler what it would cost if it never slept.
_COLOURS: Final = (("#2f7d32", "#6cc070"), ("#7048c6", "#a98bea"), ("#c9b8ea", "#544379"), ("#57606a", "#9ea7b3"))
_FOUNDATION: Final = "foundation"


@dataclass(frozen=True)
class Series:
    """One bar of each group."""

    title: str
    colour: int
    total: Decimal
    groups: dict[str, Decimal]
    gaps: bool = False
    """Whether resources without a price are missing from the total."""

    @property
    def amount(self) -> str:
        """The total in words."""
        return at_least(self.total, gaps=self.gaps)


def as_svg(report: Report) -> str:
    """The whole picture; the same report gives the same bytes."""
    series = list(_series(report))
    shown = [
        group for group in _groups(series) if any(each.groups.get(group, Decimal(0)) >= CENT / 2 for each in series)
    ]
    largest = max((amount for each in series for amount in each.groups.values()), default=Decimal(0)) or Decimal(1)
    row = len(series) * (_BAR + _GAP) + _BETWEEN
    height = _TOP + len(shown) * row + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(_title(report))}</title>',
        f'<desc id="desc">{escape(_described(series))}</desc>',
        f"<style>{_style()}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="10"/>',
        f'<text class="head" x="24" y="36">{escape(_title(report))}</text>',
        *_legend(series),
    ]
    for number, group in enumerate(shown):
        top = _TOP + number * row
        parts += _group(group, series, largest, top)
    parts += [f'<text class="small" x="24" y="{height - 18}">{escape(_foot(report))}</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def _series(report: Report) -> Iterator[Series]:
    """Each architecture as it is, and as it would be if it never slept; foundation only where it is alone."""
    stacks = [name for name in report.stacks if name != _FOUNDATION] or list(report.stacks)
    for stack in stacks:
        lines = [line for line in report.lines if line.stack == stack]
        stops = stack in report.scheduled
        colour = 1 if stack == "enterprise" else 0 if stack != _FOUNDATION else 3
        groups: dict[str, Decimal] = {}
        always: dict[str, Decimal] = {}
        for line in lines:
            group = group_of(line.price.id)
            groups[group] = groups.get(group, Decimal(0)) + line.exact
            always[group] = always.get(group, Decimal(0)) + line.if_always
        running = f"{stack}, {short(report.calendars[stack].running.hours, 1)} h" if stops else stack
        gaps = report.gaps_of(stack)
        yield Series(running, colour, sum(groups.values(), Decimal(0)), groups, gaps)
        if stops:
            yield Series(f"{stack}, always on", 2, sum(always.values(), Decimal(0)), always, gaps)


def _groups(series: list[Series]) -> list[str]:
    """Dearest first, by the dearest of the series."""
    most = {group: max(each.groups.get(group, Decimal(0)) for each in series) for one in series for group in one.groups}
    return sorted(most, key=lambda group: (-most[group], group))


def _title(report: Report) -> str:
    stacks = [name for name in report.stacks if name != _FOUNDATION] or list(report.stacks)
    return f"What {names(stacks)} {'cost' if len(stacks) > 1 else 'costs'}, {report.period}"


def _foot(report: Report) -> str:
    others = len(report.stacks) > 1
    foundation = next((each.exact for each in report.by_stack if each.name == _FOUNDATION and others), None)
    adds = at_least(foundation, gaps=report.gaps_of(_FOUNDATION)) if foundation is not None else ""
    beside = f" Foundation adds {adds}." if adds else ""
    free = "" if report.free_tier else " Free tiers are not deducted."
    return f"US dollars a month before tax, {report.region}; prices of {report.snapshot}.{beside}{free}"


def _described(series: list[Series]) -> str:
    return " ".join(
        f"{each.title}: {each.amount}, of which "
        + ", ".join(f"{group} {dollars(amount)}" for group, amount in each.groups.items() if amount >= CENT / 2)
        + "."
        for each in series
    )


def _legend(series: list[Series]) -> Iterator[str]:
    for number, each in enumerate(series):
        x = 24 + number * 270
        yield f'<rect class="c{each.colour}" x="{x}" y="58" width="14" height="14" rx="3"/>'
        yield (
            f'<text class="label" x="{x + 22}" y="70">{escape(each.title)} '
            f'<tspan class="bold">{each.amount}</tspan></text>'
        )


def _group(group: str, series: list[Series], largest: Decimal, top: int) -> Iterator[str]:
    middle = top + len(series) * (_BAR + _GAP) // 2 + 4
    yield f'<text class="label" x="{_LEFT - 14}" y="{middle}" text-anchor="end">{escape(group)}</text>'
    for number, each in enumerate(series):
        amount = each.groups.get(group, Decimal(0))
        y = top + number * (_BAR + _GAP)
        length = round(amount / largest * (WIDTH - _LEFT - _RIGHT), 1)
        if amount >= CENT / 2:
            wide = max(length, Decimal(2))
            yield f'<rect class="c{each.colour}" x="{_LEFT}" y="{y}" width="{wide}" height="{_BAR}" rx="2"/>'
        nothing = "small dim" if amount < CENT / 2 else "small"
        amount_text = dollars(amount) if group in each.groups else "–"
        yield f'<text class="{nothing}" x="{_LEFT + length + 8}" y="{y + _BAR - 2}">{amount_text}</text>'


def _style() -> str:
    light = "".join(f".c{number}{{fill:{colour}}}" for number, (colour, _) in enumerate(_COLOURS))
    dark = "".join(f".c{number}{{fill:{colour}}}" for number, (_, colour) in enumerate(_COLOURS))
    return (
        "text{font-family:system-ui,-apple-system,Segoe UI,Helvetica,Arial,sans-serif;fill:#1f2328}"
        ".paper{fill:#fff}.head{font-size:17px;font-weight:600}.label{font-size:13px}.bold{font-weight:600}"
        ".small{font-size:11px}.dim{opacity:.55}"
        f"{light}"
        "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}"
        f"{dark}}}"
    )
