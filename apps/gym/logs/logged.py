"""What the intakes of all logs have in common: units, cells, identity."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pydantic import TypeAdapter

from apps.common.fields import Name, Note, name_key
from apps.common.imports import runs
from apps.common.imports.decisions import Decision
from apps.common.imports.intake import Intake, Outcome, Row, Run
from apps.common.problem import Unprocessable
from apps.common.transaction import Readable, Transaction
from apps.common.zone import zone_of
from apps.gym.logged_set import LoggedSet
from apps.gym.logs.modes import Modes
from apps.gym.logs.units import ALIASES, DISTANCE, WEIGHT, UnitOfFile, stored
from apps.gym.taking import Taking

_name: TypeAdapter[str] = TypeAdapter(Name)
_note: TypeAdapter[str] = TypeAdapter(Note)

WEIGHT_MAX_G: Final = 10_000_000
DISTANCE_MAX_M: Final = 10_000_000
SECONDS_MAX: Final = 7 * 86_400
REPS_MAX: Final = 10_000
NOTHING: Final = frozenset({"", "0", "0.0", "0.00"})
"""What apps write where nothing was recorded."""


@dataclass(frozen=True)
class Given:
    """What the caller decided for the file."""

    weight: str | None = None
    distance: str | None = None
    zone: str | None = None
    dates: str | None = None


class LogIntake(Intake[LoggedSet]):
    """One log. A subclass says which cells hold what."""

    def __init__(self, format_name: str, given: Given) -> None:
        self.format = format_name
        self._given = given
        self.modes = Modes()
        self._weight = UnitOfFile(WEIGHT, given.weight)
        self._distance = UnitOfFile(DISTANCE, given.distance)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._names: dict[str, str] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._taking = Taking(self.modes)
        self.has_old_imports = False

    @abstractmethod
    def decide_more(self, reader: Readable) -> list[Decision]:
        """Decisions about the times of this format."""

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """Units, zone and times; 422 with all that only the file's owner knows."""
        found: list[Decision] = []
        questions: list[str] = []
        for name, unit in (("weight", self._weight), ("distance", self._distance)):
            decision = unit.decide(runs.known_decision(reader, "gym", self.format, name))
            if isinstance(decision, str):
                questions.append(decision)
            elif decision is not None:
                found.append(decision)
        if questions:
            raise Unprocessable("; ".join(questions))
        zone = self._given.zone or runs.known_decision(reader, "gym", self.format, "zone")
        how = "given" if self._given.zone else "known" if zone else "assumed"
        why = {
            "given": "as given",
            "known": "as in earlier imports",
            "assumed": "the file does not say where it was written; if that is wrong, undo the import and give zone",
        }[how]
        found.append(
            Decision(name="zone", value=zone or "UTC", how=how, note=f"Times are those of {zone or 'UTC'}: {why}.")  # type: ignore[arg-type]
        )
        self._taking.zone = zone_of(zone or "UTC")
        self.has_old_imports = self.format == "strong" and self._taking.has_old_imports(reader)
        return [*found, *self.decide_more(reader)]

    def identity(self, meaning: LoggedSet) -> Sequence[str | int | None]:
        """What was done when; without notes, which may be added later."""
        return (
            *(meaning.start[:16], name_key(meaning.workout), meaning.place),
            *(meaning.weight_g, meaning.reps, meaning.distance_m, meaning.seconds, meaning.rpe10),
        )

    def boundary(self, before: LoggedSet, after: LoggedSet) -> bool:
        """A workout is written once for the rows that stand together."""
        return (before.start, before.workout) != (after.start, after.workout)

    def take(self, rows: Sequence[Row[LoggedSet]], tx: Transaction, run: Run) -> Sequence[Outcome]:
        """See taking.py."""
        return self._taking.take(rows, tx, run)

    def notes(self) -> Sequence[str]:
        """What else the report should say."""
        return self._taking.notes()

    # -- cells --------------------------------------------------------------------------------------------------------

    def _survey_unit(self, unit: UnitOfFile, text: str, said: str, line: int) -> bool:
        """Whether a number is there and not 0; shown to its unit where the file does not say it."""
        if text in NOTHING:
            return False
        try:
            value = Decimal(text)
        except ArithmeticError:
            return False
        if not value.is_finite() or value == 0 or value.adjusted() > _LARGEST_POWER or len(text) > _LONGEST:
            return False
        if not said:
            unit.survey(text.lstrip("+-"), line)
        return True

    def _amount(self, column: str, text: str, said: str, unit: UnitOfFile, most: int) -> int:
        """Whole grams or metres of a cell; negative where it is. The same texts come again and again."""
        if text in NOTHING:
            return 0
        known = self._numbers.get((column, text, said))
        if known is not None:
            return known
        value = decimal_of(column, text)
        if said and said.lower() not in ALIASES:
            raise ValueError(f"{column} Unit says {said[:20]!r}; known are {', '.join(ALIASES)}")
        amount = stored(value, ALIASES[said.lower()] if said else unit.factor)
        if abs(amount) > most:
            raise ValueError(f"{column} says {text[:20]!r}, which is more than anybody has done")
        if len(self._numbers) < _KEPT:
            self._numbers[column, text, said] = amount
        return amount

    def _weight_g(self, text: str, said: str, column: str = "Weight") -> int:
        """Grams of a cell; negative where it says help."""
        return self._amount(column, text, said, self._weight, WEIGHT_MAX_G)

    def _distance_m(self, text: str, said: str, column: str = "Distance") -> int:
        """Metres of a cell."""
        metres = self._amount(column, text, said, self._distance, DISTANCE_MAX_M)
        if metres < 0:
            raise ValueError(f"{column} says {text[:20]!r}, which is less than nothing")
        return metres

    def _checked_name(self, text: str) -> str:
        """A name of a workout or an exercise, checked once."""
        if text not in self._names:
            self._names[text] = _name.validate_python(text)
        return text

    def _checked_note(self, text: str) -> str:
        return _note.validate_python(text) if text else text

    def _place(self, start: str, workout: str, exercise: str, order: str) -> str:
        """Where in its workout a row stands; letters, and an exercise done twice, are counted through."""
        name = f"{name_key(exercise)}/{order}"
        counted = f"{start[:16]} {name_key(workout)}", name
        self._counts[counted] += 1
        return f"{name}/{self._counts[counted]}"


