"""What other settings would cost: a stack recorded as it is and as it might be, priced for the same month."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from textwrap import wrap
from typing import Any, Final

from pydantic import ValidationError

from trackstack_infra.costs.line import Estimate, cents
from trackstack_infra.costs.report.amounts import cell, dollars, plain, short
from trackstack_infra.costs.scope import PricedStack, record_running
from trackstack_infra.errors import UsageError
from trackstack_infra.settings.groups import ScheduleSettings
from trackstack_infra.settings.load import SettingsFiles

ALWAYS, WEEKEND = "always", "weekend"
EXAMPLE_DOMAIN: Final = {"name": "track.example.org", "zone": "example.org"}
COLUMNS: Final = 80
_AMOUNT: Final = 11
_FEWEST_CHOICES_IN_ROWS: Final = 5  # beyond four columns of amounts a table is wider than 80 columns

_NOT_KNOWN: Final = "Which one is cheapest is not known: the lowest total lacks resources without a price (≥)."


@dataclass(frozen=True)
class Choice:
    """One set of settings, priced."""

    name: str
    estimate: Estimate
    running: Decimal | None = None
    """Hours of the month that it runs, where it has a schedule."""
    assumed: tuple[str, ...] = ()
    """What was filled in because the settings could not stand without it."""

    @property
    def exact(self) -> Decimal:
        """Dollars a month."""
        return self.estimate.exact

    @property
    def gaps(self) -> bool:
        """Whether resources without a price are missing from it, which makes it the least that it can cost."""
        return bool(self.estimate.unpriced)

    @property
    def if_always(self) -> Decimal:
        """The same if the stack never slept."""
        return sum((line.if_always for line in self.estimate.lines), Decimal(0))

    def of(self, component: str) -> Decimal:
        """One component's dollars."""
        return sum((line.exact for line in self.estimate.lines if line.component == component), Decimal(0))


@dataclass(frozen=True)
class Comparison:
    """Choices beside each other, in the order they were asked for."""

    choices: tuple[Choice, ...]

    @property
    def lowest(self) -> Choice:
        """The one whose priced lines come to least; the first of equals."""
        return min(self.choices, key=lambda choice: choice.exact)

    @property
    def cheapest(self) -> Choice | None:
        """The one that costs least; None where the lowest lacks resources without a price, so that it is not known."""
        return None if self.lowest.gaps else self.lowest

    @property
    def components(self) -> tuple[str, ...]:
        """Those that cost something anywhere, by name."""
        return tuple(sorted({line.component for choice in self.choices for line in choice.estimate.lines}))

    @property
    def differing(self) -> tuple[str, ...]:
        """Components that do not cost the same in all choices, the largest difference first."""
        spread = {each: _spread(choice.of(each) for choice in self.choices) for each in self.components}
        return tuple(sorted((each for each in spread if spread[each]), key=lambda each: (-spread[each], each)))

    def rest(self, choice: Choice) -> Decimal:
        """What a choice's other components cost, equal in all."""
        return choice.exact - sum((choice.of(each) for each in self.differing), Decimal(0))


def _spread(amounts: Iterable[Decimal]) -> Decimal:
    values = list(amounts)
    return max(values) - min(values)


def record_as(stack: str, files: SettingsFiles, overrides: Mapping[str, object]) -> tuple[PricedStack, tuple[str, ...]]:
    """A stack as it would be with other settings, and what had to be filled in for that.

    Beyond its settings a stack may be given a `schedule`: `always` never stops, `weekend` is the default one, and one
    spelled out applies to any stack. `ingress: ipv6` is priced with an example's domain where none is set.
    """
    asked = dict(overrides)
    schedule = asked.pop("schedule", None)
    if stack == "enterprise" and isinstance(schedule, Mapping):
        asked["schedule"] = schedule  # its settings check it, and fill it up from their file
    recorded, assumed = _with_a_domain(stack, files, asked)
    if schedule is None or "schedule" in asked:
        return recorded, assumed
    return replace(recorded, schedule=_schedule(schedule)), assumed


def _with_a_domain(
    stack: str, files: SettingsFiles, asked: Mapping[str, object]
) -> tuple[PricedStack, tuple[str, ...]]:
    has_one = "domain" in asked or files.values(stack).get("domain")
    if asked.get("ingress") != "ipv6" or has_one:
        return record_running(stack, files, asked), ()
    filled = {**asked, "domain": EXAMPLE_DOMAIN}
    return record_running(stack, files, filled), (
        f"ingress ipv6 needs a domain: priced with {EXAMPLE_DOMAIN['name']}, without its zone and fee",
    )


def _schedule(value: object) -> ScheduleSettings | None:
    if value == ALWAYS:
        return None
    if value == WEEKEND:
        return ScheduleSettings()
    try:
        return ScheduleSettings.model_validate(value)
    except ValidationError as error:
        raise UsageError(
            f"{value!r} is not a schedule: {error.errors()[0]['msg']}",
            hint="use schedule=always, schedule=weekend, or parts of a schedule, such as schedule.stop='20:00'",
        ) from None


