"""The feed behind Fargate Spot's price page. AWS documents it nowhere, and its price files leave Spot out."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

FEED: Final = "https://dftu77xade0tc.cloudfront.net/fargate-spot-prices.json"
UNITS: Final = {
    "fargate.spot.arm.vcpu_hour": "ARM-vCPU-Hours",
    "fargate.spot.arm.gb_hour": "ARM-GB-Hours",
    "fargate.spot.x86.vcpu_hour": "vCPU-Hours",
    "fargate.spot.x86.gb_hour": "GB-Hours",
}
"""By price, what the feed calls its unit. It has a price for each unit and region, some hundred lines."""


class NoSpotFeed(Exception):  # noqa: N818 (an outcome, shown to the user)
    """What was sent is not the feed, or no longer."""


def read_feed(text: str) -> Mapping[tuple[str, str], Decimal]:
    """Dollars by unit and region."""
    try:
        prices: list[dict[str, Any]] = json.loads(text, parse_float=Decimal)["prices"]
        return {
            (each["unit"], each["attributes"]["aws:region"]): Decimal(each["price"]["USD"])
            for each in prices
            if "USD" in each["price"]
        }
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise NoSpotFeed(f"it is not of the form known: {type(error).__name__} {error}") from error
