"""Reads HTTP APIs back from the emulator's describe calls."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from trackstack_infra.local.router.api_routes import (
    DEFAULT_ROUTE,
    ApiRouting,
    Cors,
    Integration,
    JwtAuthorizer,
    RateLimit,
    Route,
)
from trackstack_infra.local.router.reading import Aws, pages, stack_of

log = logging.getLogger(__name__)

DEFAULT_TIMEOUT_MS = 30_000  # an HTTP API's integration waits no longer


def read_apis(aws: Aws) -> tuple[ApiRouting, ...]:
    """Return every HTTP API."""
    gateway = aws.client("apigatewayv2")
    return tuple(_api(gateway, api) for api in pages(gateway, "get_apis", "Items") if api.get("ProtocolType") == "HTTP")


def _api(gateway: Any, api: Mapping[str, Any]) -> ApiRouting:
    id_ = api["ApiId"]
    stages = {stage["StageName"]: stage for stage in pages(gateway, "get_stages", "Items", ApiId=id_)}
    stage = stages.get("$default", {})
    route_settings = stage.get("RouteSettings", {})
    return ApiRouting(
        id=id_,
        name=api["Name"],
        stack=stack_of(api.get("Tags", {}), api["Name"]),
        host=urlsplit(api["ApiEndpoint"]).netloc,
        has_default_stage="$default" in stages,
        routes=tuple(_route(route) for route in pages(gateway, "get_routes", "Items", ApiId=id_)),
        integrations={
            integration["IntegrationId"]: _integration(integration)
            for integration in pages(gateway, "get_integrations", "Items", ApiId=id_)
        },
        authorizers={
            authorizer["AuthorizerId"]: _authorizer(authorizer)
            for authorizer in pages(gateway, "get_authorizers", "Items", ApiId=id_)
            if authorizer["AuthorizerType"] == "JWT"
        },
        cors=_cors(api.get("CorsConfiguration")),
        limit=_limit(stage.get("DefaultRouteSettings", {})),
        route_limits={
            key: limit for key, settings in route_settings.items() if (limit := _limit(settings)) is not None
        },
    )


def _route(route: Mapping[str, Any]) -> Route:
    return Route(
        key=route["RouteKey"] if route["RouteKey"] != "$default" else DEFAULT_ROUTE,
        integration=route.get("Target", "").removeprefix("integrations/"),
        authorization=route.get("AuthorizationType") or "NONE",
        authorizer=route.get("AuthorizerId") or "",
        scopes=tuple(route.get("AuthorizationScopes") or ()),
    )


def _integration(integration: Mapping[str, Any]) -> Integration:
    if integration.get("RequestParameters"):
        log.warning("the local router does not map parameters: integration %s passes on", integration["IntegrationId"])
    return Integration(
        id=integration["IntegrationId"],
        kind=integration["IntegrationType"],
        method=integration.get("IntegrationMethod") or "ANY",
        uri=integration.get("IntegrationUri") or "",
        through_vpc_link=integration.get("ConnectionType") == "VPC_LINK",
        timeout_s=(integration.get("TimeoutInMillis") or DEFAULT_TIMEOUT_MS) / 1000,
    )


def _authorizer(authorizer: Mapping[str, Any]) -> JwtAuthorizer:
    configuration = authorizer.get("JwtConfiguration", {})
    return JwtAuthorizer(
        id=authorizer["AuthorizerId"],
        identity_sources=tuple(_identity_sources(authorizer.get("IdentitySource", ()))),
        issuer=configuration.get("Issuer", ""),
        audience=tuple(configuration.get("Audience", ())),
    )


def _identity_sources(value: str | Iterable[str]) -> Iterable[str]:
    return (value,) if isinstance(value, str) else value


def _cors(configuration: Mapping[str, Any] | None) -> Cors | None:
    if not configuration or not configuration.get("AllowOrigins"):
        return None
    return Cors(
        origins=tuple(configuration["AllowOrigins"]),
        methods=tuple(configuration.get("AllowMethods") or ()),
        headers=tuple(configuration.get("AllowHeaders") or ()),
        exposed=tuple(configuration.get("ExposeHeaders") or ()),
        max_age_s=configuration.get("MaxAge"),
        credentials=bool(configuration.get("AllowCredentials")),
    )


def _limit(settings: Mapping[str, Any]) -> RateLimit | None:
    rate, burst = settings.get("ThrottlingRateLimit"), settings.get("ThrottlingBurstLimit")
    return RateLimit(float(rate), int(burst)) if rate is not None and burst is not None else None
