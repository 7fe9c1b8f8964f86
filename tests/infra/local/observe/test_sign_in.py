"""Signing in against /oauth2 endpoints that behave, and that do not."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from trackstack_infra.errors import PrerequisiteMissing
from trackstack_infra.local.observe.sign_in import CALLBACK, sign_in

# RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class Pool(BaseHTTPRequestHandler):
    """A user pool in a page: gives a code for a challenge, and a token for the code and the verifier."""

    seen: ClassVar[dict[str, Any]] = {}
    state_sent_back: ClassVar[str | None] = None

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        Pool.seen["authorize"] = query
        if query["client_id"] != "known":
            return self._answer(400, {"error": "unknown client"})
        state = Pool.state_sent_back or query["state"]
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode({'code': 'c-1', 'state': state})}")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        Pool.seen["token"] = {name: values[0] for name, values in form.items()}
        self._answer(200, {"access_token": "t-1", "expires_in": 3600})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def pool() -> Iterator[str]:
    """Base URL of a pool."""
    Pool.seen, Pool.state_sent_back = {}, None
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pool)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_code_is_asked_for_with_a_challenge_and_redeemed_with_its_verifier(pool: str) -> None:
    """The challenge is the one of RFC 7636's example; only the verifier's owner can redeem the code."""
    token = sign_in(pool, "known", verifier=VERIFIER)
    assert (token.access_token, token.expires_in_s) == ("t-1", 3600)
    assert Pool.seen["authorize"]["code_challenge"] == CHALLENGE
    assert Pool.seen["authorize"]["code_challenge_method"] == "S256"
    assert Pool.seen["token"] == {
        "grant_type": "authorization_code",
        "client_id": "known",
        "code": "c-1",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }


def test_a_refusal_is_reported_in_the_pools_words(pool: str) -> None:
    """A pool that does not know the client says so, and the error passes it on with exit code 9."""
    with pytest.raises(PrerequisiteMissing) as refused:
        sign_in(pool, "stranger", verifier=VERIFIER)
    assert "unknown client" in refused.value.message
    assert refused.value.exit_code == 9


def test_a_code_for_somebody_elses_request_is_not_redeemed(pool: str) -> None:
    """An answer whose `state` is not the one that was sent belongs to another sign-in."""
    Pool.state_sent_back = "other"
    with pytest.raises(PrerequisiteMissing):
        sign_in(pool, "known", verifier=VERIFIER)
    assert "token" not in Pool.seen


def test_no_proxy_sees_the_sign_in(pool: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that is set for the internet is asked for nothing: codes and tokens stay on this computer."""
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxy.setblocking(False)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert sign_in(pool, "known", verifier=VERIFIER).access_token == "t-1"
        with pytest.raises(BlockingIOError):
            proxy.accept()
