"""Price snapshots: what a file must say, what a price comes to, and what the shipped one has."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.price_check import FULL_REGIONS, IDS, changes, loose_ends, missing_in
from trackstack_infra.costs.snapshot import Snapshot, Tier, read_snapshot, shipped
from trackstack_infra.errors import UsageError

SMALL = """\
schema: 1
snapshot: 2026-11-01
currency: USD
entries:
  - id: nat.hour
    region: us-east-1
    service_code: AmazonEC2
    usage_type: NatGateway-Hours
    unit: hour
    tiers: [{usd: "0.045"}]
    effective: 2026-10-01
    retrieved: 2026-11-01
    source: invented
    source_kind: third-party
    confidence: high
"""


def read(tmp_path: Path, text: str) -> Snapshot:
    """A snapshot from the text of a file."""
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    return read_snapshot(path)


def test_every_price_is_known_in_full_regions() -> None:
    """The shipped snapshot has every price that a billing rule may ask for, in us-east-1 and eu-central-1."""
    snapshot = read_snapshot(shipped())
    assert {region: missing_in(snapshot, region) for region in FULL_REGIONS} == {"us-east-1": (), "eu-central-1": ()}
    assert list(loose_ends(snapshot)) == []


def test_a_region_known_in_part_says_what_it_lacks() -> None:
    """Of eu-west-1 some prices are not known; what needs them is unpriced there."""
    lacking = missing_in(read_snapshot(shipped()), "eu-west-1")
    assert "rds.postgres.t4g.micro_hour" in lacking
    assert "nat.hour" not in lacking


def test_the_fixture_has_what_the_shipped_one_has(prices: Snapshot) -> None:
    """Tests of rules find every price in the fixture, and never need the shipped snapshot."""
    assert {price.id for price in prices.entries} == set(IDS)
    assert {tier.id for tier in prices.free_tiers} == {tier.id for tier in read_snapshot(shipped()).free_tiers}


@pytest.mark.parametrize(
    ("id_", "region", "usd"),
    [
        ("fargate.spot.arm.vcpu_hour", "us-east-1", "0.01030969"),
        ("nat.hour", "eu-central-1", "0.052"),
        ("nat.hour", "eu-west-1", "0.048"),
        ("sqs.request", "us-east-1", "0.0000004"),
        ("dns.zone_month", "eu-central-1", "0.50"),
        ("lightsail.bundle.small_3_0_month", "us-east-1", "12"),
    ],
)
def test_shipped_prices_are_for_a_single_unit(id_: str, region: str, usd: str) -> None:
    """Prices are for one request, hour or GB, never for a thousand or a million of them."""
    price = read_snapshot(shipped()).find(id_, region)
    assert price is not None
    assert price.of(Decimal(1)) == Decimal(usd)


def test_only_spot_prices_float() -> None:
    """A report marks the prices of Fargate Spot as floating, and no others."""
    snapshot = read_snapshot(shipped())
    assert {price.id for price in snapshot.entries if price.floating} == {
        "fargate.spot.arm.vcpu_hour",
        "fargate.spot.arm.gb_hour",
        "fargate.spot.x86.vcpu_hour",
        "fargate.spot.x86.gb_hour",
    }


def test_free_capacity_of_a_table_is_counted_in_hours() -> None:
    """25 units of write capacity over the 744 h of the longest month are 18,600 unit hours."""
    tiers = {tier.id: tier.units for tier in read_snapshot(shipped()).free_tiers}
    assert tiers["dynamodb.write_capacity"] == 18600
    assert tiers["sqs.requests"] == 1_000_000
    assert tiers["logs.ingested"] == tiers["logs.stored"] == 5


def test_a_price_goes_through_its_tiers(prices: Snapshot) -> None:
    """12,000 GB out of us-east-1: 10,000 at 0.09 and 2,000 at 0.045 are 990 dollars."""
    price = prices.find("data.out_gb", "us-east-1")
    assert price is not None
    assert price.of(Decimal(12_000)) == Decimal(990)
    assert price.of(Decimal(10_000)) == Decimal(900)
    assert price.of(Decimal(0)) == 0


def test_a_price_that_is_the_same_everywhere_is_found_in_each_region(prices: Snapshot) -> None:
    """Route 53 asks the same everywhere, and a region nobody has heard of has no price of its own."""
    assert prices.find("dns.zone_month", "eu-central-1") == prices.find("dns.zone_month", "us-east-1")
    assert prices.find("nat.hour", "mars-north-1") is None


def test_a_price_without_quotes_is_refused(tmp_path: Path) -> None:
    """YAML would make a float of it, and 0.1 is none."""
    with pytest.raises(UsageError, match="must be in quotes"):
        read(tmp_path, SMALL.replace('"0.045"', "0.045"))


def test_a_price_given_twice_is_refused(tmp_path: Path) -> None:
    """Two prices for the same thing in one region are a slip, and the file is not read."""
    entry = SMALL.partition("entries:\n")[2]
    with pytest.raises(UsageError, match=r"duplicate: nat\.hour in us-east-1"):
        read(tmp_path, SMALL + entry)


def test_a_bad_row_is_named_by_its_place(tmp_path: Path) -> None:
    """Of hundreds of rows one learns which, counted from 0, and where in it."""
    entry = SMALL.partition("entries:\n")[2].replace("nat.hour", "nat.gb")
    for bad, place in (
        (entry.replace('"0.045"', '"cheap"'), r"entries\.1\.tiers\.0\.usd: "),
        (entry.replace("    unit: hour\n", ""), r"entries\.1\.unit: "),
    ):
        with pytest.raises(UsageError, match=rf"prices\.yaml is not a price snapshot: {place}"):
            read(tmp_path, SMALL + bad + entry.replace("nat.gb", "nat.other"))


@pytest.mark.parametrize(
    ("tiers", "what"),
    [
        ('[{stop: "10", usd: "2"}, {start: "20", usd: "1"}]', "a tier starts at 20, but the previous one ends at 10"),
        ('[{stop: "10", usd: "2"}]', "the last tier ends at 10"),
        ('[{start: "1", usd: "2"}]', "a tier starts at 1, but the previous one ends at 0"),
    ],
)
def test_tiers_leave_no_gap(tmp_path: Path, tiers: str, what: str) -> None:
    """A quantity that no tier covers would cost nothing."""
    with pytest.raises(UsageError, match=what):
        read(tmp_path, SMALL.replace('[{usd: "0.045"}]', tiers))


def test_a_report_can_name_the_exact_prices(tmp_path: Path) -> None:
    """Two files that differ in a letter have different digests."""
    first, second = read(tmp_path, SMALL), read(tmp_path, SMALL.replace("invented", "Invented"))
    assert len(first.sha256) == 64
    assert first.sha256 != second.sha256


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Whoever mistypes a file learns which one could not be read."""
    with pytest.raises(UsageError, match=r"none\.yaml"):
        read_snapshot(tmp_path / "none.yaml")