_KEPT: Final = 10_000
_LARGEST_POWER: Final = 9
_LONGEST: Final = 40


def decimal_of(column: str, text: str) -> Decimal:
    """The number of a cell; raises ValueError, naming the column."""
    try:
        value = Decimal(text) if len(text) <= _LONGEST else Decimal("NaN")
    except ArithmeticError:
        value = Decimal("NaN")
    if not value.is_finite() or "E" in text.upper() or "_" in text or value.adjusted() > _LARGEST_POWER:
        raise ValueError(f"{column} says {text[:20]!r}, which is not a number; it should look like 82.5")
    return value


def whole_of(column: str, text: str, most: int) -> int:
    """A whole number of a cell, 0 when it is empty; float noise and `8.0` are fine."""
    if text in NOTHING:
        return 0
    value = decimal_of(column, text)
    whole = value.to_integral_value()
    if abs(value - whole) > Decimal("0.000001") or not 0 <= whole <= most:
        raise ValueError(f"{column} says {text[:20]!r}, which is not a whole number from 0 to {most}")
    return int(whole)


def rpe10_of(text: str) -> int | None:
    """Ten times the RPE; None when it was not recorded."""
    if text in NOTHING:
        return None
    value = decimal_of("RPE", text) * 10
    if value != value.to_integral_value() or not 60 <= value <= 100:
        raise ValueError(f"RPE says {text[:20]!r}, which is not between 6 and 10 in tenths")
    return int(value)
