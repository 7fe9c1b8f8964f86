"""Who may call: tokens of the pool, checked in the app."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.common.auth import Tokens
from apps.common.jwks import Keys

Serve = Callable[..., httpx.Client]
ISSUER = "https://issuer.test/pool"
STOCK = "/api/v1/shopping/stock"
NOW = int(time.time())
LONG = 365 * 24 * 3600  # far longer than the tests may take, however slow the machine is


@pytest.fixture(scope="session")
def keys() -> dict[str, rsa.RSAPrivateKey]:
    """The issuer's key, somebody else's, and one under the emulator's well-known id."""
    return {name: rsa.generate_private_key(public_exponent=65537, key_size=2048) for name in ("k1", "other", "dummy")}


def jwks(keys: dict[str, rsa.RSAPrivateKey], *names: str) -> bytes:
    """The public keys as the issuer serves them."""
    found = [
        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(keys[name].public_key())) | {"kid": name, "use": "sig"}
        for name in names
    ]
    return json.dumps({"keys": found}).encode()


@pytest.fixture
def token(keys: dict[str, rsa.RSAPrivateKey]) -> Callable[..., str]:
    """Make tokens: valid ones, but for what is asked to be different."""

    def make(key: Any = None, kid: str | None = "k1", algorithm: str | None = "RS256", **claims: object) -> str:
        payload: dict[str, object] = {
            "sub": "user-1",
            "iss": ISSUER,
            "client_id": "app",
            "token_use": "access",
            "scope": "openid trackstack/shopping",
            "iat": NOW,
            "exp": NOW + LONG,
        }
        payload = {name: value for name, value in (payload | claims).items() if value is not None}
        headers = {"kid": kid} if kid is not None else {}
        return jwt.encode(payload, key or keys["k1"], algorithm=algorithm, headers=headers)

    return make


class Issuer:
    """Serves the keys from memory, counts how often, and may be away."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.asked = 0
        self.away = False

    def fetch(self, url: str) -> bytes:
        """What lies under the issuer's URL."""
        self.asked += 1
        if self.away:
            raise OSError("connection refused")
        return self.content


@pytest.fixture
def issuer(keys: dict[str, rsa.RSAPrivateKey]) -> Issuer:
    """The issuer with its key, and the well-known one beside it."""
    return Issuer(jwks(keys, "k1", "dummy"))


def tokens_of(issuer: Issuer, url: str = "https://issuer.test/jwks") -> Tokens:
    """Tokens checked against this issuer, by exactly our clock; between two fetches of the keys no time passes."""
    keys = Keys(url, fetch=issuer.fetch, monotonic=lambda: 1000.0)
    return Tokens(issuer=ISSUER, client_id="app", keys=keys, leeway_s=0)


@pytest.fixture
def api(serve: Serve, issuer: Issuer) -> httpx.Client:
    """A client of an app that wants tokens."""
    return serve(tokens_of(issuer))


def ask(api: httpx.Client, token: str | None, path: str = STOCK) -> httpx.Response:
    """A call with this token."""
    return api.get(path, headers={} if token is None else {"Authorization": f"Bearer {token}"})


def test_a_valid_token_opens_its_domain_only(api: httpx.Client, token: Callable[..., str]) -> None:
    """A token with the scope of a domain may call it; another domain answers 403 and names the scope it wants."""
    assert ask(api, token()).status_code == 200
    refused = ask(api, token(), "/api/v1/pantry/items")
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="trackstack/pantry"'
    both = token(scope="trackstack/pantry trackstack/shopping")
    assert ask(api, both, "/api/v1/pantry/items").status_code == 200
    assert ask(api, both, "/api/v1/garden/items").status_code == 404


