"""Decimals as reports write them: dollars in cents, quantities without zeros that say nothing."""

from decimal import Decimal

from trackstack_infra.costs.line import cents


def dollars(amount: Decimal) -> str:
    """`$7.03`, `–$0.40`; never a minus before nothing."""
    shown = cents(amount)
    return f"–${-shown:,}" if shown < 0 else f"${abs(shown):,}"


def at_least(amount: Decimal, *, gaps: bool) -> str:
    """`$7.03`; `at least $7.03` where resources without a price are missing from it."""
    return f"at least {dollars(amount)}" if gaps else dollars(amount)


def cell(amount: Decimal, *, gaps: bool) -> str:
    """The same for a narrow column: `≥$7.03`."""
    return f"≥{dollars(amount)}" if gaps else dollars(amount)


def plain(number: Decimal) -> str:
    """Exactly, without an exponent and without zeros at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(number: Decimal, places: int = 2) -> str:
    """Rounded to so many places, without zeros at its end."""
    return plain(round(number, places))
