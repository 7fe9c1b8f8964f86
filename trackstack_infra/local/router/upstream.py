"""Passes a request on to a task or to the emulator, and its answer back, both as streams."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping

import httpcore

from trackstack_infra.local.router.message import Headers, Request, Response, end_to_end, has_body

# Apps close idle connections after 5 s (uvicorn's default); ours are given up before, so that none breaks in use.
KEEP_IDLE_S = 3.0
CONNECTIONS = 256
CONNECT_TIMEOUT_S = 5.0


class UpstreamUnreachable(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """Nobody listens there, or the connection broke before there was an answer."""


class BrokeOff(Exception):  # noqa: N818 - same
    """The answer ended before it was whole."""


class TooSlow(Exception):  # noqa: N818 - same
    """There was no answer in time."""


class Upstreams:
    """The connections to everything behind the edges. Belongs to the router's loop."""

    def __init__(self) -> None:
        self._pools: dict[int, httpcore.AsyncConnectionPool] = {}
        self._under_way: Counter[int] = Counter()
        self._one_less = asyncio.Condition()

    async def send(
        self,
        request: Request,
        host: str,
        port: int,
        *,
        timeout_s: float,
        target: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the answer to `request`, sent to host:port; `target` and `headers` replace what the client sent."""
        passed = end_to_end(request.headers)
        if headers is not None:
            passed = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        message = httpcore.Request(
            request.method.encode(),
            httpcore.URL(scheme=b"http", host=host.encode(), port=port, target=target or request.target),
            headers=passed if headers is not None else _with_framing(passed, request.headers),
            content=request.body if headers is None and has_body(request.headers) else None,
            extensions={
                "timeout": {"connect": CONNECT_TIMEOUT_S, "read": timeout_s, "write": timeout_s, "pool": timeout_s}
            },
        )
        self._under_way[port] += 1
        try:
            async with asyncio.timeout(timeout_s):
                answer = await self._pool(port).handle_async_request(message)
        except (TimeoutError, httpcore.TimeoutException) as error:
            await self._done(port)
            raise TooSlow(f"{host}:{port} did not answer within {timeout_s:g} s") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            await self._done(port)
            raise UpstreamUnreachable(f"{host}:{port}: {error or type(error).__name__}") from error
        except BaseException:
            await self._done(port)
            raise
        return self._response(answer, port)

    async def drained(self, port: int) -> None:
        """Wait until no request is under way to `port`; then close what is open to it, for it is about to end."""
        async with self._one_less:
            await self._one_less.wait_for(lambda: self._under_way[port] == 0)
        pool = self._pools.pop(port, None)
        if pool is not None:
            await pool.aclose()

    async def close(self) -> None:
        """Close all connections."""
        while self._pools:
            await self._pools.popitem()[1].aclose()

    def _pool(self, port: int) -> httpcore.AsyncConnectionPool:
        if port not in self._pools:
            self._pools[port] = httpcore.AsyncConnectionPool(max_connections=CONNECTIONS, keepalive_expiry=KEEP_IDLE_S)
        return self._pools[port]

    def _response(self, answer: httpcore.Response, port: int) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                async for chunk in answer.aiter_stream():
                    yield chunk
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
                raise BrokeOff(f"port {port}: {error or type(error).__name__}") from error

        async def close() -> None:
            await answer.aclose()
            await self._done(port)

        # The edge says the date itself, on every answer.
        headers = [(name.lower(), value) for name, value in answer.headers if name.lower() != b"date"]
        return Response(answer.status, end_to_end(headers), chunks(), close)

    async def _done(self, port: int) -> None:
        self._under_way[port] -= 1
        if self._under_way[port] == 0:
            del self._under_way[port]
            async with self._one_less:
                self._one_less.notify_all()


def _with_framing(passed: Headers, sent: Headers) -> Headers:
    """A body of unknown length stays one: chunked speaks about one connection, so it is said anew."""
    chunked = any(name == b"transfer-encoding" for name, _ in sent)
    return [*passed, (b"transfer-encoding", b"chunked")] if chunked else passed
