"""A bill beside its estimate: read from Cost Explorer as an emulator answers it."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra.costs.actual import Bill, Charge, as_document, as_text, ask, days_of, match, without_region
from trackstack_infra.costs.line import Estimate, Line, Unpriced
from trackstack_infra.errors import Failed, PrerequisiteMissing, UsageError

Make = Callable[..., Line]
Seed = Callable[..., None]
NOVEMBER = (date(2026, 11, 1), date(2026, 12, 1))


def group(usage_type: str, stack: str, usd: str, quantity: str = "1") -> dict[str, Any]:
    """As Cost Explorer answers: the tag's key, `$`, and its value, which is empty where there is no tag."""
    return {
        "Keys": [usage_type, f"stack${stack}"],
        "Metrics": {
            "UnblendedCost": {"Amount": usd, "Unit": "USD"},
            "UsageQuantity": {"Amount": quantity, "Unit": "N/A"},
        },
    }


def page(*groups: Mapping[str, Any], following: str | None = None, start: str = "2026-11-01") -> dict[str, Any]:
    times = [{"TimePeriod": {"Start": start, "End": "2026-12-01"}, "Total": {}, "Groups": groups, "Estimated": False}]
    return {
        "ResultsByTime": times,
        "DimensionValueAttributes": [],
        **({"NextPageToken": following} if following else {}),
    }


