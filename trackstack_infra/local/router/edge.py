"""One port of this computer that stands for an endpoint on AWS: the ASGI side of it, and its server."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import uvicorn

from trackstack_infra.local.router.endpoints import Endpoint
from trackstack_infra.local.router.message import Request, Response, has_body, message_response
from trackstack_infra.local.router.upstream import BrokeOff

log = logging.getLogger(__name__)

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
CLOSE_TIMEOUT_S = 2

Serve = Callable[[Request], Awaitable[Response]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Body:
    """The body of a request, and the news that its client is gone: both come through `receive`."""

    def __init__(self, receive: Receive, *, expected: bool) -> None:
        self._receive = receive
        self._read = asyncio.Event()
        self._gone = False
        if not expected:
            self._read.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while not self._read.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone = True
                self._read.set()
                raise ConnectionResetError("the client went away while it sent its request")
            if not message.get("more_body", False):
                self._read.set()
            if message.get("body"):
                yield message["body"]

    async def disconnected(self) -> None:
        """Return when the client is gone."""
        await self._read.wait()
        while not self._gone:
            self._gone = (await self._receive())["type"] == "http.disconnect"


class EdgeApp:
    """The ASGI app of one edge."""

    def __init__(self, aws_host: Callable[[], str], port: int, serve: Serve) -> None:
        self._aws_host = aws_host
        self._port = port
        self._serve = serve
        self._hosts = {f"{name}:{port}" for name in LOOPBACK_NAMES}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request; what is under way for a client that went away is given up."""
        body = _Body(receive, expected=has_body(scope["headers"]))
        answering = asyncio.ensure_future(self._answer(scope, body, send))
        gone = asyncio.ensure_future(body.disconnected())
        try:
            await asyncio.wait((answering, gone), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                answering.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionResetError):
                await answering
        finally:
            gone.cancel()

    async def _answer(self, scope: dict[str, Any], body: _Body, send: Send) -> None:
        request = self._request(scope, body)
        if request.header("host") not in self._hosts:
            # A web page whose own host name was pointed at 127.0.0.1 after it was loaded (DNS rebinding).
            names = " and ".join(sorted(self._hosts))
            response = message_response(421, f"this port answers to {names}, not to {request.header('host')}")
        else:
            response = await self._serve(self._forwarded(request))
        try:
            await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
            async for chunk in response.chunks:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        except BrokeOff as error:
            # Without the end of the answer, the server closes the connection: so the client sees it broke off.
            log.warning("%s %s of %s broke off: %s", request.method, request.path, self._aws_host(), error)
        finally:
            await response.close()

    def _request(self, scope: dict[str, Any], body: _Body) -> Request:
        query = scope["query_string"]
        return Request(
            method=scope["method"],
            target=scope["raw_path"] + (b"?" + query if query else b""),
            headers=list(scope["headers"]),
            body=body,
            client=scope["client"][0] if scope.get("client") else "127.0.0.1",
        )

    def _forwarded(self, request: Request) -> Request:
        before = request.header("x-forwarded-for")
        return request.with_headers(
            x_forwarded_for=f"{before}, {request.client}" if before else request.client,
            x_forwarded_proto="http",
            x_forwarded_port=str(self._port),
            x_forwarded_host=self._aws_host(),
        )


class EdgeServer:
    """Serves an edge from `start` to `stop`, on the router's loop."""

    def __init__(self, endpoint: Endpoint, listening: socket.socket, serve: Serve) -> None:
        self.endpoint = endpoint
        """Replaced when the resource is made anew under its name: the port stays."""
        self.port: int = listening.getsockname()[1]
        self._listening = listening
        self._server = uvicorn.Server(
            uvicorn.Config(
                EdgeApp(lambda: self.endpoint.aws_host, self.port, serve),
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=CLOSE_TIMEOUT_S,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it is on this computer."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Return when it answers."""
        self._serving = asyncio.ensure_future(self._server.serve(sockets=[self._listening]))
        while not self._server.started:
            if self._serving.done():
                await self._serving
            await asyncio.sleep(0)
        log.info("%s is %s", self.endpoint.key, self.url)

    async def stop(self) -> None:
        """Answer what is under way, and no more."""
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
