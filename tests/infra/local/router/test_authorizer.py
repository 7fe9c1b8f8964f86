"""Who an HTTP API's JWT authorizer lets through."""

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from trackstack_infra.local.router.api_routes import JwtAuthorizer
from trackstack_infra.local.router.authorizer import Denied, authorize, token_of
from trackstack_infra.local.router.message import Request

NOW = 1_800_000_000.0
ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc"
AUTHORIZER = JwtAuthorizer("a1", ("$request.header.Authorization",), ISSUER, ("client-1",))
SCOPES = ("trackstack/gym",)
CLAIMS = {
    "iss": ISSUER,
    "client_id": "client-1",
    "token_use": "access",
    "scope": "openid trackstack/gym trackstack/heating",
    "iat": NOW - 10,
    "exp": NOW + 3590,
}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KEYS = {
    "dummy": jwt.PyJWK(
        {**json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())), "kid": "dummy", "alg": "RS256"}
    )
}


def token(claims: dict[str, Any] = CLAIMS, *, key: rsa.RSAPrivateKey = KEY, kid: str = "dummy") -> str:
    """Return a signed token."""
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})


def without(*names: str) -> dict[str, Any]:
    """Return the claims without some."""
    return {name: value for name, value in CLAIMS.items() if name not in names}


def refusal(token: str | None, scopes: tuple[str, ...] = SCOPES) -> Denied:
    """Return why the token is refused."""
    with pytest.raises(Denied) as denied:
        authorize(token, AUTHORIZER, scopes, KEYS, NOW)
    return denied.value


def challenge(denied: Denied) -> str:
    """Return the header that says why."""
    return dict(denied.response().headers)[b"www-authenticate"].decode()


def test_a_good_token_passes_with_its_claims() -> None:
    """Cognito's access token has no aud: its client_id is compared."""
    assert authorize(token(), AUTHORIZER, SCOPES, KEYS, NOW)["client_id"] == "client-1"


def test_a_route_without_scopes_asks_for_none() -> None:
    """Any token of the issuer for the audience will do."""
    assert authorize(token(without("scope")), AUTHORIZER, (), KEYS, NOW)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: token(CLAIMS | {"exp": NOW - 1}), "the token has expired"),
        (lambda: token(without("exp")), "the token has expired"),
        (lambda: token(CLAIMS | {"iat": NOW + 60}), "the token is not valid yet"),
        (lambda: token(CLAIMS | {"nbf": NOW + 60}), "the token is not valid yet"),
        (lambda: token(CLAIMS | {"iss": "https://evil.example"}), "invalid issuer"),
        (lambda: token(CLAIMS | {"client_id": "client-2"}), "the token does not have a valid audience"),
        (lambda: token(CLAIMS | {"aud": "another"}), "the token does not have a valid audience"),
        (lambda: token(without("client_id")), "the token does not have a valid audience"),
        (lambda: token(key=OTHER_KEY), "signature is invalid"),
        (lambda: token(kid="other"), "the token is not signed with a key of the issuer"),
        (lambda: "no token at all", "the token is not signed with a key of the issuer"),
        (lambda: token()[:-9] + ("A" if token()[-9] != "A" else "B") + token()[-8:], "signature is invalid"),
        (
            lambda: jwt.encode(CLAIMS, "a secret that is long enough to be accepted", "HS256", {"kid": "dummy"}),
            "signature is invalid",
        ),
        (lambda: jwt.encode(CLAIMS, None, "none", {"kid": "dummy"}), "signature is invalid"),
    ],
)
def test_a_bad_token_is_unauthorized_and_the_reason_said(make: Callable[[], str], reason: str) -> None:
    """401 {"message":"Unauthorized"}; the www-authenticate header tells what is wrong."""
    denied = refusal(make())
    assert (denied.status, denied.message) == (401, "Unauthorized")
    assert challenge(denied) == f'Bearer scope="trackstack/gym" error="invalid_token" error_description="{reason}"'


def test_an_audience_goes_before_a_client() -> None:
    """Where a token has an aud, its client_id does not count."""
    assert authorize(token(CLAIMS | {"aud": ["x", "client-1"], "client_id": "y"}), AUTHORIZER, SCOPES, KEYS, NOW)


def test_no_token_is_unauthorized() -> None:
    """The challenge then says no more than that a token is needed."""
    denied = refusal(None)
    assert (denied.status, challenge(denied)) == (401, "Bearer")


@pytest.mark.parametrize("scope", ["", "openid", "trackstack/gyms", "trackstack/expenses trackstack/heating"])
def test_a_token_without_the_routes_scope_is_forbidden(scope: str) -> None:
    """403 {"message":"Forbidden"}: who it is, is known; what it may is not enough."""
    denied = refusal(token(CLAIMS | {"scope": scope}))
    assert (denied.status, denied.message) == (403, "Forbidden")
    assert 'error="insufficient_scope"' in challenge(denied)


def test_one_of_the_routes_scopes_is_enough() -> None:
    """And they may stand in `scp`, as a list."""
    claims = without("scope") | {"scp": ["a", "b"]}
    assert authorize(token(claims), AUTHORIZER, ("b", "c"), KEYS, NOW)


@pytest.mark.parametrize(
    ("sources", "header", "target", "found"),
    [
        (("$request.header.Authorization",), "Bearer abc", "/", "abc"),
        (("$request.header.Authorization",), "bearer  abc", "/", "abc"),
        (("$request.header.Authorization",), "abc", "/", "abc"),
        (("$request.header.Authorization",), None, "/?token=abc", None),
        (("$request.header.Authorization", "$request.querystring.token"), None, "/?a=1&token=abc", "abc"),
    ],
)
def test_where_the_token_is_looked_for(sources: tuple[str, ...], header: str | None, target: str, found: str) -> None:
    """In the identity sources of the authorizer, with or without `Bearer`."""
    headers = [(b"authorization", header.encode())] if header is not None else []
    authorizer = JwtAuthorizer("a1", sources, ISSUER, ("client-1",))
    assert token_of(Request("GET", target.encode(), headers), authorizer) == found
