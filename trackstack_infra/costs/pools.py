"""Free tiers and tiers of a price: an account's, so they are drawn by all lines together, whatever their names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from trackstack_infra.costs.snapshot import FreeTier, Price

_PLACES: Final = 15
"""Thirds and sevenths of a use have no end as decimals; what lies behind these places comes from dividing."""
_DIGITS: Final = 60


@dataclass(frozen=True)
class Charge:
    """A line's part of what is free and of what is paid."""

    free: Decimal
    exact: Decimal


def settle(items: Sequence[tuple[Price, Decimal]], tiers: Iterable[FreeTier]) -> list[Charge]:
    """What each item, a price and so many of its units, gets free and costs.

    Of the prices that share a free tier the dearest draws first. Items of one price bear equal parts: each gets as
    much of its units free as the others, and pays the mean of the tiers that all of them reach together.
    """
    prices = {price.id: price for price, _ in items}
    units = dict.fromkeys(prices, Decimal(0))
    for price, quantity in items:
        units[price.id] += quantity
    units = {id_: without_noise(whole) for id_, whole in units.items()}
    return list(_charges(items, units, _free(prices, units, tiers)))


def _charges(
    items: Sequence[tuple[Price, Decimal]], units: Mapping[str, Decimal], free: Mapping[str, Decimal]
) -> Iterator[Charge]:
    stops = dict.fromkeys(units, Decimal(0))
    for price, quantity in items:
        whole, unpaid = units[price.id], free[price.id]
        start = stops[price.id]
        stops[price.id] += quantity
        drawn = _part(unpaid, start, quantity, whole)
        if _of_first_tier(price, whole - unpaid):
            yield Charge(drawn, (quantity - drawn) * price.tiers[0].usd)
        else:
            yield Charge(drawn, _part(price.of(whole - unpaid), start, quantity, whole))


def _free(prices: Mapping[str, Price], units: Mapping[str, Decimal], tiers: Iterable[FreeTier]) -> dict[str, Decimal]:
    """Free units by price: dearest first, which is what an account saves most by."""
    free = dict.fromkeys(units, Decimal(0))
    for tier in tiers:
        left = tier.units
        for id_ in sorted(set(tier.prices) & set(units), key=lambda id_: (-prices[id_].tiers[0].usd, id_)):
            free[id_] = min(units[id_], left)
            left -= free[id_]
    return free


def _part(whole: Decimal, start: Decimal, quantity: Decimal, units: Decimal) -> Decimal:
    """What falls on so many of the units, from `start` on; parts that follow each other add up to the whole exactly."""
    if not whole or whole == units:
        return quantity if whole else Decimal(0)
    with localcontext(prec=_DIGITS):
        return without_noise(whole * (start + quantity) / units) - without_noise(whole * start / units)


def without_noise(amount: Decimal) -> Decimal:
    """An amount or a number of units, without what only comes from dividing."""
    with localcontext(prec=_DIGITS):
        return round(amount, _PLACES)


def _of_first_tier(price: Price, billable: Decimal) -> bool:
    """Whether all paid units are of the first tier."""
    stop = price.tiers[0].stop
    return stop is None or billable <= stop
