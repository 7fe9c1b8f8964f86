"""The public keys of token issuers. A user pool's keys come from the emulator that has the pool."""

import json
import logging
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import jwt

from trackstack_infra.local.router.message import Request
from trackstack_infra.local.router.upstream import TooSlow, Upstreams, UpstreamUnreachable

log = logging.getLogger(__name__)

KEPT_S = 300.0
"""AWS keeps them for two hours; here a pool may come back with other keys at any time."""

ASK_AGAIN_S = 5.0
"""A token with an unknown key makes us ask again, but not more often than this."""

TIMEOUT_S = 5.0


class Keys:
    """Key sets by issuer. Belongs to the router's loop."""

    def __init__(self, upstreams: Upstreams, emulator_port: int, monotonic: Callable[[], float]) -> None:
        self._upstreams = upstreams
        self._emulator_port = emulator_port
        self._monotonic = monotonic
        self._sets: dict[str, tuple[float, Mapping[str, jwt.PyJWK]]] = {}

    async def of(self, issuer: str, key_id: str | None) -> Mapping[str, jwt.PyJWK]:
        """Return the issuer's keys by id, asked for anew when they are old, or lack the one that is needed."""
        asked, keys = self._sets.get(issuer, (None, {}))
        age_s = float("inf") if asked is None else self._monotonic() - asked
        if age_s > KEPT_S or (key_id is not None and key_id not in keys and age_s > ASK_AGAIN_S):
            keys = await self._fetch(issuer)
            self._sets[issuer] = (self._monotonic(), keys)
        return keys

    async def _fetch(self, issuer: str) -> Mapping[str, jwt.PyJWK]:
        # https://cognito-idp.<region>.amazonaws.com/<pool> is http://127.0.0.1:<port>/<pool> here.
        target = f"{urlsplit(issuer).path}/.well-known/jwks.json".encode()
        request = Request("GET", target, [(b"host", f"127.0.0.1:{self._emulator_port}".encode())])
        try:
            response = await self._upstreams.send(request, "127.0.0.1", self._emulator_port, timeout_s=TIMEOUT_S)
            try:
                body = b"".join([chunk async for chunk in response.chunks])
            finally:
                await response.close()
            return {key.key_id: key for key in jwt.PyJWKSet.from_dict(json.loads(body)).keys if key.key_id}
        except (UpstreamUnreachable, TooSlow, ValueError, jwt.PyJWTError) as error:
            log.warning("no keys of %s: %s", issuer, error)
            return {}