def test_no_price_is_read_after_its_snapshot_was_made(tmp_path: Path) -> None:
    """One of the two dates is wrong, and the price's age cannot be told."""
    with pytest.raises(UsageError, match=r"nat\.hour in us-east-1 was read on 2026-11-02, after the snapshot's own"):
        read(tmp_path, SMALL.replace("retrieved: 2026-11-01", "retrieved: 2026-11-02"))


def test_a_price_draws_on_one_free_tier(tmp_path: Path) -> None:
    """With two, only the last would count, and nobody would learn which one that is."""
    tier = '  - {id: %s, prices: [nat.hour], units: "5", unit: hour, source: invented}\n'
    assert read(tmp_path, SMALL + "free_tiers:\n" + tier % "one").free_tiers
    with pytest.raises(UsageError, match=r"in more than one free tier: nat\.hour"):
        read(tmp_path, SMALL + "free_tiers:\n" + tier % "one" + tier % "two")


def test_a_key_given_twice_is_refused(tmp_path: Path) -> None:
    """YAML would take the second in silence."""
    with pytest.raises(UsageError, match="duplicate key unit"):
        read(tmp_path, SMALL.replace("    unit: hour\n", "    unit: hour\n    unit: month\n"))


def test_what_changed_between_two_snapshots(prices: Snapshot) -> None:
    """A price that rose, one that went and one that came are changes; one that was only read again is none."""
    first, second, third, *rest = prices.entries
    dearer = first.model_copy(update={"tiers": (Tier(usd=Decimal("0.06")),)})  # from 0.03
    elsewhere = second.model_copy(update={"region": "mars-north-1"})
    again = third.model_copy(update={"retrieved": date(2027, 1, 1)})
    later = Snapshot.model_validate(
        {"schema": 1, "snapshot": "2027-01-01", "currency": "USD", "entries": (dearer, elsewhere, again, *rest)}
    )
    found = {(each.id, each.region): each.factor for each in changes(prices, later)}
    assert found == {
        (first.id, first.region): 2,
        (second.id, second.region): None,
        (second.id, "mars-north-1"): None,
    }
