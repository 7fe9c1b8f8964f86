"""A price as one of AWS's sources states it, and which price of ours it is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from trackstack_infra.costs.snapshot import Price, Tier

FAR_FROM_BEFORE: Final = 10
"""Prices do not change tenfold: such a one is another product, or counted in another unit."""
# A price by the month that a list states by the hour is short of a ten-thousandth: 744 x 0.0161290323 is 12 dollars.
_SMALLEST_OF_OURS: Final = Decimal("0.0001")


@dataclass(frozen=True)
class Rate:
    """Dollars a unit over a range of a month's quantity; no `stop` where it has no end."""

    start: Decimal
    stop: Decimal | None
    usd: Decimal


@dataclass(frozen=True)
class Product:
    """What one product of a price list costs on demand."""

    rates: tuple[Rate, ...]
    effective: date
    attributes: Mapping[str, str]

    def is_meant_by(self, price: Price) -> bool:
        """Whether it has the attributes that tell the price from others of its usage type."""
        have = {_plain(name): value for name, value in self.attributes.items()}
        return all(have.get(_plain(name)) == value for name, value in price.match.items())


class NotRenewed(Exception):  # noqa: N818 (an outcome, shown to the user for each price)
    """Why a price stays as it was."""


def renewed(price: Price, products: Iterable[Product], *, source: str, today: date) -> Price:
    """The price with what AWS states now; raises NotRenewed where that is unclear or hard to believe."""
    meant = [product for product in products if product.is_meant_by(price)]
    if not meant:
        raise NotRenewed(f"{price.usage_type} is not in the {source}")
    stated = {_tiers(product, price.list_factor) for product in meant}
    if len(stated) > 1:
        raise NotRenewed(f"{price.usage_type} has {len(stated)} different prices in the {source}")
    tiers = stated.pop()
    before, now = price.tiers[0].usd, tiers[0].usd
    if not before / FAR_FROM_BEFORE < now < before * FAR_FROM_BEFORE:
        raise NotRenewed(f"{price.usage_type} costs {now} in the {source}, too far from {before}")
    return price.model_copy(
        update={
            "tiers": tiers,
            "effective": max(product.effective for product in meant),
            "retrieved": today,
            "source": source,
            "source_kind": "price-list",
            "confidence": "high",
        }
    )


def _tiers(product: Product, factor: Decimal) -> tuple[Tier, ...]:
    """A first range that is free goes to what follows: free tiers are an account's, and kept apart."""
    rates = sorted(product.rates, key=lambda rate: rate.start)
    while len(rates) > 1 and rates[0].usd == 0:
        rates = [Rate(rates[0].start, rates[1].stop, rates[1].usd), *rates[2:]]
    return tuple(
        Tier(
            start=rate.start / factor,
            stop=None if rate.stop is None else rate.stop / factor,
            usd=_short(rate.usd if factor == 1 else (rate.usd * factor).quantize(_SMALLEST_OF_OURS)),
        )
        for rate in rates
    )


def _short(usd: Decimal) -> Decimal:
    """Price files write ten places, most of them zero."""
    return Decimal(f"{usd.normalize():f}")


def _plain(name: str) -> str:
    """Price files say `Pre Installed S/W`, the API `preInstalledSw`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
