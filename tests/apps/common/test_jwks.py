"""The issuer's keys: kept, rotated, and asked for no more often than needed."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.common.jwks import KEPT_S, PAUSE_S, Keys, KeysUnavailable, fetch

PUBLIC = json.loads(
    jwt.algorithms.RSAAlgorithm.to_jwk(rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key())
)


class Issuer:
    """Serves keys by their ids, counts how often it is asked, and may be away; its clock stands still until moved."""

    def __init__(self, *kids: str) -> None:
        self.kids = kids
        self.asked = 0
        self.away = False
        self.now = 1000.0
        self.keys = Keys("https://issuer.test/jwks", fetch=self._fetch, monotonic=lambda: self.now)

    def _fetch(self, _url: str) -> bytes:
        self.asked += 1
        if self.away:
            raise OSError("connection refused")
        return json.dumps({"keys": [PUBLIC | {"kid": kid} for kid in self.kids]}).encode()

    def knows(self, kid: str) -> bool:
        """Whether the app finds a key under this id."""
        return asyncio.run(self.keys.key(kid)) is not None


def test_a_new_key_is_found_after_the_pause() -> None:
    """A rotated key is fetched once: within the pause after the last fetch it is unknown, after it it is there."""
    issuer = Issuer("old")
    assert issuer.knows("old")
    issuer.kids = ("new",)
    issuer.now += PAUSE_S - 1
    assert not issuer.knows("new")
    assert issuer.asked == 1
    issuer.now += 2
    assert issuer.knows("new")
    assert issuer.asked == 2
    assert not issuer.knows("old")


def test_a_withdrawn_key_ends_within_a_day() -> None:
    """Keys that are a day old are fetched again, so that a key the issuer has withdrawn is refused."""
    issuer = Issuer("old")
    assert issuer.knows("old")
    issuer.kids = ("new",)
    issuer.now += KEPT_S - 1
    assert issuer.knows("old")
    issuer.now += 2
    assert not issuer.knows("old")


def test_keys_outlive_an_issuer_that_is_away() -> None:
    """Keys older than a day count on while the issuer is away."""
    issuer = Issuer("k1")
    assert issuer.knows("k1")
    issuer.away = True
    issuer.now += KEPT_S + 1
    assert issuer.knows("k1")


def test_an_issuer_that_is_away_is_asked_once_a_pause() -> None:
    """Made-up key ids do not become requests to an issuer that is away: one a pause, however many come."""
    issuer = Issuer("k1")
    assert issuer.knows("k1")
    issuer.away = True
    issuer.now += PAUSE_S + 1
    with pytest.raises(KeysUnavailable):
        issuer.knows("made up 0")
    assert not any(issuer.knows(f"made up {n}") for n in range(1, 20))
    assert issuer.asked == 2


@pytest.fixture
def redirecting() -> Iterator[str]:
    """An address that sends its caller on to another one."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/moved" else 200)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_redirect_is_not_followed(redirecting: str) -> None:
    """The keys come from the address of the settings alone: a redirect, which could leave https, is an error."""
    assert fetch(f"{redirecting}/keys") == b"{}"
    with pytest.raises(OSError, match="302"):
        fetch(f"{redirecting}/moved")
