"""Who may call: the monolith with AUTH on, and an issuer of our own on loopback."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.apps.running import StartApp

ISSUER = "https://issuer.example/pool"
CLIENT = "the-app"


class Issuer:
    """Signs tokens, and publishes the key to check them with."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        body = json.dumps({"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}).encode()

        class Keys(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, **claims: Any) -> str:
        usual = {
            "iss": ISSUER,
            "sub": "me",
            "client_id": CLIENT,
            "token_use": "access",
            "scope": "trackstack/expenses trackstack/gym",
            "exp": int(time.time()) + 24 * 3600,
        }
        return jwt.encode(usual | claims, self._key, algorithm="RS256", headers={"kid": "k1"})


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def url(issuer: Issuer, start_app: StartApp) -> str:
    variables = {"AUTH": "on", "JWT_ISSUER": ISSUER, "JWT_JWKS_URL": issuer.url, "JWT_CLIENT_ID": CLIENT}
    address: str = start_app("monolith", variables).url
    return address


def ask(url: str, token: str | None, path: str = "/api/v1/expenses/categories") -> httpx.Response:
    return httpx.get(url + path, headers={"Authorization": f"Bearer {token}"} if token else {}, verify=False)


def test_a_caller_with_a_token_is_served(url: str, issuer: Issuer) -> None:
    """A token of the issuer with the domain's scope opens the domain."""
    assert ask(url, issuer.token()).status_code == 200


def test_a_caller_without_a_token_is_not(url: str) -> None:
    """Without a token nothing of a domain is served, and the answer says what is needed."""
    answer = ask(url, None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_each_domain_needs_its_scope(url: str, issuer: Issuer) -> None:
    """A token for other domains is refused by this one, which names the scope it lacks."""
    answer = ask(url, issuer.token(), "/api/v1/heating/bills")
    assert answer.status_code == 403
    assert "trackstack/heating" in answer.json()["detail"]


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1_700_000_000},
        {"iss": "https://elsewhere.example"},
        {"client_id": "another-app"},
        {"token_use": "id"},
    ],
)
def test_a_wrong_token_is_refused(url: str, issuer: Issuer, claims: dict[str, Any]) -> None:
    """A token that is expired, from elsewhere, for another app or of another kind opens nothing."""
    assert ask(url, issuer.token(**claims)).status_code == 401


def test_a_token_signed_by_somebody_else_is_refused(url: str) -> None:
    """The same claims under another key, or under none at all, open nothing."""
    stranger = Issuer()
    forged = stranger.token()
    stranger.server.shutdown()
    stranger.server.server_close()
    unsigned = jwt.encode({"iss": ISSUER, "sub": "me"}, "", algorithm="none", headers={"kid": "k1"})
    assert [ask(url, token).status_code for token in (forged, unsigned)] == [401, 401]


def test_health_needs_no_token(url: str) -> None:
    """The load balancer asks without a token."""
    assert [ask(url, None, path).status_code for path in ("/livez", "/readyz", "/version")] == [200, 200, 200]
