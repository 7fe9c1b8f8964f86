"""Cognito's hosted login, which moto lacks: /oauth2/authorize and /oauth2/token, with code and PKCE.

There is no page to log in at: whoever can reach this port is the one user, `local`, made when first needed. What is
checked is what a client can get wrong: its id, address, scopes, verifier, and using a code twice.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import NAMESPACE_URL, uuid5

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, cognitoidp_backends

from trackstack_infra.local.cloud.environment import ACCOUNT
from trackstack_infra.local.cloud.reply import Reply, json_reply, reply
from trackstack_infra.local.cloud.server import Environ

USER = "local"
SUBJECT = str(uuid5(NAMESPACE_URL, "trackstack:local"))  # the same person after every restart
CODE_LASTS_S = 300  # Cognito's five minutes
_UNITS_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_HOUR_S = 3600  # Cognito's default for an access token
_MONTH_S = 30 * 86400  # and for a refresh token

Form = Mapping[str, str]


class OAuthError(Exception):
    """An OAuth error, under its registered name (RFC 6749 §4.1.2.1, §5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@dataclass(frozen=True)
class _Grant:
    """What a code or a refresh token stands for."""

    client_id: str
    scope: str
    ends: float
    redirect_uri: str = ""
    challenge: str = ""


class Login:
    """The login of every user pool of one region. LOCK is the emulator's."""

    def __init__(
        self,
        lock: AbstractContextManager[object],
        region: str,
        clock: Callable[[], float],
        new_secret: Callable[[], str],
    ) -> None:
        self._lock = lock
        self._region = region
        self._clock = clock
        self._new_secret = new_secret
        self._codes: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}

    def answer(self, environ: Environ, body: bytes) -> Reply:
        """Answer a request below /oauth2/."""
        asked = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        with self._lock:
            if asked == ("GET", "/oauth2/authorize"):
                return self._authorize(dict(parse_qsl(environ.get("QUERY_STRING", ""))))
            if asked == ("POST", "/oauth2/token"):
                return self._with_cors(environ, self._token(dict(parse_qsl(body.decode()))))
        if asked == ("OPTIONS", "/oauth2/token"):
            return self._with_cors(environ, reply(204, "text/plain", b""))
        return json_reply(404, {"message": "the local login has GET /oauth2/authorize and POST /oauth2/token"})

    def _authorize(self, asked: Form) -> Reply:
        """Send the browser back with a code. What is wrong with client or address is told here: where else."""
        found = self._client(asked.get("client_id", ""))
        if found is None:
            return _error_page("invalid_client", f"no user pool has a client {asked.get('client_id')!r}")
        config = found[1].extended_config
        redirect = asked.get("redirect_uri", "")
        if redirect not in config.get("CallbackURLs", []):
            allowed = ", ".join(config.get("CallbackURLs", [])) or "none"
            return _error_page(
                "redirect_mismatch", f"{redirect!r} is not a callback of the client; its callbacks: {allowed}"
            )
        try:
            answer = {"code": self._code(asked, config)}
        except OAuthError as refused:
            answer = {"error": refused.error, "error_description": refused.description}
        state = {"state": asked["state"]} if "state" in asked else {}
        return reply(302, "text/plain", b"", [("Location", f"{redirect}?{urlencode(answer | state)}")])

    def _code(self, asked: Form, config: Mapping[str, Any]) -> str:
        if asked.get("response_type") != "code" or "code" not in config.get("AllowedOAuthFlows", []):
            raise OAuthError(
                "unauthorized_client", "the client may use response_type=code only, if its settings allow it"
            )
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            raise OAuthError("invalid_request", "send code_challenge and code_challenge_method=S256 (PKCE)")
        allowed = config.get("AllowedOAuthScopes", [])
        scopes = asked.get("scope", " ".join(allowed)).split()
        strange = [scope for scope in scopes if scope not in allowed]
        if strange:
            raise OAuthError("invalid_scope", f"{' '.join(strange)}: the client may ask for {' '.join(allowed)}")
        code = self._new_secret()
        self._codes[code] = _Grant(
            asked["client_id"],
            " ".join(scopes),
            self._clock() + CODE_LASTS_S,
            asked["redirect_uri"],
            asked["code_challenge"],
        )
        return code

    def _token(self, form: Form) -> Reply:
        try:
            match form.get("grant_type"):
                case "authorization_code":
                    return json_reply(200, self._by_code(form))
                case "refresh_token":
                    return json_reply(200, self._by_refresh_token(form))
            raise OAuthError("unsupported_grant_type", "the local login knows authorization_code and refresh_token")
        except OAuthError as refused:
            return json_reply(400, {"error": refused.error, "error_description": refused.description})

    def _by_code(self, form: Form) -> dict[str, Any]:
        grant = self._codes.pop(form.get("code", ""), None)  # used up, whatever comes of it
        if grant is None or grant.ends < self._clock() or grant.client_id != form.get("client_id"):
            raise OAuthError("invalid_grant", "the code is unknown, used already, too old, or another client's")
        if grant.redirect_uri != form.get("redirect_uri"):
            raise OAuthError("invalid_grant", f"the code was sent to {grant.redirect_uri}; send the same redirect_uri")
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() != grant.challenge:
            raise OAuthError("invalid_grant", "code_verifier does not match the code_challenge")
        pool, client = self._still_there(grant)
        refresh = self._new_secret()
        lasts = _lasts(client, "RefreshTokenValidity", "RefreshToken", "days", _MONTH_S)
        self._refresh[refresh] = _Grant(grant.client_id, grant.scope, self._clock() + lasts)
        return {**self._tokens(pool, client, grant), "refresh_token": refresh}

    def _by_refresh_token(self, form: Form) -> dict[str, Any]:
        grant = self._refresh.get(form.get("refresh_token", ""))
        if grant is None or grant.ends < self._clock() or grant.client_id != form.get("client_id"):
            raise OAuthError(
                "invalid_grant", "the refresh token is unknown, too old, or another client's: log in again"
            )
        return self._tokens(*self._still_there(grant), grant)

    def _tokens(self, pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, grant: _Grant) -> dict[str, Any]:
        user = _user(pool)
        lasts = _lasts(client, "AccessTokenValidity", "AccessToken", "hours", _HOUR_S)
        access, _ = pool.create_jwt(client.id, user, "access", lasts, {"scope": grant.scope})
        pool.access_tokens[access] = (client.id, user)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": lasts}
        if "openid" in grant.scope.split():
            answer["id_token"], _ = pool.create_jwt(client.id, user, "id", lasts)
        return answer

    def _still_there(self, grant: _Grant) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient]:
        found = self._client(grant.client_id)
        if found is None:
            raise OAuthError("invalid_client", f"client {grant.client_id} has been deleted")
        return found

    def _client(self, client_id: str) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient] | None:
        for pool in cognitoidp_backends[ACCOUNT][self._region].user_pools.values():
            if client_id in pool.clients:
                return pool, pool.clients[client_id]
        return None

    @staticmethod
    def _with_cors(environ: Environ, answer: Reply) -> Reply:
        """A page may exchange its code; the request_origin lets pages of this computer in and no others."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is None:
            return answer
        allowed = [("Access-Control-Allow-Origin", origin), ("Access-Control-Allow-Headers", "content-type")]
        return Reply(answer.status, [*answer.headers, *allowed, ("Vary", "Origin")], answer.body)


def _user(pool: CognitoIdpUserPool) -> str:
    if USER not in pool.users:
        user = CognitoIdpUser(pool.id, USER, password=None, status="CONFIRMED", attributes=[])
        user.id = SUBJECT
        user.update_attributes([{"Name": "sub", "Value": SUBJECT}])
        pool.users[USER] = user
    return USER


def _lasts(client: CognitoIdpUserPoolClient, key: str, unit_of: str, unit: str, otherwise_s: int) -> int:
    config = client.extended_config
    given = config.get(key)
    if not given:
        return otherwise_s
    return int(given) * _UNITS_S[config.get("TokenValidityUnits", {}).get(unit_of, unit)]


def _error_page(error: str, description: str) -> Reply:
    return json_reply(400, {"error": error, "error_description": description})
