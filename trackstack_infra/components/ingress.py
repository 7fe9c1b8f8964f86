"""How the internet reaches pragmatic's one task: what the setting `ingress` chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from trackstack_infra.components.api import HttpApi
from trackstack_infra.components.discovery import Discovery, PublicDiscovery
from trackstack_infra.components.foundation import TokenIssuer
from trackstack_infra.components.network import Network
from trackstack_infra.components.origin import ApiOrigin, OriginSecret, gateway_origin
from trackstack_infra.components.security_group import AllowCloudFront, AllowTraffic, SecurityGroup
from trackstack_infra.components.task import PORT
from trackstack_infra.settings.models import PragmaticSettings


@dataclass(frozen=True)
class Ingress:
    """The parts of it that a program connects."""

    origin: ApiOrigin
    """Where the site sends `/api/*`."""
    discovery: Discovery | PublicDiscovery
    """Where ECS registers the task."""
    rule: AllowTraffic | AllowCloudFront
    """The rule that lets the caller in."""
    api: HttpApi | None = None
    """The API whose routes lead to the task; None where CloudFront calls it itself."""
    secrets: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """What the task must know to tell such calls from others."""


def ingress_of(settings: PragmaticSettings, *, network: Network, tasks: SecurityGroup, tokens: TokenIssuer) -> Ingress:
    """`ipv4`: API Gateway, its VPC link, and Cloud Map to find the task. `ipv6`: CloudFront, by the task's own name."""
    if settings.ingress == "ipv4":
        api = HttpApi("api", settings=settings, network=network, tokens=tokens)
        return Ingress(
            origin=gateway_origin(api.url),
            discovery=Discovery("monolith", network=network),
            rule=AllowTraffic("link-to-tasks", source=api.security_group, target=tasks, port=PORT),
            api=api,
        )
    assert settings.domain is not None, "the settings see to it that an IPv6 task has a name"
    secret = OriginSecret("origin")
    discovery = PublicDiscovery("monolith", domain=settings.domain)
    return Ingress(
        origin=ApiOrigin(discovery.hostname, protocol="http", port=PORT, secret=secret.value, ipv6=True),
        discovery=discovery,
        rule=AllowCloudFront("edge-to-tasks", target=tasks, port=PORT),
        secrets={"ORIGIN_SECRET": secret.arn},
    )