def as_text(comparison: Comparison, title: str) -> str:
    """One table of 80 columns: what differs by component, the rest, the total; the cheapest is marked."""
    wide = len(comparison.choices) < _FEWEST_CHOICES_IN_ROWS
    lines = [title, *(_by_component(comparison) if wide else _by_choice(comparison))]
    for note in dict.fromkeys(each for choice in comparison.choices for each in choice.assumed):
        lines += wrap(f"Assumed: {note}.", COLUMNS, subsequent_indent="  ")
    lines += [line for note in _rounding(comparison, wide=wide) for line in wrap(note, COLUMNS, subsequent_indent="  ")]
    if comparison.cheapest is None:
        lines += wrap(_NOT_KNOWN, COLUMNS, subsequent_indent="  ")
    for unpriced in dict.fromkeys((each.type, each.why) for c in comparison.choices for each in c.estimate.unpriced):
        lines += wrap(f"Unpriced: {unpriced[0]}: {unpriced[1]}.", COLUMNS, subsequent_indent="  ")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _rounding(comparison: Comparison, *, wide: bool) -> Iterator[str]:
    """Why the figures of a column may not add up to its total, for each of which they do not."""
    for index, choice in enumerate(comparison.choices if wide else ()):
        shown = [*(choice.of(each) for each in comparison.differing), comparison.rest(choice)]
        visible = sum(map(cents, shown), Decimal(0))
        if visible != cents(choice.exact):
            exact = dollars(choice.exact)
            yield f"{_letter(index)}: rounded figures add up to {dollars(visible)}; the exact sum is {exact}."
    if wide and len(comparison.choices) == 2 and not any(choice.gaps for choice in comparison.choices):
        one, other = comparison.choices
        visible, more = cents(other.exact) - cents(one.exact), other.exact - one.exact
        if visible != cents(more):
            yield f"B – A: rounded totals differ by {dollars(visible)}; the exact difference is {dollars(more)}."


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _by_component(comparison: Comparison) -> Iterator[str]:
    """A column a choice; with two of them a third for the difference."""
    choices, two = comparison.choices, len(comparison.choices) == 2
    letters = [_letter(index) for index in range(len(choices))]
    for letter, choice in zip(letters, choices, strict=True):
        yield f"{letter}  {choice.name}"
    yield ""
    yield _row("$ A MONTH", [*letters, *(["B – A"] if two else [])])
    for name in comparison.differing:
        yield _amounts(f"  {name}", [choice.of(name) for choice in choices], difference=two)
    rest = [comparison.rest(choice) for choice in choices]
    yield _amounts("  everything else" if comparison.differing else "  everything", rest, difference=two)
    gaps = [choice.gaps for choice in choices]
    yield _amounts("total", [choice.exact for choice in choices], difference=two, gaps=gaps)
    if any(choice.if_always != choice.exact for choice in choices):
        yield _amounts("  if always on", [choice.if_always for choice in choices], difference=two, gaps=gaps)
    if any(choice.running is not None for choice in choices):
        hours = ["all" if choice.running is None else short(choice.running) for choice in choices]
        yield _row("  running hours", [*hours, *([""] if two else [])])
    marks = ["cheapest" if choice is comparison.cheapest else "" for choice in choices]
    yield _row("", [*marks, ""] if two else marks)


def _by_choice(comparison: Comparison) -> Iterator[str]:
    yield ""
    yield _row("SETTINGS", ["A MONTH", "ALWAYS ON", "MORE"])
    for choice in comparison.choices:
        yield _row(
            f"  {choice.name}",
            [cell(choice.exact, gaps=choice.gaps), cell(choice.if_always, gaps=choice.gaps), _more(choice, comparison)],
        )


def _more(choice: Choice, comparison: Comparison) -> str:
    if comparison.cheapest is None:
        return "not known"
    more = cell(choice.exact - comparison.cheapest.exact, gaps=choice.gaps)
    return "cheapest" if choice is comparison.cheapest else f"+{more}"


def _amounts(label: str, amounts: Sequence[Decimal], *, difference: bool, gaps: Sequence[bool] = ()) -> str:
    missing = gaps or [False] * len(amounts)
    shown = [cell(each, gaps=gap) if each or gap else "–" for each, gap in zip(amounts, missing, strict=True)]
    differs = "not known" if any(missing) else _signed(amounts[1] - amounts[0]) if difference else ""
    return _row(label, [*shown, *([differs] if difference else [])])


def _signed(amount: Decimal) -> str:
    return f"+{dollars(amount)}" if cents(amount) > 0 else dollars(amount) if cents(amount) else "–"


def _row(label: str, cells: Sequence[str]) -> str:
    room = COLUMNS - _AMOUNT * len(cells)
    shown = label if len(label) < room else f"{label[: room - 2]}…"
    return f"{shown:<{room}}" + "".join(f"{cell:>{_AMOUNT}}" for cell in cells)


def as_document(comparison: Comparison) -> dict[str, Any]:
    """The same for programs; amounts are texts."""
    return {
        "choices": [
            {
                "settings": choice.name,
                "usd": str(cents(choice.exact)),
                "exact": plain(choice.exact),
                "if_always": plain(choice.if_always),
                "running_hours": None if choice.running is None else plain(choice.running),
                "at_least": choice.gaps,
                "cheapest": choice is comparison.cheapest,
                "components": {each: plain(choice.of(each)) for each in comparison.components},
                "assumed": list(choice.assumed),
                "unpriced": [each.urn for each in choice.estimate.unpriced],
            }
            for choice in comparison.choices
        ],
        "cheapest": comparison.cheapest.name if comparison.cheapest else None,
        "differing": list(comparison.differing),
    }
