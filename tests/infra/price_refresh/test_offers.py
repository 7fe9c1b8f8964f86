"""AWS's price files: which lines count, and that no file is ever held in memory."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra.price_refresh.offers import NoPriceFile, path_of, read_offer


def test_prices_on_demand_are_kept(aws: Any) -> None:
    """Of a price file count lines of the asked usage types, sold on demand, in dollars; and when it was published."""
    text = aws.price_file(
        aws.row("A", "NatGateway-Hours", "0.0460000000"),
        aws.row("B", "NatGateway-Hours", "0.0300000000", TermType="Reserved"),
        aws.row("C", "NatGateway-Hours", "0.3200000000", Currency="CNY"),
        aws.row("D", "VpnUsage-Hours", "0.0500000000"),
    )
    offer = read_offer(text.splitlines(), {"NatGateway-Hours"})
    assert offer.published == date(2026, 12, 2)
    (only,) = offer.products["NatGateway-Hours"]
    assert [rate.usd for rate in only.rates] == [Decimal("0.0460000000")]
    assert only.effective == date(2026, 12, 1)
    assert list(offer.products) == ["NatGateway-Hours"]


def test_ranges_of_one_product_belong_together(aws: Any) -> None:
    """Two lines of one SKU are its two ranges; another SKU is another product."""
    text = aws.price_file(
        aws.row("A", "DataTransfer-Out-Bytes", "0.09", EndingRange="10240"),
        aws.row("A", "DataTransfer-Out-Bytes", "0.085", StartingRange="10240"),
        aws.row("B", "DataTransfer-Out-Bytes", "0.02"),
    )
    first, second = read_offer(text.splitlines(), {"DataTransfer-Out-Bytes"}).products["DataTransfer-Out-Bytes"]
    assert [(rate.start, rate.stop) for rate in first.rates] == [(0, 10240), (10240, None)]
    assert len(second.rates) == 1


def test_a_comma_in_a_description_is_no_column(aws: Any) -> None:
    """Descriptions such as `$0.045 per hour, N. Virginia` stay one field."""
    text = aws.price_file(aws.row("A", "NatGateway-Hours", "0.046", PriceDescription="$0.046 an hour, N. Virginia"))
    assert read_offer(text.splitlines(), {"NatGateway-Hours"}).products


def test_a_large_file_is_not_held_in_memory(aws: Any) -> None:
    """A file of 8 MB, as EC2's in small, is read in less than half a MB."""
    head, *_ = aws.price_file().splitlines(), None
    line = ",".join('"filling that nobody asked for"' if column else "" for column in range(len(head[5].split(","))))

    def lines() -> Iterator[str]:
        yield from head
        for _ in range(12_000):
            yield line
        yield from aws.price_file(aws.row("A", "NatGateway-Hours", "0.046")).splitlines()[6:]

    tracemalloc.start()
    try:
        offer = read_offer(lines(), {"NatGateway-Hours"})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert offer.products["NatGateway-Hours"]
    assert peak < 500_000


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<html>not here</html>", "no header row"),
        ('"SKU","TermType"\n', "does not say when it was published"),
        ('"Publication Date","2026-12-02T00:00:00Z"\n"SKU","TermType"\n', "no column EffectiveDate"),
    ],
)
def test_what_is_no_price_file_is_refused(text: str, what: str) -> None:
    """A page of a proxy, or a file whose columns have changed, gives no prices."""
    with pytest.raises(NoPriceFile, match=what):
        read_offer(text.splitlines(), {"NatGateway-Hours"})


def test_services_of_no_region_have_one_file() -> None:
    """CloudFront and Route 53 have one price file for all regions, others have one a region."""
    assert path_of("AmazonEC2", "eu-central-1") == "/offers/v1.0/aws/AmazonEC2/current/eu-central-1/index.csv"
    assert path_of("AmazonCloudFront", "us-east-1") == "/offers/v1.0/aws/AmazonCloudFront/current/index.csv"
    assert path_of("AmazonRoute53", "global") == "/offers/v1.0/aws/AmazonRoute53/current/index.csv"
