"""What stands before the app."""

from decimal import Decimal
from typing import Any

import pytest

from trackstack_infra.costs.rules.sizes import units_of

API, SITE, EDGE = (
    "aws:apigatewayv2/api:Api",
    "aws:cloudfront/distribution:Distribution",
    "aws:cloudfront/function:Function",
)
CLUSTER = "aws:ecs/cluster:Cluster"


@pytest.mark.parametrize(("kilobytes", "units"), [("0", 1), ("4", 1), ("512", 1), ("512.1", 2), ("1025", 3)])
def test_a_request_counts_in_units_of_512_kb(resource: Any, bill: Any, kilobytes: str, units: int) -> None:
    """An answer of 513 KB costs as much as two small ones."""
    # 100,000 requests × so many units × $0.000001
    billed = bill(resource(API, protocolType="HTTP"), api__requests=100_000, api__kb_per_request=kilobytes)
    assert billed == {"api.http.request": units * Decimal("0.1")}


def test_requests_have_sizes_and_not_one_mean() -> None:
    """A hundredth of 5 MB is ten units a request, where a mean of 55 KB would be one."""
    # 0.99 × 1 + 0.01 × 10 = 1.09
    sizes = ((Decimal(4), Decimal("0.99")), (Decimal(5_120), Decimal("0.01")))
    assert units_of(sizes, 512) == Decimal("1.09")


def test_an_api_that_leads_nowhere_is_free(resource: Any, price: Any) -> None:
    """With the power off the API stays, and nobody has anything to call."""
    stopped = price(resource(API, protocolType="HTTP"), resource(CLUSTER), api__requests=1, api__kb_per_request=1)
    assert (stopped.lines, stopped.unpriced) == ((), ())


def test_a_distribution_bills_bytes_requests_and_runs_of_its_function(resource: Any, bill: Any) -> None:
    """At list price; the always free part is far above a household."""
    # 2 GB × $0.08; 200,000 × $0.000001; 200,000 × $0.0000001
    assert bill(resource(SITE), resource(EDGE), cloudfront__gb=2, cloudfront__requests=200_000) == {
        "cloudfront.out_gb": Decimal("0.16"),
        "cloudfront.request": Decimal("0.2"),
        "cloudfront.function": Decimal("0.02"),
    }
