"""Zones, and namespaces, which are zones too."""

from collections.abc import Iterator

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.reasons import BEHAVIOUR, CHANGES, OTHER_PRICE, PLACE
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

_PUBLIC_ZONES = ("aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", "aws:route53/zone:Zone")
_IMPLIED = "a DNS namespace has a hosted zone in Route 53"


def private_namespace(namespace: Resource, context: BillingContext) -> Iterator[Meter]:
    """A private zone; asking it costs nothing."""
    yield Meter(price="dns.zone_month", billing=Billing.MONTH_EACH_TIME, implied=_IMPLIED)


def public_namespace(namespace: Resource, context: BillingContext) -> Iterator[Meter]:
    """A public zone, and the queries of those who look for the task."""
    yield Meter(price="dns.zone_month", billing=Billing.MONTH_EACH_TIME, implied=_IMPLIED)
    yield from _queries(context)


def zone(zone: Resource, context: BillingContext) -> Iterator[Meter]:
    """The same where the program makes the zone itself."""
    yield Meter(price="dns.zone_month", billing=Billing.MONTH_EACH_TIME)
    if not zone.inputs.get("vpcs"):
        yield from _queries(context)


def _queries(context: BillingContext) -> Iterator[Meter]:
    if context.running:
        share = context.share(*_PUBLIC_ZONES)
        yield Meter(price="dns.query", count=share, billing=Billing.BY_USE, usage="dns.queries")


_NAMESPACE = Inputs(neutral={PLACE: "vpc"})
_ZONE = Inputs(
    reads="vpcs",
    neutral={PLACE: "vpcs.vpcId vpcs.vpcRegion", BEHAVIOUR: "comment delegationSetId", CHANGES: "forceDestroy"},
    unpriced={OTHER_PRICE: "enableAcceleratedRecovery"},
)

RULES: dict[str, Rule] = {
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Rule(private_namespace, _NAMESPACE),
    "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace": Rule(public_namespace, Inputs()),
    "aws:route53/zone:Zone": Rule(zone, _ZONE),
}
