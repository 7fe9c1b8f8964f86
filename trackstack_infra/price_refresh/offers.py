"""AWS's price files, read as they arrive: EC2's is hundreds of megabytes, so no file is ever held in memory.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html: five
lines about the file, one with the names of its columns, then a line for each price of each product.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from trackstack_infra.price_refresh.product import Product, Rate

HOST: Final = "https://pricing.us-east-1.amazonaws.com"
# What these two sell belongs to no region, so they have one file for all.
EVERYWHERE: Final = ("AmazonCloudFront", "AmazonRoute53")
_COLUMNS: Final = ("SKU", "TermType", "EffectiveDate", "StartingRange", "EndingRange", "PricePerUnit", "Currency")


class NoPriceFile(Exception):  # noqa: N818 (an outcome, shown to the user)
    """What was sent is not a price file."""


@dataclass(frozen=True)
class Offer:
    """The part of a price file that was asked for."""

    published: date
    products: Mapping[str, tuple[Product, ...]]
    """By usage type."""


def path_of(service: str, region: str) -> str:
    """Where the newest price file of a service lies."""
    place = "" if service in EVERYWHERE or region == "global" else f"{region}/"
    return f"/offers/v1.0/aws/{service}/current/{place}index.csv"


def read_offer(lines: Iterable[str], usage_types: Collection[str]) -> Offer:
    """Read a price file line by line and keep what is sold on demand under one of the usage types."""
    rows = csv.reader(lines)
    published: date | None = None
    for row in rows:
        if row[:1] == ["Publication Date"]:
            published = date.fromisoformat(row[1][:10])
        elif row[:1] == ["SKU"]:
            break
    else:
        raise NoPriceFile("it has no header row")
    if published is None:
        raise NoPriceFile("it does not say when it was published")
    if missing := [name for name in (*_COLUMNS, "usageType") if name not in row]:
        raise NoPriceFile(f"it has no column {', '.join(missing)}")
    kept: dict[str, dict[str, list[dict[str, str]]]] = {}
    for price in _on_demand(row, rows, usage_types):
        kept.setdefault(price["usageType"], {}).setdefault(price["SKU"], []).append(price)
    return Offer(published, {usage: tuple(map(_product, skus.values())) for usage, skus in kept.items()})


def _on_demand(header: list[str], rows: Iterable[list[str]], usage_types: Collection[str]) -> Iterator[dict[str, str]]:
    """The columns' places are looked up once: a dictionary for each line would take three times as long."""
    usage, term, currency = header.index("usageType"), header.index("TermType"), header.index("Currency")
    for row in rows:
        if len(row) == len(header) and row[usage] in usage_types and row[term] == "OnDemand" and row[currency] == "USD":
            yield dict(zip(header, row, strict=True))


def _product(prices: list[dict[str, str]]) -> Product:
    return Product(
        rates=tuple(
            Rate(
                start=Decimal(price["StartingRange"] or 0),
                stop=None if price["EndingRange"] in ("", "Inf") else Decimal(price["EndingRange"]),
                usd=Decimal(price["PricePerUnit"]),
            )
            for price in prices
        ),
        effective=max(date.fromisoformat(price["EffectiveDate"][:10]) for price in prices),
        attributes=prices[0],
    )
