"""Compose: services become one ASGI app. One or three, the addresses are the same, and no service sees a difference.

    /api/v1/<domain>/…     the domain's routes, for callers with the scope trackstack/<domain>
    /livez /readyz /version /metrics

Every answer that is an error is an RFC 9457 problem.
"""

import hmac
import logging
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from apps.common import trace
from apps.common.body import ClientGone
from apps.common.database import Database
from apps.common.health import Health
from apps.common.metrics import CONTENT_TYPE, Metrics
from apps.common.problem import (
    Forbidden,
    HeadersTooLarge,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthorized,
    UriTooLong,
)
from apps.common.refusals import problem_of
from apps.common.routing import Routes
from apps.common.service import Service
from apps.common.settings import Settings, is_loopback

if TYPE_CHECKING:
    from apps.common.auth import Tokens

_log = logging.getLogger(__name__)

PREFIX = "/api/v1/"

PROBES = frozenset({"/livez", "/readyz"})
"""Asked by health checks, which know no secret; they answer nothing but a state."""

ORIGIN_HEADER = b"x-origin-secret"
"""In which CloudFront sends the secret, where the task is open to its addresses, that is to everybody's CloudFront."""

ADDRESS_LIMIT = 8 * 1024
HEADERS_LIMIT = 16 * 1024
HEADERS_MOST = 100
"""Above what the gateway lets through (10,240 bytes in all), so that they only stop what came around it."""

SLOW_S = 1.0
"""A request that took longer gets a line in the log."""

# Answers are about one person: no shared cache may keep them, and a browser asks before it shows its own copy again.
_HEADERS = [(b"cache-control", b"private, no-cache"), (b"x-content-type-options", b"nosniff")]


def create_app(
    services: Sequence[Service],
    settings: Settings,
    database: Database,
    *,
    metrics: Metrics | None = None,
    health: Health | None = None,
    tokens: "Tokens | None" = None,
) -> "App":
    """The ASGI app of `services` over `database`. What is not passed is made from the settings."""
    names = [service.name for service in services]
    if tokens is None and settings.auth == "on":
        tokens = _tokens(settings)
    return App(
        {service.name: Routes(service.routes(database), PREFIX + service.name) for service in services},
        database,
        metrics or Metrics("+".join(names), settings.app_version),
        health or Health(database, version=settings.app_version, services=names),
        tokens,
        settings.metrics_token,
        settings.origin_secret,
    )


def _tokens(settings: Settings) -> "Tokens":
    # Imported here: checking signatures takes 10 MiB and 80 ms that a process without callers to check saves.
    from apps.common.auth import Tokens
    from apps.common.jwks import Keys

    assert settings.jwt_issuer
    assert settings.jwt_client_id
    assert settings.jwt_jwks_url
    return Tokens(issuer=settings.jwt_issuer, client_id=settings.jwt_client_id, keys=Keys(settings.jwt_jwks_url))


class App:
    """The process as an ASGI app."""

    def __init__(
        self,
        routes: Mapping[str, Routes],
        database: Database,
        metrics: Metrics,
        health: Health,
        tokens: "Tokens | None",
        metrics_token: str | None,
        origin_secret: str | None = None,
    ) -> None:
        self.database = database
        self.metrics = metrics
        self.health = health
        self._routes = routes
        self._tokens = tokens
        self._metrics_token = metrics_token
        self._origin_secret = origin_secret.encode() if origin_secret else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; also speaks ASGI's lifespan, in which nothing happens."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = time.perf_counter()
        # Of a header that comes twice the last one counts; the ones read from here mean nothing twice.
        headers: dict[bytes, bytes] = dict(scope["headers"])
        incoming = headers.get(b"traceparent")
        trace.begin(incoming.decode("latin-1") if incoming else None)
        place = ["unmatched", "unmatched"]
        self.metrics.active_requests += 1
        try:
            try:
                response = await self._answer(scope, receive, headers, place)
            except ClientGone:
                return
            except Problem as problem:
                response = problem.response()
            except Exception as error:  # noqa: BLE001 -- every error is answered, none is lost: problem_of logs it
                response = problem_of(error).response()
            response.raw_headers.extend(_HEADERS)
            await response(scope, receive, send)
        finally:
            self.metrics.active_requests -= 1
        seconds = time.perf_counter() - begun
        service, route = place
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self.metrics.request(service, method, route, response.status_code, seconds)
        # A probe that hears "not ready" has heard what it asked; everything else that ends so is worth a line.
        failed = response.status_code >= 500 and scope["path"] not in _OPEN
        if failed or seconds > SLOW_S:
            _log.log(
                logging.ERROR if failed else logging.WARNING,
                "request failed" if failed else "request was slow",
                extra={
                    "method": method,
                    "route": route,
                    "status": response.status_code,
                    "dur_ms": round(seconds * 1000, 1),
                },
            )

    async def _answer(
        self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes], place: list[str]
    ) -> Response:
        path: str = scope["path"]
        if len(path) + len(scope["query_string"]) > ADDRESS_LIMIT:
            raise UriTooLong(f"the URL is longer than {ADDRESS_LIMIT} bytes")
        if len(scope["headers"]) > HEADERS_MOST or sum(map(len, headers.values())) > HEADERS_LIMIT:
            raise HeadersTooLarge(f"send at most {HEADERS_MOST} headers and {HEADERS_LIMIT // 1024} KiB of them")
        self._check_origin(path, headers)
        if path in _OPEN:
            return await self._open(path, scope, headers, place)
        caller = await self._tokens.caller(headers.get(b"authorization")) if self._tokens is not None else None
        domain, _, rest = path.removeprefix(PREFIX).partition("/") if path.startswith(PREFIX) else ("", "", "")
        routes = self._routes.get(domain)
        if routes is None:
            raise NotFound("no resource exists at this address")
        place[0] = domain
        if caller is not None:
            caller.require(domain)
        endpoint, scope["path_params"] = routes.find(scope["method"], "/" + rest)
        place[1] = endpoint.label
        return await endpoint.answer(scope, receive, headers)

    def _check_origin(self, path: str, headers: Mapping[bytes, bytes]) -> None:
        """With ORIGIN_SECRET, only what came through the site is answered: it alone knows the secret."""
        if self._origin_secret is None or path in PROBES:
            return
        if not hmac.compare_digest(headers.get(ORIGIN_HEADER, b""), self._origin_secret):
            raise Forbidden("call this address through the site; direct requests are refused")

    async def _open(self, path: str, scope: Scope, headers: Mapping[bytes, bytes], place: list[str]) -> Response:
        """What needs no token of the user pool."""
        place[:] = ["process", path]
        if scope["method"] not in {"GET", "HEAD"}:
            raise MethodNotAllowed("this address supports GET, HEAD", headers={"Allow": "GET, HEAD"})
        if path == "/livez":
            return self.health.livez()
        if path == "/readyz":
            return self.health.readyz()
        if path == "/version":
            return self.health.version()
        self._check_scraper(scope, headers)
        return Response(await self.metrics.scrape(self.database), media_type=CONTENT_TYPE)

    def _check_scraper(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        if self._metrics_token is None:
            if not is_loopback((scope.get("client") or (None,))[0]):
                raise NotFound("no resource exists at this address")
        elif not hmac.compare_digest(headers.get(b"authorization", b""), b"Bearer " + self._metrics_token.encode()):
            raise Unauthorized(
                "reading metrics requires the token of METRICS_TOKEN", headers={"WWW-Authenticate": "Bearer"}
            )


_OPEN = frozenset({"/livez", "/readyz", "/version", "/metrics"})

# Callers choose the method: as a label it must not be theirs to make up.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
