"""AWS's price API, asked through boto3 as it is."""

from datetime import date
from decimal import Decimal
from typing import Any

from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.price_refresh.api import products_of


def test_products_are_read_over_all_pages(prices: Snapshot, aws: Any) -> None:
    """The API is asked for one usage type in one region, and answers a page at a time."""
    aws.products["USE1-PublicIPv4:InUseAddress"] = [
        aws.product("USE1-PublicIPv4:InUseAddress", ("0", "Inf", "0.0050000000"), groupDescription="In use"),
        aws.product("USE1-PublicIPv4:InUseAddress", ("0", "100", "0"), ("100", "Inf", "0.0050000000")),
    ]
    price = prices.find("ipv4.hour", "us-east-1")
    assert price is not None
    first, second = products_of(aws.client(), price)
    assert [(rate.start, rate.stop, rate.usd) for rate in first.rates] == [(0, None, Decimal("0.005"))]
    assert [(rate.start, rate.stop) for rate in second.rates] == [(0, 100), (100, None)]
    assert first.effective == date(2026, 12, 3)
    assert first.attributes["groupDescription"] == "In use"
    question = "AmazonVPC {'usagetype': 'USE1-PublicIPv4:InUseAddress', 'regionCode': 'us-east-1'}"
    assert aws.asked == [question, question]


def test_a_price_of_no_region_is_asked_for_without_one(prices: Snapshot, aws: Any) -> None:
    """Route 53 belongs to no region, so a filter on one would find nothing."""
    price = prices.find("dns.query", "us-east-1")
    assert price is not None
    assert list(products_of(aws.client(), price)) == []
    assert aws.asked == ["AmazonRoute53 {'usagetype': 'DNS-Queries'}"]
