"""Which product of a price list is meant by a price, and what of it is believed."""

from datetime import date
from decimal import Decimal

import pytest

from trackstack_infra.costs.snapshot import Price, Snapshot, Tier
from trackstack_infra.price_refresh.product import NotRenewed, Product, Rate, renewed

TODAY = date(2026, 12, 6)


def product(*rates: tuple[str, str | None, str], **attributes: str) -> Product:
    """A product with rates of start, stop and dollars."""
    read = tuple(Rate(Decimal(start), stop and Decimal(stop), Decimal(usd)) for start, stop, usd in rates)  # type: ignore[arg-type]
    return Product(read, date(2026, 12, 1), attributes)


def price(prices: Snapshot, id_: str) -> Price:
    """The fixture's price in us-east-1."""
    found = prices.find(id_, "us-east-1")
    assert found is not None
    return found


def test_a_price_is_renewed_with_its_dates(prices: Snapshot) -> None:
    """NAT rises from 0.04 to 0.05: since 1 December, says the file, which was read on the 6th."""
    new = renewed(price(prices, "nat.hour"), [product(("0", None, "0.0500000000"))], source="file", today=TODAY)
    assert [str(tier.usd) for tier in new.tiers] == ["0.05"]
    assert (new.effective, new.retrieved, new.source, new.confidence) == (date(2026, 12, 1), TODAY, "file", "high")


def test_attributes_tell_products_apart(prices: Snapshot) -> None:
    """Reading and writing elastic EFS have one usage type; the file writes `Access Type`, the API `accessType`."""
    products = [
        product(("0", None, "0.03"), accessType="Read"),
        product(("0", None, "0.07"), **{"Access Type": "Write"}),
    ]
    new = renewed(price(prices, "efs.elastic_write_gb"), products, source="file", today=TODAY)
    assert new.tiers[0].usd == Decimal("0.07")


def test_two_products_of_one_price_are_no_riddle(prices: Snapshot) -> None:
    """Several products may share a usage type as long as they cost the same."""
    products = [product(("0", None, "0.05"), operation="A"), product(("0", None, "0.0500"), operation="B")]
    assert renewed(price(prices, "nat.hour"), products, source="file", today=TODAY).tiers[0].usd == Decimal("0.05")


def test_two_prices_are_a_riddle(prices: Snapshot) -> None:
    """Where products of one usage type cost differently, none is picked."""
    with pytest.raises(NotRenewed, match="has 2 different prices"):
        renewed(
            price(prices, "nat.hour"),
            [product(("0", None, "0.05")), product(("0", None, "0.06"))],
            source="file",
            today=TODAY,
        )


def test_a_tenfold_price_is_not_believed(prices: Snapshot) -> None:
    """S3's 1,000 requests for 0.005 would be taken for one; so a price ten times the last one is left alone."""
    with pytest.raises(NotRenewed, match="far from"):
        renewed(price(prices, "s3.put"), [product(("0", None, "0.005"))], source="file", today=TODAY)


def test_a_price_of_nothing_is_not_believed(prices: Snapshot) -> None:
    """Lists have lines of free tiers at 0; a price never becomes 0."""
    with pytest.raises(NotRenewed, match="far from"):
        renewed(price(prices, "nat.hour"), [product(("0", None, "0"))], source="file", today=TODAY)


def test_a_free_first_range_is_left_to_free_tiers(prices: Snapshot) -> None:
    """Where the list has a million requests at 0, what follows is the price, from the first request on."""
    rates = product(("0", "1000000", "0"), ("1000000", None, "0.0000004"))
    new = renewed(price(prices, "sqs.request"), [rates], source="file", today=TODAY)
    assert new.tiers == (Tier(usd=Decimal("0.0000004")),)


def test_an_hourly_list_becomes_a_monthly_price(prices: Snapshot) -> None:
    """Lightsail's list asks 0.0161290323 an hour for what costs 744 times that a month, 12 dollars."""
    bundle = price(prices, "lightsail.bundle.small_3_0_month")
    new = renewed(bundle, [product(("0", None, "0.0161290323"))], source="file", today=TODAY)
    assert new.tiers[0].usd == 12
