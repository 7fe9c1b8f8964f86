"""What is billed in units of a size: a larger request counts as several, and so do not two of the mean."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal


def units_of(sizes: Iterable[tuple[Decimal, Decimal]], unit_kb: int) -> Decimal:
    """How many units a request counts as on average. `sizes` are KB, each with the share of requests that have it."""
    return sum((share * _units(kilobytes, unit_kb) for kilobytes, share in sizes), Decimal(0))


def _units(kilobytes: Decimal, unit_kb: int) -> Decimal:
    return max(Decimal(1), (kilobytes / unit_kb).to_integral_value(rounding=ROUND_CEILING))
