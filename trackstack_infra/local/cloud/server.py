"""An HTTP/1.1 server on 127.0.0.1 for one WSGI app: a thread a connection, connections kept open."""

import logging
import socket
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import Thread
from typing import Any, cast

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

LOOPBACK = "127.0.0.1"
STOP_SEEN_AFTER_S = 0.05

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[[str, Headers], object]
App = Callable[[Environ, StartResponse], Iterable[bytes]]

log = logging.getLogger(__name__)

_BROKEN: tuple[str, Headers, bytes] = (
    "500 Internal Server Error",
    [("Content-Type", "text/plain")],
    b"the local emulator broke on this request; its log says where",
)


class _Handler(MotoRequestHandler):
    """Reads a request whole and answers it in one packet. werkzeug's own run_wsgi closes every connection,
    because it does not know what the app left unread; here nothing is.

    A request whose caller died while sending it is not carried out: a bucket would get half a policy."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        chunked = "wsgi.input_terminated" in environ
        length = int(environ.get("CONTENT_LENGTH") or 0)
        try:
            body = environ["wsgi.input"].read() if chunked else self.rfile.read(length)
        except OSError as error:
            log.warning("%s %s was not complete: %s", self.command, self.path, error)
            self.close_connection = True
            return
        if not chunked and len(body) < length:
            log.warning("%s %s ended after %s of %s bytes", self.command, self.path, len(body), length)
            self.close_connection = True
            return
        environ.update({"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))})
        try:
            status, headers, answer = collect(cast(App, self.server.app), environ)
        except Exception:
            # A bug of ours: the caller gets an answer, the log the traceback, and the server goes on.
            log.exception("%s %s broke", self.command, self.path)
            status, headers, answer = _BROKEN
        self._send(status, headers, answer)

    def _send(self, status: str, headers: Headers, answer: bytes) -> None:
        silent = self.command == "HEAD" or status[:3] in ("204", "304")
        lines = [f"{self.protocol_version} {status}"]
        for name, value in headers:
            # A HEAD answer says how long the body would be; every other length is counted here.
            if name.lower() not in ("connection", "transfer-encoding") and (silent or name.lower() != "content-length"):
                lines.append(f"{name}: {value}")
        if not silent:
            lines.append(f"Content-Length: {len(answer)}")
        head = "\r\n".join((*lines, "", "")).encode("latin-1")
        self.wfile.write(head if silent else head + answer)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 (werkzeug's name)
        log.debug(message, *args)


def collect(app: App, environ: Environ) -> tuple[str, Headers, bytes]:
    """The whole answer of APP."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], None]:
        started.append((status, headers))
        return lambda data: None

    chunks = app(environ, start_response)
    try:
        body = b"".join(chunks)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    return status, headers, body


class Server:
    """Serves APP on 127.0.0.1:PORT from `start` to `stop`; PORT 0 takes any free one. A taken port raises OSError."""

    def __init__(self, app: App, port: int) -> None:
        # Bound here: werkzeug ends the whole process when the port is taken.
        with socket.socket() as bound:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((LOOPBACK, port))
            bound.listen(128)
            self._server = ThreadedWSGIServer(LOOPBACK, port, app, handler=_Handler, fd=bound.fileno())
        self._server.daemon_threads = True  # a connection that a client keeps open does not keep the process alive
        self._thread = Thread(
            target=self._server.serve_forever, args=(STOP_SEEN_AFTER_S,), name="cloud-server", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.socket.getsockname()[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Give the port back, whether `start` was called or not."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