@pytest.fixture
def seed(emulator: Any) -> Seed:
    """Queue the pages that Cost Explorer answers next."""

    def queue(*pages: Mapping[str, Any]) -> None:
        request = urllib.request.Request(
            f"{emulator.endpoint}/moto-api/static/ce/cost-and-usage-results",
            data=json.dumps({"results": pages}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 201

    return queue


def test_a_bill_is_read_page_by_page(emulator: Any, seed: Seed) -> None:
    """Each page is a request of one cent; groups of all pages are one bill."""
    seed(
        page(group("USE1-Fargate-ARM-vCPU-Hours:perCPU", "pragmatic", "1.50", "150"), following="more"),
        page(group("NatGateway-Hours", "enterprise", "5.04", "112"), group("Requests-Tier1", "", "0.01", "2000")),
    )
    bill = ask(emulator.client("ce"), *NOVEMBER)
    assert bill == Bill(
        (
            Charge("USE1-Fargate-ARM-vCPU-Hours:perCPU", "pragmatic", Decimal("1.50"), Decimal(150)),
            Charge("NatGateway-Hours", "enterprise", Decimal("5.04"), Decimal(112)),
            Charge("Requests-Tier1", "", Decimal("0.01"), Decimal(2000)),
        ),
        pages=2,
    )
    assert bill.asked_usd == Decimal("0.02")


def test_a_bill_without_end_stops_costing_money() -> None:
    """After twenty pages nobody asks on: that was 20 cents."""

    class Endless:
        asked = 0

        def get_cost_and_usage(self, **request: Any) -> dict[str, Any]:
            self.asked += 1
            assert request.get("NextPageToken") == (str(self.asked - 1) if self.asked > 1 else None)
            assert [each["Key"] for each in request["GroupBy"]] == ["USAGE_TYPE", "stack"]
            return page(following=str(self.asked))

    endless = Endless()
    with pytest.raises(Failed, match=r"more than 20 pages; reading stopped there, at \$0.20"):
        ask(endless, *NOVEMBER)
    assert endless.asked == 20


def test_no_answer_is_told_with_what_is_needed() -> None:
    """Without credentials nothing is asked, and the right that is needed is named."""
    import boto3
    from botocore.config import Config

    session = boto3.Session(region_name="us-east-1")
    client = session.client("ce", endpoint_url="http://127.0.0.1:9", config=Config(retries={"max_attempts": 0}))
    with pytest.raises(PrerequisiteMissing, match="Cost Explorer did not answer") as error:
        ask(client, *NOVEMBER)
    assert "ce:GetCostAndUsage" in str(error.value.hint)


@pytest.fixture
def lines(make_line: Make) -> list[Line]:
    """A NAT gateway of 5.04, 2 GB of storage in two services, and an address of 0.56."""
    made = (("nat.hour", "0.045", 112), ("efs.gb", "0.3", 1), ("s3.gb", "0.02", 1), ("ipv4.hour", "0.005", 112))
    types = ("EUC1-NatGateway-Hours", "EUC1-TimedStorage-ByteHrs", "EUC1-TimedStorage-ByteHrs", "EUC1-PublicIPv4:InUse")
    plain = [make_line("enterprise", *each) for each in made]
    return [
        Line(**{**vars(line), "price": line.price.model_copy(update={"usage_type": type_})})
        for line, type_ in zip(plain, types, strict=True)
    ]


BILL = Bill(
    (
        Charge("EUC1-NatGateway-Hours", "enterprise", Decimal("5.40"), Decimal(120)),
        Charge("EUC1-TimedStorage-ByteHrs", "enterprise", Decimal("0.30"), Decimal(1)),
        Charge("EUC1-PublicIPv4:InUse", "", Decimal("0.56"), Decimal(112)),
        Charge("EUC1-LoadBalancerUsage", "enterprise", Decimal("2.52"), Decimal(112)),
        Charge("EUC1-NatGateway-Hours", "pragmatic", Decimal("1.00"), Decimal(22)),
        Charge("Tax", "", Decimal("3.00"), Decimal(0)),
    ),
    pages=1,
)


def of(lines: list[Line], *unpriced: Unpriced) -> Estimate:
    """An estimate of these lines."""
    return Estimate(lines=tuple(lines), unpriced=unpriced, free=())


def test_rows_by_usage_type(lines: list[Line]) -> None:
    """8 h more of NAT than expected; a balancer nobody expected; what has no tag counts where it was expected."""
    matched = match(of(lines), BILL, "enterprise", "eu-central-1")
    assert [(row.usage_type, row.expected, row.billed, row.untagged, row.delta) for row in matched.rows] == [
        ("NatGateway-Hours", Decimal("5.040"), Decimal("5.40"), 0, Decimal("0.360")),
        ("TimedStorage-ByteHrs", Decimal("0.32"), Decimal("0.30"), 0, Decimal("-0.02")),
        ("PublicIPv4:InUse", Decimal("0.560"), 0, Decimal("0.56"), 0),
    ]
    assert matched.rows[1].prices == ("efs.gb", "s3.gb")
    assert [each.usage_type for each in matched.unexplained] == ["EUC1-LoadBalancerUsage"]
    # 5.04 + 0.32 + 0.56; 5.40 + 0.30 + 0.56 + 2.52; another stack's 1.00 and 3.00 of tax
    assert (matched.expected, matched.actual, matched.others) == (Decimal("5.92"), Decimal("8.78"), Decimal("4.00"))


def test_the_page(lines: list[Line]) -> None:
    """The largest difference first, then what is unexplained; what asking cost stands below."""
    text = as_text(match(of(lines), BILL, "enterprise", "eu-central-1"), BILL, "enterprise")
    assert [line.split() for line in text.splitlines()][2:9] == [
        ["USAGE", "TYPE", "ESTIMATE", "ACTUAL", "DELTA"],
        ["NatGateway-Hours", "$5.04", "$5.40", "+$0.36"],
        ["TimedStorage-ByteHrs", "(efs,", "s3)", "$0.32", "$0.30", "–$0.02"],
        ["PublicIPv4:InUse", "*", "$0.56", "$0.56", "–"],
        ["EUC1-LoadBalancerUsage", "–", "$2.52", "+$2.52"],
        ["total", "$5.92", "$8.78", "+$2.86"],
        [],
    ]
    assert "Unexplained (not in the estimate): EUC1-LoadBalancerUsage." in text
    assert text.endswith("Reading the bill took 1 request, $0.01.\n")
    assert max(map(len, text.splitlines())) <= 80


def test_a_bill_without_tags_says_what_to_activate(lines: list[Line]) -> None:
    """Cost allocation tags have to be switched on once."""
    bill = Bill((Charge("EUC1-NatGateway-Hours", "", Decimal(1), Decimal(22)),), pages=2)
    text = as_text(match(of(lines), bill, "enterprise", "eu-central-1"), bill, "enterprise")
    assert "No charge has the tag `stack`: activate it as a cost allocation tag" in text
    assert text.endswith("Reading the bill took 2 requests, $0.02.\n")


def test_a_bill_in_another_currency_is_refused() -> None:
    """Yen beside dollars would be a difference of a hundred times."""
    other = group("NatGateway-Hours", "enterprise", "700")
    other["Metrics"]["UnblendedCost"]["Unit"] = "JPY"

    class Client:
        def get_cost_and_usage(self, **_: object) -> dict[str, Any]:
            return page(other)

    with pytest.raises(Failed, match="the bill is in JPY"):
        ask(Client(), *NOVEMBER)


def test_an_estimate_with_gaps_has_no_difference(lines: list[Line]) -> None:
    """5.92 is the least that was expected, so 8.78 may be more or less than it; what lacks a price is named."""
    odd = Unpriced(stack="enterprise", urn="urn:odd", type="aws:odd/thing:Thing", why="no rule")
    matched = match(of(lines, odd), BILL, "enterprise", "eu-central-1")
    text = as_text(matched, BILL, "enterprise")
    assert ["total", "≥$5.92", "$8.78", "not", "known"] in [line.split() for line in text.splitlines()]
    assert "Unpriced, not in the estimate: aws:odd/thing:Thing: no rule." in text
    document = as_document(matched, BILL)
    assert (document["at_least"], document["unpriced"][0]["urn"]) == (True, "urn:odd")


def test_the_document(lines: list[Line]) -> None:
    """Exact, as texts."""
    document = as_document(match(of(lines), BILL, "enterprise", "eu-central-1"), BILL)
    assert document["rows"][0] == {
        "usage_type": "NatGateway-Hours",
        "price_ids": ["nat.hour"],
        "estimate": "5.04",
        "actual": "5.4",
        "untagged": "0",
        "delta": "0.36",
    }
    assert document["unexplained"] == [{"usage_type": "EUC1-LoadBalancerUsage", "actual": "2.52"}]
    assert (document["requests"], document["asked_usd"]) == (1, "0.01")


@pytest.mark.parametrize(
    ("usage_type", "region", "name"),
    [
        ("USE1-Fargate-GB-Hours", "us-east-1", "Fargate-GB-Hours"),
        ("NatGateway-Hours", "us-east-1", "NatGateway-Hours"),  # older types have no prefix there
        ("EUC1-NatGateway-Hours", "eu-central-1", "NatGateway-Hours"),
        ("EU-NatGateway-Hours", "eu-west-1", "NatGateway-Hours"),
        ("EUW1-DiscoverInstances", "eu-west-1", "DiscoverInstances"),
        ("us-east-1-KMS-Keys", "us-east-1", "KMS-Keys"),
        ("APS1-NatGateway-Hours", "ap-southeast-1", "NatGateway-Hours"),
        ("EU-Requests-Tier2-HTTPS", "us-east-1", "EU-Requests-Tier2-HTTPS"),  # an edge's, not this region's
        ("EUC1-NatGateway-Hours", "us-east-1", "EUC1-NatGateway-Hours"),
    ],
)
def test_usage_types_without_their_region(usage_type: str, region: str, name: str) -> None:
    """Only the stack's own region is taken off; what another region bills is another thing."""
    assert without_region(usage_type, region) == name


def test_the_days_of_a_month() -> None:
    """The end is excluded; a month that lasts ends before today, and one to come has no bill."""
    assert days_of((2026, 10), date(2026, 11, 24)) == (date(2026, 10, 1), date(2026, 11, 1))
    assert days_of((2026, 12), date(2027, 3, 1)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert days_of((2026, 11), date(2026, 11, 24)) == (date(2026, 11, 1), date(2026, 11, 24))
    for today in (date(2026, 11, 1), date(2026, 10, 31)):
        with pytest.raises(UsageError, match="2026-11 has no bill yet"):
            days_of((2026, 11), today)
