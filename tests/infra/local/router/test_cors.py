"""CORS as an HTTP API does it."""

import pytest

from trackstack_infra.local.router.api_routes import Cors
from trackstack_infra.local.router.cors import add_cors, is_preflight, preflight_response
from trackstack_infra.local.router.message import Request, Response

SITE = "https://d111.cloudfront.net"
LOCAL_SITE = "http://127.0.0.1:8602"
CORS = Cors(
    origins=(SITE,),
    methods=("GET", "POST"),
    headers=("authorization", "content-type"),
    exposed=("etag",),
    max_age_s=600,
)


def aws_origin(origin: str) -> str:
    """The site's page comes from a port of this computer."""
    return SITE if origin == LOCAL_SITE else origin


def asking(origin: str | None, method: str = "GET", **headers: str) -> Request:
    """Return a request of a page."""
    sent = [(b"origin", origin.encode())] if origin else []
    return Request(
        method, b"/", [*sent, *((key.replace("_", "-").encode(), value.encode()) for key, value in headers.items())]
    )


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers as text."""
    return {name.decode(): value.decode() for name, value in response.headers}


def test_a_preflight_names_what_is_allowed() -> None:
    """A browser that asks with OPTIONS is answered by the API itself, 204 and without a body."""
    response = preflight_response(CORS, asking(SITE, "OPTIONS", access_control_request_method="POST"), aws_origin)
    assert response.status == 204
    assert headers_of(response) == {
        "access-control-allow-origin": SITE,
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "600",
        "vary": "Origin",
    }


def test_the_site_on_this_computer_is_the_site_on_aws() -> None:
    """The settings name the CloudFront address; locally the page comes from the port that stands for it."""
    response = preflight_response(CORS, asking(LOCAL_SITE, "OPTIONS", access_control_request_method="GET"), aws_origin)
    assert headers_of(response)["access-control-allow-origin"] == LOCAL_SITE


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:9999", "https://d111.cloudfront.net.evil.example", "null"]
)
def test_another_site_is_told_nothing(origin: str) -> None:
    """A browser takes an answer without CORS headers as a no."""
    preflight = preflight_response(CORS, asking(origin, "OPTIONS", access_control_request_method="GET"), aws_origin)
    assert headers_of(preflight) == {}
    assert headers_of(add_cors(CORS, asking(origin), Response(200, []), aws_origin)) == {}


def test_the_apis_headers_replace_the_services() -> None:
    """API Gateway ignores CORS headers that come from behind it."""
    answer = Response(200, [(b"access-control-allow-origin", b"*"), (b"etag", b'"1"')])
    assert headers_of(add_cors(CORS, asking(SITE), answer, aws_origin)) == {
        "etag": '"1"',
        "access-control-allow-origin": SITE,
        "access-control-expose-headers": "etag",
        "vary": "Origin",
    }


@pytest.mark.parametrize(
    ("origins", "credentials", "origin", "allowed"),
    [
        (("*",), False, "https://any.example", "*"),
        (("https://*",), False, "https://any.example", "https://any.example"),
        (("https://*",), False, "http://any.example", None),
        (("https://Site.example",), True, "https://site.example", "https://site.example"),
    ],
)
def test_origins_may_be_wild(origins: tuple[str, ...], credentials: bool, origin: str, allowed: str | None) -> None:
    """`*` is everybody, `https://*` everybody with TLS; with credentials the origin is always named."""
    response = add_cors(Cors(origins=origins, credentials=credentials), asking(origin), Response(200, []), aws_origin)
    found = headers_of(response)
    assert found.get("access-control-allow-origin") == allowed
    assert found.get("access-control-allow-credentials") == ("true" if credentials else None)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asking(SITE, "OPTIONS", access_control_request_method="GET"), True),
        (asking(SITE, "OPTIONS"), False),
        (asking(None, "OPTIONS", access_control_request_method="GET"), False),
        (asking(SITE, "GET", access_control_request_method="GET"), False),
    ],
)
def test_only_a_browsers_question_is_a_preflight(request_: Request, expected: bool) -> None:
    """OPTIONS with an origin and the method that would follow."""
    assert is_preflight(request_) is expected
