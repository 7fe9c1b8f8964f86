"""What one resource is billed by, or why nobody can say: an input without a price makes all of it unpriced."""

from dataclasses import dataclass
from typing import Final

from trackstack_infra.catalog import CATALOG
from trackstack_infra.costs.meter import Meter
from trackstack_infra.costs.rules import FREE, RULES
from trackstack_infra.costs.rules.inputs import Inputs
from trackstack_infra.costs.rules.rule import BillingContext, CannotPrice
from trackstack_infra.graph import Resource

_OF_FREE_TYPES: Final = {token: Inputs(unpriced=CATALOG[token].costs_with, rest=True) for token in FREE}


@dataclass(frozen=True)
class Bill:
    """The meters of a resource; or none, and why it is unpriced."""

    resource: Resource
    meters: tuple[Meter, ...] = ()
    why_unpriced: str = ""


def bill(resource: Resource, context: BillingContext) -> Bill:
    """Never a part of a price: half of it would pass for the whole."""
    if not resource.custom:
        return Bill(resource)
    rule = RULES.get(resource.type)
    if rule is None and resource.type not in FREE:
        return Bill(resource, why_unpriced="no billing rule for this type")
    inputs = rule.inputs if rule else _OF_FREE_TYPES[resource.type]
    if why := inputs.why_unpriced(resource.inputs):
        return Bill(resource, why_unpriced=why)
    try:
        return Bill(resource, tuple(rule.meters(resource, context)) if rule else ())
    except CannotPrice as unknown:
        return Bill(resource, why_unpriced=str(unknown))
