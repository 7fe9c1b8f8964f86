"""Signing in: the authorization code flow with PKCE (RFC 7636) against a user pool's /oauth2 endpoints."""

import base64
import hashlib
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import IO, Any

from trackstack_infra.errors import PrerequisiteMissing
from trackstack_infra.local.state_dir.loopback import NO_PROXY, open_url

SCOPES = "openid trackstack/expenses trackstack/gym trackstack/heating"
CALLBACK = "http://localhost:8765/callback"
TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Token:
    """An access token as an `Authorization: Bearer` header carries it."""

    access_token: str
    expires_in_s: int


class _KeepRedirect(urllib.request.HTTPRedirectHandler):
    """The redirect carries the code; nobody listens at its target, so it is read instead of followed."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def sign_in(oauth_url: str, client_id: str, *, verifier: str) -> Token:
    """Get an access token from a pool that signs its one user in without asking, as the local target's does.

    `oauth_url` is the base of `/oauth2/…`; `verifier` is PKCE's secret, 43 to 128 random characters.
    """
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": CALLBACK,
        "scope": SCOPES,
        "state": challenge[:16],
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    code = _code(f"{oauth_url}/oauth2/authorize?{urllib.parse.urlencode(query)}", state=query["state"])
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    answer = json.load(_open(f"{oauth_url}/oauth2/token", urllib.parse.urlencode(form).encode()))
    return Token(answer["access_token"], int(answer["expires_in"]))


def _code(url: str, *, state: str) -> str:
    opener = urllib.request.build_opener(NO_PROXY, _KeepRedirect)
    try:
        with opener.open(url, timeout=TIMEOUT_S) as page:
            raise _refused(f"the sign-in page answered {page.status} instead of sending a code")
    except urllib.error.HTTPError as answer:
        with answer:
            answered = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers.get("Location", "")).query)
            if answer.status not in (302, 303) or "code" not in answered or answered.get("state") != [state]:
                detail = (
                    answered.get("error_description")
                    or answered.get("error")
                    or [answer.read(500).decode(errors="replace")]
                )
                raise _refused(f"the user pool refused the sign-in: {answer.status} {detail[0]}") from None
            return answered["code"][0]


def _open(url: str, form: bytes) -> IO[bytes]:
    try:
        return open_url(url, form, timeout=TIMEOUT_S)  # type: ignore[no-any-return]
    except urllib.error.HTTPError as answer:
        with answer:
            text = answer.read(500).decode(errors="replace")
            raise _refused(f"the user pool gave no token: {answer.status} {text}") from None


def _refused(message: str) -> PrerequisiteMissing:
    return PrerequisiteMissing(message, hint="run `trackstack up foundation` to create the user pool, then try again")
