"""A whole snapshot made anew from a small AWS: what is renewed, what stays and why."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from trackstack_infra.costs.snapshot import Price, Snapshot
from trackstack_infra.price_refresh.renewal import Renewal, Sources, renew

TODAY = date(2026, 12, 6)


def sources(aws: Any, *, api: bool = False) -> Sources:
    """The server's price files and feed, and its API where asked for."""
    return Sources(offers=aws.url, spot_feed=f"{aws.url}/spot.json", api=aws.client if api else None)


def price(renewal: Renewal, id_: str, region: str = "us-east-1") -> Price:
    """A price of the new snapshot."""
    found = renewal.snapshot.find(id_, region)
    assert found is not None
    return found


def why(renewal: Renewal, id_: str, region: str = "us-east-1") -> str:
    """Why a price stayed."""
    return next(each.why for each in renewal.kept if (each.price.id, each.price.region) == (id_, region))


def test_a_price_comes_from_its_regions_file(prices: Snapshot, aws: Any) -> None:
    """Of EC2's two files each region's states its own NAT price, under its own usage type."""
    aws.sells("AmazonEC2", "us-east-1", aws.row("A", "NatGateway-Hours", "0.05"))
    aws.sells("AmazonEC2", "eu-central-1", aws.row("B", "EUC1-NatGateway-Hours", "0.07"))
    renewal = renew(prices, sources(aws), today=TODAY)
    assert price(renewal, "nat.hour").of(Decimal(1)) == Decimal("0.05")
    assert price(renewal, "nat.hour", "eu-central-1").of(Decimal(1)) == Decimal("0.07")
    assert price(renewal, "nat.hour").source == "AmazonEC2 price file for us-east-1, published 2026-12-02"
    assert price(renewal, "nat.hour").source_kind == "price-list"
    assert (len(renewal.renewed), renewal.snapshot.snapshot) == (2, TODAY)


def test_each_file_is_read_once(prices: Snapshot, aws: Any) -> None:
    """EC2's file of a region has four of the prices, and is hundreds of megabytes."""
    renew(prices, sources(aws), today=TODAY)
    assert len(aws.asked) == len(set(aws.asked))
    assert "/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.csv" in aws.asked


def test_prices_of_no_region_come_from_one_file(prices: Snapshot, aws: Any) -> None:
    """CloudFront's one file states the price of both continents."""
    aws.sells(
        "AmazonCloudFront",
        "",
        aws.row("A", "US-DataTransfer-Out-Bytes", "0.09"),
        aws.row("B", "EU-DataTransfer-Out-Bytes", "0.1"),
    )
    renewal = renew(prices, sources(aws), today=TODAY)
    assert price(renewal, "cloudfront.out_gb").of(Decimal(1)) == Decimal("0.09")
    assert price(renewal, "cloudfront.out_gb", "eu-central-1").of(Decimal(1)) == Decimal("0.1")


def test_spot_comes_from_its_feed(prices: Snapshot, aws: Any) -> None:
    """Price files leave Spot out; a price from the feed is of the day it was read, and floats."""
    aws.files["/spot.json"] = aws.spot_feed({("ARM-vCPU-Hours", "us-east-1"): "0.0105"})
    renewal = renew(prices, sources(aws), today=TODAY)
    spot = price(renewal, "fargate.spot.arm.vcpu_hour")
    assert spot.of(Decimal(100)) == Decimal("1.05")
    assert (spot.effective, spot.source_kind, spot.floating) == (TODAY, "spot-feed", True)
    assert "has no ARM-GB-Hours for us-east-1" in why(renewal, "fargate.spot.arm.gb_hour")


def test_what_cannot_be_read_stays_and_says_why(prices: Snapshot, aws: Any) -> None:
    """A missing file, a broken one and a missing line: each price stays as it was, with the reason."""
    aws.sells("AmazonEC2", "us-east-1", aws.row("A", "NatGateway-Bytes", "0.05"))
    aws.files["/offers/v1.0/aws/AmazonEFS/current/us-east-1/index.csv"] = "<html>sign in first</html>"
    renewal = renew(prices, sources(aws), today=TODAY)
    assert "answered 404" in why(renewal, "alb.hour")
    assert "no header row" in why(renewal, "efs.standard_gb_month")
    assert why(renewal, "nat.hour") == (
        "NatGateway-Hours is not in the AmazonEC2 price file for us-east-1, published 2026-12-02"
    )
    assert price(renewal, "nat.hour") == prices.find("nat.hour", "us-east-1")
    assert len(renewal.kept) == len(prices.entries) - 1


def test_one_region_alone(prices: Snapshot, aws: Any) -> None:
    """With a region named, only its files are read, and those of no region."""
    renewal = renew(prices, sources(aws), today=TODAY, regions=["eu-central-1"])
    assert not [path for path in aws.asked if "us-east-1" in path]
    assert why(renewal, "nat.hour") == "its region was not asked for"


def test_the_api_answers_what_files_do_not(prices: Snapshot, aws: Any) -> None:
    """A price that its file does not state is asked for by itself; what neither knows tells of both."""
    aws.products["NatGateway-Hours"] = [aws.product("NatGateway-Hours", ("0", "Inf", "0.06"))]
    renewal = renew(prices, sources(aws, api=True), today=TODAY)
    assert price(renewal, "nat.hour").of(Decimal(1)) == Decimal("0.06")
    assert price(renewal, "nat.hour").source == "answer of AWS's price API"
    assert why(renewal, "nat.gb").endswith("NatGateway-Bytes is not in the answer of AWS's price API")


def test_without_credentials_the_api_is_tried_once(prices: Snapshot, aws: Any) -> None:
    """Nobody waits for a hundred failures: the first one ends the questions, and files still count."""
    tries = []

    def client() -> Any:
        tries.append(1)
        raise NoCredentialsError

    aws.sells("AmazonEC2", "us-east-1", aws.row("A", "NatGateway-Hours", "0.05"))
    files = sources(aws)
    renewal = renew(prices, Sources(files.offers, files.spot_feed, client), today=TODAY)
    assert len(tries) == 1
    assert price(renewal, "nat.hour").of(Decimal(1)) == Decimal("0.05")
    assert "Unable to locate credentials" in why(renewal, "nat.gb")


def test_a_server_that_is_not_there_is_no_crash(prices: Snapshot) -> None:
    """Without a network every price stays."""
    nowhere = "http://127.0.0.1:9"
    renewal = renew(prices, Sources(offers=nowhere, spot_feed=nowhere), today=TODAY)
    assert renewal.renewed == ()
    assert "cannot be read" in why(renewal, "nat.hour")


@pytest.mark.parametrize("usd", ["0.0000105", "10"])
def test_a_feed_in_another_unit_is_not_believed(prices: Snapshot, aws: Any, usd: str) -> None:
    """A Spot price a thousandth or a thousand times the last one is left alone."""
    aws.files["/spot.json"] = aws.spot_feed({("ARM-vCPU-Hours", "us-east-1"): usd})
    renewal = renew(prices, sources(aws), today=TODAY)
    assert "far from 0.01" in why(renewal, "fargate.spot.arm.vcpu_hour")
