"""CORS as an HTTP API does it: preflights answered by the API, its own headers on every answer. Pure."""

from collections.abc import Callable

from trackstack_infra.local.router.api_routes import Cors
from trackstack_infra.local.router.globs import matches
from trackstack_infra.local.router.message import Headers, Request, Response

PREFIX = b"access-control-"

AwsOrigin = Callable[[str], str]
"""Gives the AWS origin that a local one stands for: the site's pages come from a port of this computer."""


def is_preflight(request: Request) -> bool:
    """Whether a browser asks if it may ask."""
    return (
        request.method == "OPTIONS"
        and request.header("origin") is not None
        and request.header("access-control-request-method") is not None
    )


def preflight_response(cors: Cors, request: Request, aws_origin: AwsOrigin) -> Response:
    """Return the API's own answer. To an origin that is not allowed it has no headers: browsers take that as a no."""
    headers = _origin_headers(cors, request, aws_origin)
    if headers:
        headers += [
            (b"access-control-" + name, ",".join(values).encode())
            for name, values in ((b"allow-methods", cors.methods), (b"allow-headers", cors.headers))
            if values
        ]
        if cors.max_age_s is not None:
            headers.append((b"access-control-max-age", str(cors.max_age_s).encode()))
    return Response(204, headers)


def add_cors(cors: Cors, request: Request, response: Response, aws_origin: AwsOrigin) -> Response:
    """Replace whatever CORS headers the answer has by the API's."""
    headers = _origin_headers(cors, request, aws_origin)
    if headers and cors.exposed:
        headers.append((b"access-control-expose-headers", ",".join(cors.exposed).encode()))
    return response.with_headers(headers, instead_of=lambda name: name.startswith(PREFIX))


def _origin_headers(cors: Cors, request: Request, aws_origin: AwsOrigin) -> Headers:
    origin = request.header("origin")
    if origin is None or not _allows(cors, aws_origin(origin)):
        return []
    anybody = "*" in cors.origins and not cors.credentials
    headers = [(b"access-control-allow-origin", b"*" if anybody else origin.encode("latin-1"))]
    if cors.credentials:
        headers.append((b"access-control-allow-credentials", b"true"))
    if not anybody:
        headers.append((b"vary", b"Origin"))
    return headers


def _allows(cors: Cors, origin: str) -> bool:
    # `https://*` and `http://*` allow every origin of the scheme.
    return any(matches(allowed, origin, ignore_case=True) for allowed in cors.origins)
