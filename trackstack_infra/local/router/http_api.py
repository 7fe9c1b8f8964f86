"""Does what an HTTP API does with a request: CORS, route, throttle, token, integration."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import replace

from trackstack_infra.local.router.alb_rules import Address
from trackstack_infra.local.router.api_routes import ApiRouting, Integration, Match, find_route
from trackstack_infra.local.router.authorizer import Denied, authorize, key_id, token_of
from trackstack_infra.local.router.cors import AwsOrigin, add_cors, is_preflight, preflight_response
from trackstack_infra.local.router.keys import Keys
from trackstack_infra.local.router.message import Request, Response, message_response
from trackstack_infra.local.router.throttle import Throttle
from trackstack_infra.local.router.upstream import TooSlow, Upstreams, UpstreamUnreachable

log = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 10 * 1024 * 1024  # API Gateway's quota for HTTP APIs

ToListener = Callable[[str, Request], Awaitable[Response | None]]
"""Sends a request to a listener by its ARN; None when there is no such listener."""

ToInstance = Callable[[str], Address | None]
"""Gives an instance of a Cloud Map service by the service's ARN; None when there is none."""


class BodyTooLarge(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """More came than an HTTP API takes."""


class Gateway:
    """All HTTP APIs; keeps what their throttles and key sets need."""

    def __init__(
        self,
        upstreams: Upstreams,
        keys: Keys,
        throttle: Throttle,
        now: Callable[[], float],
        to_listener: ToListener,
        to_instance: ToInstance,
        aws_origin: AwsOrigin,
    ) -> None:
        self._upstreams = upstreams
        self._keys = keys
        self._throttle = throttle
        self._now = now
        self._to_listener = to_listener
        self._to_instance = to_instance
        self._aws_origin = aws_origin

    async def serve(self, api: ApiRouting, request: Request) -> Response:
        """Answer the request."""
        match = find_route(api.routes, request.method, request.path) if api.has_default_stage else None
        if match is None and api.cors is not None and is_preflight(request):
            # Only where no route takes OPTIONS; ANY and $default do, and then a token may be asked of the browser.
            return preflight_response(api.cors, request, self._aws_origin)
        response = await self._answer(api, match, request)
        return response if api.cors is None else add_cors(api.cors, request, response, self._aws_origin)

    async def _answer(self, api: ApiRouting, match: Match | None, request: Request) -> Response:
        if match is None:
            return message_response(404, "Not Found")
        if not self._admitted(api, match):
            return message_response(429, "Too Many Requests")
        if _length(request) > LARGEST_BODY_BYTES:
            return message_response(413, "Request Entity Too Large")
        try:
            await self._authorize(api, match, request)
        except Denied as denied:
            return denied.response()
        integration = api.integrations.get(match.route.integration)
        if integration is None:
            return message_response(500, "Internal Server Error")
        try:
            async with asyncio.timeout(integration.timeout_s):
                limited = replace(request, body=_at_most(request.body, LARGEST_BODY_BYTES))
                return await self._pass_on(integration, limited)
        except BodyTooLarge:
            return message_response(413, "Request Entity Too Large")
        except (UpstreamUnreachable, TooSlow, TimeoutError) as error:
            # 503 for both: so AWS's HTTP APIs answered where this was observed (cortexlabs/cortex#1225).
            why = error or f"no answer within {integration.timeout_s:g} s"
            log.warning("503 for %s %s of %s: %s", request.method, request.path, api.name, why)
            return message_response(503, "Service Unavailable")

    def _admitted(self, api: ApiRouting, match: Match) -> bool:
        own = api.route_limits.get(match.route.key)
        if own is not None:
            return self._throttle.admits((api.id, match.route.key), own)
        return api.limit is None or self._throttle.admits((api.id, ""), api.limit)

    async def _authorize(self, api: ApiRouting, match: Match, request: Request) -> None:
        route = match.route
        if route.authorization == "NONE":
            return
        authorizer = api.authorizers.get(route.authorizer)
        if route.authorization != "JWT" or authorizer is None:
            raise Denied(403, "Forbidden", "", f"{route.authorization} authorization is not done locally", ())
        token = token_of(request, authorizer)
        keys = await self._keys.of(authorizer.issuer, key_id(token)) if token is not None else {}
        authorize(token, authorizer, route.scopes, keys, self._now())

    async def _pass_on(self, integration: Integration, request: Request) -> Response:
        if not integration.through_vpc_link or integration.kind != "HTTP_PROXY":
            raise UpstreamUnreachable(f"the integration {integration.id} leaves this computer: {integration.uri}")
        if ":elasticloadbalancing:" in integration.uri:
            response = await self._to_listener(integration.uri, request)
            if response is None:
                raise UpstreamUnreachable(f"the listener {integration.uri} is gone")
            return response
        address = self._to_instance(integration.uri)
        if address is None:
            raise UpstreamUnreachable(f"no instance is registered in {integration.uri}")
        return await self._upstreams.send(request, address.host, address.port, timeout_s=integration.timeout_s)


def _length(request: Request) -> int:
    """How long the body says it is; 0 where it does not say."""
    value = request.header("content-length") or ""
    return int(value) if value.isdecimal() else 0


async def _at_most(body: AsyncIterable[bytes], limit: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in body:
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        yield chunk
