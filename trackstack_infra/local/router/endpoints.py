"""Which edges there are, by what the emulator has. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trackstack_infra.local.router.tables import Tables


@dataclass(frozen=True)
class Endpoint:
    """What an edge stands for."""

    kind: str
    """http-api, alb or cloudfront."""
    name: str
    stack: str
    aws_url: str
    id: str
    """Of the resource, as the tables have it."""

    @property
    def key(self) -> str:
        """Keeps its port across restarts, when ids are others."""
        return f"{self.kind}:{self.name}"

    @property
    def aws_host(self) -> str:
        """The host name it has on AWS."""
        return self.aws_url.partition("://")[2]


def endpoints(tables: Tables) -> dict[str, Endpoint]:
    """Return the endpoints by key. Where two have the same name, the later one is told apart by its id."""
    found: dict[str, Endpoint] = {}
    for endpoint in _endpoints(tables):
        unique = replace(endpoint, name=f"{endpoint.name}-{endpoint.id}") if endpoint.key in found else endpoint
        found[unique.key] = unique
    return found


def _endpoints(tables: Tables) -> Iterator[Endpoint]:
    for api in tables.apis:
        yield Endpoint("http-api", api.name, api.stack, f"https://{api.host}", api.id)
    for balancer in tables.balancers:
        yield Endpoint("alb", balancer.name, balancer.stack, f"http://{balancer.dns_name}", balancer.arn)
    for distribution in tables.distributions:
        host = distribution.aliases[0] if distribution.aliases else distribution.host
        yield Endpoint("cloudfront", distribution.name, distribution.stack, f"https://{host}", distribution.id)