def test_without_a_token_nothing_is_told(api: httpx.Client) -> None:
    """No token: 401 with a plain challenge, also for addresses that do not exist; health needs none."""
    for path in (STOCK, "/api/v1/garden/items", "/nowhere"):
        answer = ask(api, None, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["status"] == 401
    assert [api.get(path).status_code for path in ("/livez", "/readyz", "/version")] == [200, 200, 200]


def forged(header: dict[str, object], payload: dict[str, object], secret: bytes = b"") -> str:
    """A token put together by hand, unsigned or signed by HMAC."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    content = f"{part(json.dumps(header).encode())}.{part(json.dumps(payload).encode())}"
    return f"{content}.{part(hmac.digest(secret, content.encode(), 'sha256'))}" if secret else f"{content}."


def test_a_token_that_is_not_right_is_refused(
    api: httpx.Client, token: Callable[..., str], keys: dict[str, rsa.RSAPrivateKey]
) -> None:
    """Expired, of another issuer, client or kind, signed by another key or not at all: 401 each time."""
    claims = {"sub": "user-1", "iss": ISSUER, "client_id": "app", "token_use": "access", "exp": NOW + LONG}
    public = (
        keys["k1"]
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    good = token()
    head, body, signature = good.split(".")
    wrong = {
        "expired": token(exp=NOW - LONG),
        "not yet valid": token(nbf=NOW + LONG),
        "other issuer": token(iss="https://elsewhere.test"),
        "no issuer": token(iss=None),
        "no expiry": token(exp=None),
        "no subject": token(sub=None),
        "other client": token(client_id="another"),
        "identity token": token(token_use="id"),
        "other key": token(key=keys["other"]),
        "unknown kid": token(key=keys["other"], kid="other"),
        "no kid": token(kid=None),
        "the well-known key": token(key=keys["dummy"], kid="dummy"),
        "alg none": forged({"alg": "none", "kid": "k1"}, claims),
        "HMAC with the public key": forged({"alg": "HS256", "kid": "k1"}, claims, public),
        "RS512": token(algorithm="RS512"),
        "kid is a number": forged({"alg": "RS256", "kid": 7}, claims),
        "changed body": ".".join([head, body[:-4] + "AAAA", signature]),
        "two parts": f"{head}.{body}",
        "garbage": "garbage",
        "too long": "x" * 9000,
        "nested header": base64.urlsafe_b64encode(b"[" * 4000).decode() + ".e30.e30",
    }
    for name, each in wrong.items():
        answer = ask(api, each)
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"', name
        assert answer.json()["type"] == "urn:trackstack:problem:unauthorized", name
    for header in ("Basic dXNlcjpwYXNz", "Bearer", f"Token {good}"):
        assert api.get(STOCK, headers={"Authorization": header}).status_code == 401
    assert ask(api, good).status_code == 200


def test_the_well_known_key_counts_on_this_machine_only(
    serve: Serve, issuer: Issuer, token: Callable[..., str], keys: dict[str, rsa.RSAPrivateKey]
) -> None:
    """The emulator's published key is accepted when the keys come from loopback, and never otherwise."""
    made = token(key=keys["dummy"], kid="dummy")
    local = serve(tokens_of(issuer, "http://127.0.0.1:4566/jwks.json"))
    assert ask(local, made).status_code == 200
    assert ask(local, token(key=keys["other"], kid="dummy")).status_code == 401
    assert ask(serve(tokens_of(issuer)), made).status_code == 401


def test_keys_are_fetched_once_and_a_flood_of_ids_does_not_reach_the_issuer(
    api: httpx.Client, issuer: Issuer, token: Callable[..., str], keys: dict[str, rsa.RSAPrivateKey]
) -> None:
    """A hundred calls fetch the keys once; made-up key ids do not make the app ask the issuer again and again."""
    for _ in range(100):
        assert ask(api, token()).status_code == 200
    assert issuer.asked == 1
    for n in range(20):
        assert ask(api, token(key=keys["other"], kid=f"made up {n}")).status_code == 401
    assert issuer.asked == 1


def test_an_issuer_that_is_away_is_no_verdict_on_the_token(
    api: httpx.Client, issuer: Issuer, token: Callable[..., str]
) -> None:
    """While the keys cannot be fetched the answer is 503 with Retry-After; once they were, the issuer may be away."""
    issuer.away = True
    answer = ask(api, token())
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    issuer.away = False
    assert ask(api, token()).status_code == 200
    issuer.away = True
    assert ask(api, token(sub="user-2")).status_code == 200


def test_a_remembered_token_still_expires(api: httpx.Client, token: Callable[..., str]) -> None:
    """A verified token is remembered, but when its time is over it is refused like any other."""
    made = token(exp=int(time.time()) + 2)
    deadline = time.monotonic() + 60
    while (status := ask(api, made).status_code) == 200 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert status == 401
    assert "expired" in ask(api, made).json()["detail"]


@pytest.fixture
def served(keys: dict[str, rsa.RSAPrivateKey]) -> Iterator[str]:
    """The issuer's keys on a real HTTP server."""
    content = jwks(keys, "k1")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/jwks.json"
    server.shutdown()
    server.server_close()
    thread.join()


def test_keys_come_over_http(
    serve: Serve, served: str, token: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the settings of a real process the keys are fetched from their address, on this machine past any proxy."""
    api = serve(AUTH="on", JWT_ISSUER=ISSUER, JWT_CLIENT_ID="app", JWT_JWKS_URL=served)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert ask(api, token()).status_code == 200
    assert ask(api, token(iss="x")).status_code == 401


def test_metrics_have_a_token_of_their_own(serve: Serve, issuer: Issuer) -> None:
    """With METRICS_TOKEN the metrics want exactly that token; without it they answer on this machine only."""
    api = serve(tokens_of(issuer), METRICS_TOKEN="scrape me")
    assert api.get("/metrics").status_code == 401
    assert ask(api, "scrape", "/metrics").status_code == 401
    assert ask(api, "scrape me", "/metrics").status_code == 200
    assert serve(tokens_of(issuer)).get("/metrics").status_code == 200
