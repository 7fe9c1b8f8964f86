"""Numbers: a cell as thousandths of a meter's unit, rounded once from its text, halves to even.

`5.347` has two meanings, 5.347 and 5,347: such a cell is kept as its digits until the file's decimal sign is known.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from apps.common.imports.decimals import Sign, decimal_of, proves
from apps.heating.curve import divided
from apps.heating.imports.units import WORTH, Unit

CERTAIN, DOT, COMMA, DOT_OR_GROUP, COMMA_OR_GROUP = range(5)
"""How a cell is written: without a sign; with a sign that can only be decimal; with three digits after its only one."""

_MILLI_MAX: Final = 10**12
_PLACES: Final = tuple(10**places for places in range(21))
_SIMPLE: Final = re.compile(r"([0-9]{1,12})(?:([.,])([0-9]{1,20}))?")
_OF_SIGN: Final[dict[Sign, int]] = {"dot": DOT, "comma": COMMA}


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of a column."""

    unit: Unit
    column: str

    def read(self, text: str) -> tuple[int, int]:
        """Thousandths and how the cell is written; digits in their place where it has two meanings. ValueError: none"""
        simple = _SIMPLE.fullmatch(text)
        if simple is None:
            return self._read_grouped(text)
        whole, sign, part = simple.groups()
        above, below = WORTH[self.unit]
        if sign is None:
            return self._checked(divided(int(whole) * above, below), text), CERTAIN
        places = len(part)
        if places == 3 and len(whole) <= 3 and whole[0] != "0":
            return int(whole + part), DOT_OR_GROUP if sign == "." else COMMA_OR_GROUP
        milli = divided(int(whole + part) * above, below * _PLACES[places])
        return self._checked(milli, text), DOT if sign == "." else COMMA

    def settle(self, number: int, written: int, sign: Sign) -> int | None:
        """The thousandths of what `read` gave, once the file's decimal sign is known; None when it has the other."""
        if written == CERTAIN:
            return number
        if written in (DOT_OR_GROUP, COMMA_OR_GROUP):
            above, below = WORTH[self.unit]
            is_decimal = (written == DOT_OR_GROUP) == (sign == "dot")
            return divided(number * above, below * 1000 if is_decimal else below)
        return number if written == _OF_SIGN[sign] else None

    def _read_grouped(self, text: str) -> tuple[int, int]:
        sign = proves(text)
        try:
            value = decimal_of(text, sign or "dot")
        except ValueError:
            raise ValueError(f"{self.column} says {text[:40]!r}, which is no meter value such as 5347.614") from None
        if value < 0:
            raise ValueError(f"{self.column} says {text[:40]!r}, and no meter shows less than 0")
        return self._checked(self._rounded(value), text), CERTAIN if sign is None else _OF_SIGN[sign]

    def _rounded(self, value: Decimal) -> int:
        above, below = WORTH[self.unit]
        parts, of = value.as_integer_ratio()
        return divided(parts * above, of * below)

    def _checked(self, milli: int, text: str) -> int:
        if milli > _MILLI_MAX:
            raise ValueError(f"{self.column} says {text[:40]!r}, more than any meter shows")
        return milli
