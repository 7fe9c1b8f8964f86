"""What stands between people and the app: CloudFront, API Gateway, certificates."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Final

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource

_UNIT_KB: Final = 512  # a larger request counts as several: https://aws.amazon.com/api-gateway/pricing/


def distribution(distribution: Resource, context: BillingContext) -> Iterator[Meter]:
    """Bytes to the browsers, and their requests; between CloudFront and AWS nothing is billed."""
    share = context.share(distribution.type)
    yield Meter(price="cloudfront.out_gb", count=share, billing=Billing.BY_USE, usage="cloudfront.gb")
    yield Meter(price="cloudfront.request", count=share, billing=Billing.BY_USE, usage="cloudfront.requests")


def edge_function(function: Resource, context: BillingContext) -> Iterator[Meter]:
    """At most one run a request; what goes to the API does not run it."""
    share = context.share(function.type)
    yield Meter(price="cloudfront.function", count=share, billing=Billing.BY_USE, usage="cloudfront.requests")


def api(api: Resource, context: BillingContext) -> Iterator[Meter]:
    """Requests of an HTTP API, in units of 512 KB."""
    kind = "http" if api.inputs.get("protocolType") == "HTTP" else "websocket"
    size = "api.kb_per_request"
    units = max(Decimal(1), (context.assumed(size) / _UNIT_KB).to_integral_value(rounding=ROUND_CEILING))
    if context.running:
        yield Meter(
            price=f"api.{kind}.request",
            count=units * context.share(api.type),
            billing=Billing.BY_USE,
            usage="api.requests",
            assumes=(size,),
            note=f"in units of {_UNIT_KB} KB",
        )


RULES: dict[str, Rule] = {
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:cloudfront/function:Function": edge_function,
    "aws:apigatewayv2/api:Api": api,
}
