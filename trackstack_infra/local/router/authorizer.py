"""An HTTP API's JWT authorizer: signature, issuer, audience, time, scopes. Pure but for the keys it is given."""

import json
from collections.abc import Collection, Mapping
from typing import Any

import jwt

from trackstack_infra.local.router.api_routes import JwtAuthorizer
from trackstack_infra.local.router.message import Request, Response, message_response

ALGORITHMS = ("RS256", "RS384", "RS512")


class Denied(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """Why a call is refused, as API Gateway says it."""

    def __init__(self, status: int, message: str, error: str, reason: str, scopes: tuple[str, ...]) -> None:
        super().__init__(reason or message)
        self.status = status
        self.message = message
        self.error = error
        self.reason = reason
        self.scopes = scopes

    def response(self) -> Response:
        """The answer, with the reason in www-authenticate."""
        detail = f' scope="{" ".join(self.scopes)}" error="{self.error}" error_description="{self.reason}"'
        challenge = "Bearer" + (detail if self.error else "")
        return message_response(self.status, self.message, [(b"www-authenticate", challenge.encode())])


def token_of(request: Request, authorizer: JwtAuthorizer) -> str | None:
    """Return the token from the first identity source that has one, with or without `Bearer`."""
    for source in authorizer.identity_sources:
        kind, _, name = source.removeprefix("$request.").partition(".")
        value = request.header(name) if kind == "header" else _query_value(request.query, name)
        if value:
            scheme, _, rest = value.partition(" ")
            return rest.strip() if scheme.lower() == "bearer" else value
    return None


def key_id(token: str) -> str | None:
    """The key a token says it is signed with; None when it is no token."""
    try:
        return str(jwt.get_unverified_header(token).get("kid", ""))
    except jwt.InvalidTokenError:
        return None


def authorize(
    token: str | None,
    authorizer: JwtAuthorizer,
    scopes: tuple[str, ...],
    keys: Mapping[str, jwt.PyJWK],
    now: float,
) -> Mapping[str, Any]:
    """Return the token's claims; raise Denied when the call may not go on. `keys` are the issuer's, by key id."""
    if token is None:
        raise Denied(401, "Unauthorized", "", "", scopes)
    claims = _verified_claims(token, scopes, keys)
    problem = _problem(claims, authorizer, now)
    if problem is not None:
        raise Denied(401, "Unauthorized", "invalid_token", problem, scopes)
    if scopes and not _scopes(claims) & set(scopes):
        raise Denied(
            403, "Forbidden", "insufficient_scope", "the token does not have a scope the route asks for", scopes
        )
    return claims


def _verified_claims(token: str, scopes: tuple[str, ...], keys: Mapping[str, jwt.PyJWK]) -> Mapping[str, Any]:
    key = keys.get(key_id(token) or "")
    if key is None:
        raise Denied(401, "Unauthorized", "invalid_token", "the token is not signed with a key of the issuer", scopes)
    # The signature only; claims are checked against a given clock, and by API Gateway's rules for client_id.
    try:
        claims = json.loads(jwt.PyJWS().decode(token, key, algorithms=list(ALGORITHMS)))
    except (jwt.InvalidTokenError, ValueError):
        claims = None
    if not isinstance(claims, dict):
        raise Denied(401, "Unauthorized", "invalid_token", "signature is invalid", scopes)
    return claims


def _problem(claims: Mapping[str, Any], authorizer: JwtAuthorizer, now: float) -> str | None:
    if claims.get("iss") != authorizer.issuer:
        return "invalid issuer"
    # client_id counts only where there is no aud: Cognito's access tokens have none.
    audience = claims.get("aud", claims.get("client_id"))
    found = {audience} if isinstance(audience, str) else set(audience or ())
    if not found & set(authorizer.audience):
        return "the token does not have a valid audience"
    if not isinstance(claims.get("exp"), int | float) or claims["exp"] <= now:
        return "the token has expired"
    for name in ("nbf", "iat"):
        if isinstance(claims.get(name), int | float) and claims[name] > now:
            return "the token is not valid yet"
    return None


def _scopes(claims: Mapping[str, Any]) -> set[str]:
    value: str | Collection[str] = claims.get("scope", claims.get("scp", ""))
    return set(value.split() if isinstance(value, str) else value)


def _query_value(query: str, name: str) -> str | None:
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return None
