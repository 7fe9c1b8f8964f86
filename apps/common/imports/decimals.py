"""Decimals: what sign stands before the decimals of a file's numbers, and a number read with it.

`12,50` and `1.234,5` have one meaning each, whatever the file; `1.234` has two. Only the file as a whole, or whoever
imports it, can say which.
"""

import re
from decimal import Decimal
from typing import Literal

Sign = Literal["dot", "comma"]

SIGNS: dict[Sign, str] = {"dot": ".", "comma": ","}

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ \u00a0\u202f\u2009'\u2019][0-9]{3})+(?:[.,][0-9]{1,20})?")
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}")
_ONE_SIGN = re.compile(r"[+-]?(?P<whole>[0-9]{0,15})(?P<sign>[.,])(?P<part>[0-9]{1,20})")
_THREE = 3
_GROUPED = {
    # 1,234,567.89, or in lakhs 12,34,567.89
    "dot": re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})(?:\.[0-9]{1,20})?"),
    "comma": re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,20})?"),
}


def proves(text: str) -> Sign | None:
    """The decimal sign that this number can only have been written with; None when both would do, or it is no number.

    `12,5` comma; `0.347` dot, as no group begins with 0; `1.234.567` comma, as its points can only group; `1.234` None.
    """
    plain = _without_spaces(text)
    one = _ONE_SIGN.fullmatch(plain)
    if one is not None:
        if plain != text:  # the spaces are the groups, so the sign is that of the decimals
            return "dot" if one["sign"] == "." else "comma"
        whole, part = one["whole"].lstrip("+-"), one["part"]
        is_group = len(part) == _THREE and 1 <= len(whole) <= _THREE and not whole.startswith("0")
        if is_group:
            return None
        return "dot" if one["sign"] == "." else "comma"
    for sign, pattern in _GROUPED.items():
        if pattern.fullmatch(plain):
            return sign  # type: ignore[return-value]
    return None


def decimal_of(text: str, sign: Sign) -> Decimal:
    """The number, with thousands grouped or not; raises ValueError when it is none with this decimal sign."""
    plain = _without_spaces(text)
    one = _ONE_SIGN.fullmatch(plain)
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    if one is not None and one["sign"] == SIGNS[sign]:
        return Decimal(plain.replace(",", "."))
    if _GROUPED[sign].fullmatch(plain):
        group = "," if sign == "dot" else "."
        return Decimal(plain.replace(group, "").replace(",", "."))
    raise ValueError(f"{text[:40]!r} is not a number with a decimal {sign}")


def _without_spaces(text: str) -> str:
    """The number without what divides its thousands; as it is where it divides anything else."""
    return text.translate(_SPACES) if _SPACED.fullmatch(text) else text
