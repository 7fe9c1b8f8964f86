"""Amounts: whole minor units of what people and programs write, or a refusal.

Signs: `-12.50`, `12.50-`, `(12.50)`. Groups: `1.234,50`, `1'234.50`, `1 234,50` with any kind of space, `1,23,456.00`.
A currency's sign or code may stand on either side. `1,234` in EUR has two meanings: the file must tell.
"""

import re
from decimal import Decimal
from typing import Final

from apps.common.imports.decimals import Sign, decimal_of, proves
from apps.common.money import MINOR_MAX, minor_digits

_DOLLAR_CODES: Final = """
    ARS AUD BBD BMD BRL BSD BZD CAD CLP COP FJD HKD JMD KYD LRD MXN NAD NZD SGD TTD TWD USD XCD
"""
_MARKS: Final = {
    "€": frozenset({"EUR"}),
    "$": frozenset(_DOLLAR_CODES.split()),
    "£": frozenset({"GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "₹": frozenset({"INR"}),
    "₺": frozenset({"TRY"}),
    "₽": frozenset({"RUB"}),
    "zł": frozenset({"PLN"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
}
_MARK = "|".join(re.escape(mark) for mark in _MARKS)
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<sign1>[+-])?\s*(?P<mark1>{_MARK}|[A-Z]{{3}})?\s*(?P<sign2>[+-])?\s*"
    rf"(?P<number>[0-9.,][0-9.,'\s\u2019]*?)\s*"
    rf"(?P<sign3>[+-])?\s*(?P<mark2>{_MARK}|[A-Z]{{3}})?\s*(?P<close>\))?"
)
_NOISE_DECIMALS: Final = 9
_NOISE = Decimal("0.000001")
_AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


class Amount:
    """One amount as it is written: whether it is negative, its digits with their signs, and the currency it names."""

    __slots__ = ("mark", "negative", "number")

    def __init__(self, text: str) -> None:
        """Raises ValueError when the text is no amount."""
        plain = text.replace("\u2212", "-")
        match = _AMOUNT.fullmatch(plain)
        signs = [sign for sign in (match["sign1"], match["sign2"], match["sign3"]) if sign] if match else []
        marks = [mark for mark in (match["mark1"], match["mark2"]) if mark] if match else []
        if match is None or len(signs) > 1 or len(marks) > 1 or bool(match["open"]) != bool(match["close"]):
            raise ValueError(f"{text[:40]!r} is not an amount; write it like 12.50")
        if match["open"] and signs:
            raise ValueError(f"{text[:40]!r} has a sign inside of parentheses, which mean a minus already")
        self.negative = bool(match["open"]) or signs == ["-"]
        self.number: str = match["number"]
        self.mark: str | None = marks[0] if marks else None

    @property
    def is_ambiguous(self) -> bool:
        """Whether it has two meanings, as `1,234`."""
        return _AMBIGUOUS.fullmatch(self.number) is not None and self.proves() is None

    def proves(self) -> Sign | None:
        """The decimal sign it can only have been written with."""
        return proves(self.number)

    def minor(self, currency: str, sign: Sign | None) -> int:
        """Minor units of the currency; `sign` is the file's decimal sign, None when the file does not tell.

        Raises ValueError for what has two meanings, more decimals than the currency, or another currency's sign.
        """
        if self.mark is not None and currency not in _MARKS.get(self.mark, {self.mark}):
            raise ValueError(f"has {self.mark}, but the currency is {currency}")
        digits = minor_digits(currency)
        scaled = self._value(currency, sign, digits).scaleb(digits)
        whole = scaled.to_integral_value()
        decimals = -int(scaled.as_tuple().exponent) + digits
        if scaled != whole and not (decimals >= _NOISE_DECIMALS and abs(scaled - whole) < _NOISE):
            raise ValueError(f"{self.number!r} has {decimals} decimals, but {currency} has {digits}")
        if whole > MINOR_MAX:
            raise ValueError(f"{self.number!r} is larger than the largest amount supported")
        return -int(whole) if self.negative else int(whole)

    def _value(self, currency: str, sign: Sign | None, digits: int) -> Decimal:
        proved = self.proves()
        if proved is not None:
            return decimal_of(self.number, proved)
        if digits == 0 and _AMBIGUOUS.fullmatch(self.number):
            return Decimal(re.sub("[.,]", "", self.number))
        if sign is not None:
            return decimal_of(self.number, sign)
        if _AMBIGUOUS.fullmatch(self.number):
            raise ValueError(
                f"{self.number!r} has two meanings, and no other amount tells which; import with decimal=dot or"
                " decimal=comma"
            )
        try:
            return decimal_of(self.number, "dot")
        except ValueError:
            raise ValueError(f"{self.number[:40]!r} is not an amount; write it like 12.50") from None
