"""AWS's price API: one question for each price that the price files do not answer. It needs credentials.

https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from trackstack_infra.costs.snapshot import Price
from trackstack_infra.price_refresh.offers import EVERYWHERE
from trackstack_infra.price_refresh.product import Product, Rate


def products_of(client: Any, price: Price) -> Iterator[Product]:
    """What boto3's `pricing` client finds under a price's usage type."""
    wanted = {"usagetype": price.usage_type}
    if price.region != "global" and price.service_code not in EVERYWHERE:
        wanted["regionCode"] = price.region
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in wanted.items()]
    pages = client.get_paginator("get_products").paginate(ServiceCode=price.service_code, Filters=filters)
    for page in pages:
        for text in page["PriceList"]:
            yield from _products(json.loads(text, parse_float=Decimal))


def _products(document: dict[str, Any]) -> Iterator[Product]:
    for term in document["terms"].get("OnDemand", {}).values():
        dimensions = [each for each in term["priceDimensions"].values() if "USD" in each["pricePerUnit"]]
        if dimensions:
            yield Product(
                rates=tuple(map(_rate, dimensions)),
                effective=date.fromisoformat(term["effectiveDate"][:10]),
                attributes=document["product"]["attributes"],
            )


def _rate(dimension: dict[str, Any]) -> Rate:
    end = dimension["endRange"]
    return Rate(
        start=Decimal(dimension["beginRange"]),
        stop=None if end == "Inf" else Decimal(end),
        usd=Decimal(dimension["pricePerUnit"]["USD"]),
    )
