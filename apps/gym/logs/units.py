"""Units: a log that does not say kilograms or pounds is not taken until somebody does.

Some files betray their unit. Apps that store kilograms and show pounds write `149.99999999999997` for 150; files in
kilograms of somebody who lifts pounds have `6.80388555`, which is 15 lb to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from apps.common.imports.decisions import Decision, Evidence

_DECIMALS: Final = 5
"""From how many decimals on a number was computed, not typed."""

_STEPS: Final = (Decimal("0.5"), Decimal("0.25"))


@dataclass(frozen=True)
class Quantity:
    """What is measured: its parameter, and how much one of each unit is in what is stored (grams, metres)."""

    name: str
    words: str
    units: Mapping[str, Decimal]
    larger: str
    """The unit that is more: 1 lb is 0.45 kg, 1 mi is 1.6 km."""
    people: str
    """What people call the second unit."""


WEIGHT: Final = Quantity("weight", "weight", {"kg": Decimal(1000), "lb": Decimal("453.59237")}, "kg", "pounds")
DISTANCE: Final = Quantity("distance", "distance", {"km": Decimal(1000), "mi": Decimal("1609.344")}, "mi", "miles")

ALIASES: Final[Mapping[str, Decimal]] = {
    **dict.fromkeys(("kg", "kgs"), Decimal(1000)),
    **dict.fromkeys(("lb", "lbs"), Decimal("453.59237")),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), Decimal(1)),
    **dict.fromkeys(("km", "kms", "kilometers"), Decimal(1000)),
    **dict.fromkeys(("mi", "mile", "miles"), Decimal("1609.344")),
    **dict.fromkeys(("ft", "feet"), Decimal("0.3048")),
    **dict.fromkeys(("yd", "yards"), Decimal("0.9144")),
    "cm": Decimal("0.01"),
}
"""What a unit that a file names is worth, in grams or metres."""


class UnitOfFile:
    """The unit of the numbers of one file that have none: shown to `survey`, then settled by `decide`."""

    def __init__(self, quantity: Quantity, given: str | None) -> None:
        self._quantity = quantity
        self._given = given
        self._first, self._second = quantity.units
        self._evidence = Evidence(quantity.name)
        self._noise: tuple[int, str, Decimal] | None = None
        self._needed = False
        self.factor = Decimal(1)
        """Grams or metres of one unit, once decided."""

    def survey(self, text: str, line: int) -> None:
        """Look at a number without a unit that is not 0."""
        self._needed = True
        if len(text.partition(".")[2]) < _DECIMALS:
            return
        value = Decimal(text)
        near = _nearest(value, Decimal("0.25"))
        if near is not None and near != value:
            self._noise = self._noise or (line, text, near)
            return
        ratio = self._quantity.units[self._second] / self._quantity.units[self._first]
        for unit, converted, other in (
            (self._first, value / ratio, self._second),
            (self._second, value * ratio, self._first),
        ):
            whole = _nearest(converted, Decimal("0.25"), Decimal("0.00001"))
            if whole is not None and whole != 0:
                self._evidence.proves(unit, line, f"{text} is {whole.normalize():f} {other} in {unit}")
                return

    def decide(self, known: str | None) -> Decision | str | None:
        """The decision; None when no number needs one; a sentence when nobody and nothing says the unit.

        Raises Unprocessable when the file betrays another unit than the one that is given, or two.
        """
        if not self._needed:
            return None
        proofs = self._evidence.proofs
        if self._given is not None and proofs and self._given not in proofs:
            # The file's own evidence beside what is given: two rows that contradict each other.
            (unit, proof), *_ = proofs.items()
            return (
                f"line {proof.line} betrays that the file is in {unit} ({proof.text}); it is not taken with"
                f" {self._quantity.name}={self._given}"
            )
        decision = self._evidence.decide(
            given=self._given, known=known if self._noise is None else None, words=self._in_words
        )
        if decision is not None:
            self.factor = self._quantity.units[decision.value]
            return decision
        return self._question()

    def _in_words(self, unit: str) -> str:
        return f"Numbers of {self._quantity.words} without a unit were read in {unit}"

    def _question(self) -> str:
        choice = f"give {self._quantity.name}={self._second} or {self._quantity.name}={self._first}"
        if self._noise is not None:
            line, text, near = self._noise
            return f"these look like {self._quantity.people} (line {line}: {text} = {near.normalize():f}): {choice}"
        return f"the file does not say its unit of {self._quantity.words}: {choice}"


def stored(value: Decimal, factor: Decimal) -> int:
    """A number of a unit in whole grams or metres, half of one to even."""
    return int((value * factor).quantize(Decimal(1), ROUND_HALF_EVEN))


def _nearest(value: Decimal, step: Decimal, within: Decimal = Decimal("0.000001")) -> Decimal | None:
    """The multiple of a step that a value is, but for float noise; None when it is none."""
    near = (value / step).quantize(Decimal(1), ROUND_HALF_EVEN) * step
    return near if abs(value - near) <= within else None
