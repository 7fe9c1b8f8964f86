"""The stand-in for Cognito's hosted login: code with PKCE, as `trackstack token` and the web page use it."""

import base64
import hashlib
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest

CALLBACK = "http://localhost:8765/callback"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
SCOPES = "openid trackstack/expenses trackstack/gym"


@dataclass
class Browser:
    """Somebody who logs in at one client of one pool; `now` is the emulator's clock."""

    endpoint: str
    pool: str
    client: str
    now: list[float]

    def authorize(self, **changes: str | None) -> dict[str, str]:
        """Where the browser is sent, as the query of that address; or the error that is shown instead."""
        asked = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": CALLBACK,
            "scope": SCOPES,
            "state": "xyz",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        } | changes
        query = urllib.parse.urlencode({key: value for key, value in asked.items() if value is not None})
        status, headers, body = fetch(f"{self.endpoint}/oauth2/authorize?{query}")
        if status != 302:
            return {**json.loads(body), "status": str(status)}
        where, _, answer = headers["Location"].partition("?")
        assert where == CALLBACK
        return dict(urllib.parse.parse_qsl(answer))

    def token(self, **form: str) -> dict[str, Any]:
        """What POST /oauth2/token answers."""
        body = urllib.parse.urlencode({"client_id": self.client, **form}).encode()
        status, _, answer = fetch(f"{self.endpoint}/oauth2/token", body)
        return {**json.loads(answer), "status": status}

    def exchange(self, code: str, /, **changes: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}
        return self.token(**(form | changes))


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def fetch(url: str, body: bytes | None = None) -> tuple[int, Any, bytes]:
    try:
        with urllib.request.build_opener(_Stay).open(urllib.request.Request(url, body), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def browser(new_bench: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    now = [1_800_000_000.0]
    bench = new_bench(tmp_path_factory.mktemp("s3"), clock=lambda: now[0])
    bench.cloud.start()
    cognito = bench.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="cli",
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid", "trackstack/expenses", "trackstack/gym"],
        CallbackURLs=[CALLBACK],
        AccessTokenValidity=30,
        TokenValidityUnits={"AccessToken": "minutes"},
    )["UserPoolClient"]["ClientId"]
    yield Browser(bench.cloud.endpoint, pool, client, now)
    bench.cloud.stop()


def test_logging_in_gives_a_token_with_the_scopes_asked_for(browser: Browser) -> None:
    """Code and verifier become an access token that the app accepts: its pool's issuer, its client, its scopes."""
    sent = browser.authorize()
    assert sent["state"] == "xyz"
    answer = browser.exchange(sent["code"])
    assert (answer["status"], answer["token_type"], answer["expires_in"]) == (200, "Bearer", 1800)

    keys = jwt.PyJWKClient(f"{browser.endpoint}/{browser.pool}/.well-known/jwks.json")
    issuer = f"https://cognito-idp.us-east-1.amazonaws.com/{browser.pool}"
    key = keys.get_signing_key_from_jwt(answer["access_token"]).key
    claims = jwt.decode(answer["access_token"], key, algorithms=["RS256"], issuer=issuer)
    assert claims["scope"] == SCOPES
    assert (claims["token_use"], claims["client_id"]) == ("access", browser.client)
    assert claims["exp"] - claims["iat"] == 1800
    assert "aud" not in claims
    assert jwt.decode(answer["id_token"], key, algorithms=["RS256"], audience=browser.client)["token_use"] == "id"


def test_the_user_is_the_same_at_each_login(browser: Browser) -> None:
    """The one user keeps its identity, after restarts too, so that what it owns stays its own."""
    tokens = [browser.exchange(browser.authorize()["code"])["access_token"] for _ in range(2)]
    subjects = {jwt.decode(token, options={"verify_signature": False})["sub"] for token in tokens}
    assert subjects == {"78af3e3f-74e9-5a7e-9631-e0fb4e0db6ad"}


def test_a_refresh_token_gives_new_tokens(browser: Browser) -> None:
    """A login lasts without logging in again."""
    first = browser.exchange(browser.authorize()["code"])
    again = browser.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    claims = jwt.decode(again["access_token"], options={"verify_signature": False})
    assert claims["scope"] == SCOPES
    assert "refresh_token" not in again
    wrong = browser.token(grant_type="refresh_token", refresh_token="nonsense")
    assert (wrong["status"], wrong["error"]) == (400, "invalid_grant")


def test_fewer_scopes_may_be_asked_for(browser: Browser) -> None:
    """A token has the scopes that were asked for and no others; without openid there is no id token."""
    answer = browser.exchange(browser.authorize(scope="trackstack/gym")["code"])
    assert jwt.decode(answer["access_token"], options={"verify_signature": False})["scope"] == "trackstack/gym"
    assert "id_token" not in answer


def test_a_code_works_once(browser: Browser) -> None:
    """A code that was overheard is worth nothing."""
    code = browser.authorize()["code"]
    assert browser.exchange(code)["status"] == 200
    again = browser.exchange(code)
    assert (again["status"], again["error"]) == (400, "invalid_grant")


def test_a_code_does_not_last(browser: Browser) -> None:
    """A code is good for five minutes."""
    code = browser.authorize()["code"]
    browser.now[0] += 301
    assert browser.exchange(code)["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code_verifier": "w" * 43}, "code_verifier does not match"),
        ({"redirect_uri": "http://localhost:9999/"}, "send the same redirect_uri"),
        ({"client_id": "somebody-else"}, "another client's"),
        ({"code": "guessed"}, "unknown"),
    ],
)
def test_a_wrong_exchange_is_refused(browser: Browser, change: dict[str, str], said: str) -> None:
    """Verifier, address, client and code must be those of the login, and the code is used up by a wrong try."""
    code = browser.authorize()["code"]
    refused = browser.exchange(code, **change)
    assert (refused["status"], refused["error"]) == (400, "invalid_grant")
    assert said in refused["error_description"]
    if "code" not in change:
        assert browser.exchange(code)["error"] == "invalid_grant"


def test_an_unknown_address_gets_no_code(browser: Browser) -> None:
    """A code is never sent to an address that is not the client's; the error says which are."""
    shown = browser.authorize(redirect_uri="https://evil.test/callback")
    assert (shown["status"], shown["error"]) == ("400", "redirect_mismatch")
    assert CALLBACK in shown["error_description"]
    assert browser.authorize(client_id="nobody")["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"scope": "openid trackstack/heating"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
    ],
)
def test_a_wrong_question_is_answered_at_the_clients_address(
    browser: Browser, change: dict[str, str | None], error: str
) -> None:
    """Errors that the client made are sent to its own address, as OAuth says, with its state."""
    sent = browser.authorize(**change)
    assert (sent["error"], sent["state"]) == (error, "xyz")
    assert "code" not in sent


def test_other_grants_are_refused(browser: Browser) -> None:
    """Nobody gets a token by a password, or without a user."""
    assert browser.token(grant_type="client_credentials")["error"] == "unsupported_grant_type"
    assert fetch(f"{browser.endpoint}/oauth2/userInfo")[0] == 404


def test_a_page_of_this_computer_may_exchange_its_code(browser: Browser) -> None:
    """The web page, on a port of its own, can read the answer; nobody else is told that they can."""
    request = urllib.request.Request(f"{browser.endpoint}/oauth2/token", b"grant_type=x", method="POST")
    request.add_header("Origin", "http://127.0.0.1:8602")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    with caught.value as answer:
        assert (answer.code, answer.headers["Access-Control-Allow-Origin"]) == (400, "http://127.0.0.1:8602")
