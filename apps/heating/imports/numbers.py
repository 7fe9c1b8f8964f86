"""Numbers: a cell as thousandths of a meter's unit, rounded once from its text, halves to even.

`5.347` has two meanings, 5.347 and 5,347: such a cell is kept as its digits until the file's decimal sign is known.
"""

import re
from typing import Final

from apps.common.imports.decimals import Sign, decimal_of, proves
from apps.heating.curve import divided
from apps.heating.imports.units import WORTH, Unit

CERTAIN, DOT, COMMA, DOT_OR_GROUP, COMMA_OR_GROUP = range(5)
"""How a cell is written: without a sign; with a sign that can only be decimal; with three digits after its only one."""

_MILLI_MAX: Final = 10**12
_SIMPLE: Final = re.compile(r"([0-9]{1,12})(?:([.,])([0-9]{1,20}))?")
_GROUPED: Final = re.compile("[-+]?[0-9.,' \u00a0\u202f\u2009\u2019]{1,40}")
_OF_SIGN: Final[dict[Sign, int]] = {"dot": DOT, "comma": COMMA}


class Scale:
    """The unit of a column."""

    __slots__ = ("_above", "_below", "column", "unit")

    def __init__(self, unit: Unit, column: str) -> None:
        self.unit: Final = unit
        self.column: Final = column
        self._above, below = WORTH[unit]
        self._below = tuple(below * 10**places for places in range(21))

    def read(self, text: str) -> tuple[int, int]:
        """Thousandths and how the cell is written; digits in their place where it has two meanings. ValueError: none"""
        simple = _SIMPLE.fullmatch(text)
        if simple is None:
            return self._read_grouped(text)
        whole, sign, part = simple.groups()
        if sign is None:
            return self._checked(divided(int(whole) * self._above, self._below[0]), text), CERTAIN
        places = len(part)
        if places == 3 and len(whole) <= 3 and whole[0] != "0":
            return int(whole + part), DOT_OR_GROUP if sign == "." else COMMA_OR_GROUP
        milli = divided(int(whole + part) * self._above, self._below[places])
        return milli if milli <= _MILLI_MAX else self._checked(milli, text), DOT if sign == "." else COMMA

    def settle(self, number: int, written: int, sign: Sign) -> int | None:
        """The thousandths of what `read` gave, once the file's decimal sign is known; None when it has the other."""
        if written == CERTAIN:
            return number
        if written in (DOT_OR_GROUP, COMMA_OR_GROUP):
            is_decimal = (written == DOT_OR_GROUP) == (sign == "dot")
            return divided(number * self._above, self._below[3 if is_decimal else 0])
        return number if written == _OF_SIGN[sign] else None

    def _read_grouped(self, text: str) -> tuple[int, int]:
        if not _GROUPED.fullmatch(text):
            raise ValueError(f"{self.column} says {text[:40]!r}, which is no meter value such as 5347.614")
        sign = proves(text)
        try:
            parts, of = decimal_of(text, sign or "dot").as_integer_ratio()
        except ValueError:
            raise ValueError(f"{self.column} says {text[:40]!r}, which is no meter value such as 5347.614") from None
        if parts < 0:
            raise ValueError(f"{self.column} says {text[:40]!r}, and no meter shows less than 0")
        milli = divided(parts * self._above, of * self._below[0])
        return self._checked(milli, text), CERTAIN if sign is None else _OF_SIGN[sign]

    def _checked(self, milli: int, text: str) -> int:
        if milli > _MILLI_MAX:
            raise ValueError(f"{self.column} says {text[:40]!r}, more than any meter shows")
        return milli
