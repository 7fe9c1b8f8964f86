"""Which edges there are, by what the emulator has. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trackstack_infra.local.router.tables import Tables


@dataclass(frozen=True)
class Entrance:
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


def entrances(tables: Tables) -> dict[str, Entrance]:
    """Return the entrances by key. Where two have the same name, the later one is told apart by its id."""
    found: dict[str, Entrance] = {}
    for entrance in _entrances(tables):
        unique = replace(entrance, name=f"{entrance.name}-{entrance.id}") if entrance.key in found else entrance
        found[unique.key] = unique
    return found


def _entrances(tables: Tables) -> Iterator[Entrance]:
    for api in tables.apis:
        yield Entrance("http-api", api.name, api.stack, f"https://{api.host}", api.id)
    for balancer in tables.balancers:
        yield Entrance("alb", balancer.name, balancer.stack, f"http://{balancer.dns_name}", balancer.arn)
    for distribution in tables.distributions:
        host = distribution.aliases[0] if distribution.aliases else distribution.host
        yield Entrance("cloudfront", distribution.name, distribution.stack, f"https://{host}", distribution.id)
