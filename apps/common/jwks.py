"""JWKS: the public keys of the token issuer, fetched when needed and kept.

Not `jwt.PyJWKClient`: while the issuer is away it drops keys that grew old and asks again for each made-up key id; it
also sends loopback through a proxy (docs/decisions/0024-http-routing.md).
"""

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import jwt

from apps.common.settings import is_loopback

KEPT_S = 24 * 3600
"""After this long the keys are fetched again, so that a withdrawn key ends."""

PAUSE_S = 30
"""Between two fetches at least: tokens with made-up key ids must not become requests to the issuer."""

WELL_KNOWN_KID = "dummy"
"""The emulator signs with a key whose private half is published under this id; see Keys."""

Fetch = Callable[[str], bytes]


class KeysUnavailable(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """The issuer's keys cannot be fetched at the moment."""


def fetch(url: str) -> bytes:
    """What lies under the URL of the settings (checked there: https, or loopback), at most 64 KiB."""
    # A proxy of the environment cannot reach this very machine.
    proxies: dict[str, str] | None = {} if is_loopback(urlsplit(url).hostname) else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirect())
    with opener.open(url, timeout=5) as answer:
        content: bytes = answer.read(64 * 1024)
        return content


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an error: it could lead to where the check of the settings would not let us go."""

    def redirect_request(self, *_: object) -> None:
        """No request."""


class Keys:
    """RSA keys by id. The emulator's well-known key counts only when the keys come from this very machine."""

    def __init__(self, url: str, *, fetch: Fetch = fetch, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._fetch = fetch
        self._monotonic = monotonic
        self._local = is_loopback(urlsplit(url).hostname)
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, None when the issuer has none; raises KeysUnavailable when it cannot be asked."""
        if kid == WELL_KNOWN_KID and not self._local:
            return None
        if not self._fresh(kid):
            async with self._lock:
                if not self._fresh(kid):
                    await self._refresh(kid)
        return self._keys.get(kid)

    def _fresh(self, kid: str) -> bool:
        now = self._monotonic()
        if kid in self._keys and self._fetched_at is not None and now - self._fetched_at < KEPT_S:
            return True
        return bool(self._keys) and self._tried_at is not None and now - self._tried_at < PAUSE_S

    async def _refresh(self, kid: str) -> None:
        self._tried_at = self._monotonic()
        try:
            document = json.loads(await asyncio.to_thread(self._fetch, self._url))
            self._keys = _rsa_keys(document)
        except (OSError, ValueError, jwt.PyJWTError) as error:
            # Keys we have keep their worth while the issuer is away.
            if kid not in self._keys:
                raise KeysUnavailable(f"the keys of the token issuer cannot be fetched: {error}") from error
        else:
            self._fetched_at = self._monotonic()


def _rsa_keys(document: Any) -> dict[str, jwt.PyJWK]:
    if not isinstance(document, dict) or not isinstance(document.get("keys"), list):
        raise ValueError("the answer is not a JWKS document")
    found: dict[str, jwt.PyJWK] = {}
    for each in document["keys"]:
        if isinstance(each, dict) and each.get("kty") == "RSA" and isinstance(each.get("kid"), str):
            found[each["kid"]] = jwt.PyJWK(each, algorithm="RS256")
    return found
