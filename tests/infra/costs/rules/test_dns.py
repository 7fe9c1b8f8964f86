"""What names cost."""

from decimal import Decimal
from typing import Any

PRIVATE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
PUBLIC = "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace"
KEPT = {"layer": "persistent"}


def test_a_namespace_is_a_zone(resource: Any, price: Any) -> None:
    """Half a dollar that no resource of the program names; asking a private zone is free."""
    [line] = price(resource(PRIVATE, tags=KEPT)).lines
    assert (line.price.id, line.exact) == ("dns.zone_month", Decimal("0.5"))
    assert line.meter.implied == "a DNS namespace has a hosted zone in Route 53"


def test_a_zone_is_billed_anew_each_time_it_is_made(resource: Any, bill: Any) -> None:
    """Made for each of eight weekend days of 14 h it costs eight months."""
    assert bill(resource(PRIVATE), hours=112) == {"dns.zone_month": Decimal("4.0")}


def test_a_public_namespace_bills_its_queries(resource: Any, bill: Any) -> None:
    """CloudFront looks the task up."""
    # 100,000 × $0.0000004
    assert bill(resource(PUBLIC, tags=KEPT), dns__queries=100_000) == {
        "dns.zone_month": Decimal("0.5"),
        "dns.query": Decimal("0.04"),
    }


def test_a_public_namespace_is_billed_anew_too(resource: Any, bill: Any) -> None:
    """Eight months for eight days."""
    assert bill(resource(PUBLIC), hours=112, dns__queries=0)["dns.zone_month"] == Decimal("4.0")
