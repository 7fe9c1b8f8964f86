"""Money: whole minor units (cents) and an ISO 4217 code, never a float."""

from dataclasses import dataclass
from typing import Self

MINOR_MAX = 10**13
"""Largest amount taken, in minor units: sums over 900,000 of them still fit into SQLite's 64 bit."""

# ISO 4217's codes in use, without funds, metals and test codes.
_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND
    VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())

# Minor digits where they are not 2.
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_DIGITS = dict.fromkeys(_NO_DIGITS.split(), 0) | dict.fromkeys(_THREE_DIGITS.split(), 3)


def minor_digits(currency: str) -> int:
    """How many digits the minor unit has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return _DIGITS.get(currency, 2)


@dataclass(frozen=True, order=True)
class Money:
    """An amount in one currency; adding two currencies is an error."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"{self.currency!r} is not an ISO 4217 currency code; write it like EUR")

    def __add__(self, other: Self) -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        digits = minor_digits(self.currency)
        whole, part = divmod(abs(self.minor), 10**digits)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}{f'.{part:0{digits}d}' if digits else ''} {self.currency}"

    def _same(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self} with {other}: the currencies differ")
        return other


def minor_of(text: str, currency: str) -> int:
    """Minor units of a decimal text, with `.` or `,` before the decimals: `-12,5` EUR is -1250.

    Thousands may be grouped by the other sign, a space or an apostrophe: `1.234,50`, `1'234.50`. A text that could mean
    two amounts is refused: `1,234` in EUR has three digits behind its only sign, so it might be 1.234 or 1234.
    """
    digits = minor_digits(currency)
    plain = text.strip().replace(" ", "").replace("\u00a0", "").replace("'", "").replace("\u2212", "-")
    sign = -1 if plain.startswith("-") else 1
    plain = plain.lstrip("+-") if plain[:1] in {"+", "-"} and plain[1:2] not in {"+", "-"} else plain
    whole, part = _halves(plain, text)
    if not (whole + part).isascii() or not (whole + part).isdigit():
        raise ValueError(f"{text!r} is not an amount; write it like 12.50")
    if len(part) > digits:
        raise ValueError(f"{text!r} has {len(part)} decimals, but {currency} has {digits}")
    if len(whole) > len(str(MINOR_MAX)):
        raise ValueError(f"{text!r} is larger than the largest amount supported")
    minor = sign * int((whole or "0") + part.ljust(digits, "0"))
    if abs(minor) > MINOR_MAX:
        raise ValueError(f"{text!r} is larger than the largest amount supported")
    return minor


def _halves(plain: str, text: str) -> tuple[str, str]:
    """The digits before and after the decimal sign: the sign that comes last, grouping signs removed."""
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return plain, ""
    decimal, group = plain[last], ",."[plain[last] == ","]
    whole, part = plain[:last], plain[last + 1 :]
    if not part:
        raise ValueError(f"{text!r} is not an amount; write it like 12.50")
    if decimal in whole:
        # The same sign twice can only group: 1.234.567
        groups = plain.split(decimal)
        if group in plain or any(len(each) != 3 for each in groups[1:]) or not 1 <= len(groups[0]) <= 3:
            raise ValueError(f"{text!r} is not an amount; write it like 12.50")
        return "".join(groups), ""
    groups = whole.split(group)
    if any(len(each) != 3 for each in groups[1:]) or (len(groups) > 1 and not 1 <= len(groups[0]) <= 3):
        raise ValueError(f"{text!r} is not an amount; write it like 12.50")
    return "".join(groups), part
