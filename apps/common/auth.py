"""Who may call: access tokens of the user pool, checked in the app itself, so that a way around the gateway ends here.

A verified token is remembered until it expires: checking an RSA signature costs as much as a fifth of a whole POST.
"""

import time
from dataclasses import dataclass

import jwt

from apps.common.jwks import Keys, KeysUnavailable
from apps.common.problem import Forbidden, Unauthorized, Unavailable

REMEMBERED = 1000
"""How many verified tokens are remembered at most; one person has a handful."""

LEEWAY_S = 5
"""How far the issuer's clock may be from ours."""

_TOKEN_LIMIT = 8 * 1024


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, by a valid token: its subject, what it allows, and until when (seconds since 1970)."""

    subject: str
    scopes: frozenset[str]
    expires_at: float

    def require(self, domain: str) -> None:
        """403 unless the token allows this domain."""
        scope = f"trackstack/{domain}"
        if scope not in self.scopes:
            raise Forbidden(
                f"the access token lacks the scope {scope}",
                headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'},
            )


class Tokens:
    """Turns an Authorization header into a Caller."""

    def __init__(self, *, issuer: str, client_id: str, keys: Keys, leeway_s: float = LEEWAY_S) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._keys = keys
        self._leeway_s = leeway_s
        self._callers: dict[bytes, Caller] = {}

    async def caller(self, authorization: bytes | None) -> Caller:
        """The caller behind the header; 401 with the reason when there is none, 503 when the keys cannot be had."""
        if authorization is None:
            raise _unauthorized("send an access token: Authorization: Bearer …", error=None)
        known = self._callers.get(authorization)
        if known is not None and time.time() < known.expires_at:
            return known
        caller = await self._verified(authorization)
        if len(self._callers) >= REMEMBERED:
            self._callers.clear()
        self._callers[authorization] = caller
        return caller

    async def _verified(self, authorization: bytes) -> Caller:
        kind, _, token = authorization.partition(b" ")
        if kind.lower() != b"bearer" or not token or len(token) > _TOKEN_LIMIT:
            raise _unauthorized("the Authorization header does not contain a bearer token")
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            # The algorithm is ours to choose, never the token's: `none` and HMAC with the public key end here.
            key = await self._keys.key(kid) if header.get("alg") == "RS256" and isinstance(kid, str) else None
            if key is None:
                raise _unauthorized("the token is not signed with a key of the issuer")
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                leeway=self._leeway_s,
                # Cognito's access tokens have no audience; they name the client in client_id.
                options={"verify_aud": False, "require": ["exp", "iss", "sub"]},
            )
        except KeysUnavailable as error:
            # Not 401: the token may be fine, and a browser would throw away what it wants to send.
            raise Unavailable(str(error), retry_after_s=10) from error
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise _unauthorized(f"the token is not valid: {error}") from error
        if claims.get("token_use") != "access":
            raise _unauthorized("the token is not an access token")
        if claims.get("client_id") != self._client_id:
            raise _unauthorized("the token was issued to another client")
        scopes = frozenset(str(claims.get("scope", "")).split())
        return Caller(str(claims["sub"]), scopes, float(claims["exp"]))


def _unauthorized(detail: str, error: str | None = "invalid_token") -> Unauthorized:
    challenge = "Bearer" if error is None else f'Bearer error="{error}"'
    return Unauthorized(detail, headers={"WWW-Authenticate": challenge})
