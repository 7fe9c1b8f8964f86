"""Requests and responses as they pass through the edges: headers and body bytes as sent, bodies streamed."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

Headers = list[tuple[bytes, bytes]]
"""Names in lower case."""

# RFC 9110 §7.6.1: they speak about one connection. `expect` is answered by the edge itself.
HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade expect".split()
)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""  # what makes it an iterator


async def _nothing_to_close() -> None:
    pass


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    target: bytes
    """Path and query as sent, nothing decoded: /a%2Fb?x=1."""
    headers: Headers
    body: AsyncIterable[bytes] = field(default_factory=_nothing)
    client: str = "127.0.0.1"

    @property
    def path(self) -> str:
        """The path as sent."""
        return self.target.partition(b"?")[0].decode("latin-1")

    @property
    def query(self) -> str:
        """The query as sent, without the question mark."""
        return self.target.partition(b"?")[2].decode("latin-1")

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None when it was not sent."""
        wanted = name.lower().encode()
        values = [value.decode("latin-1") for key, value in self.headers if key == wanted]
        return ", ".join(values) if values else None

    def with_headers(self, **values: str) -> "Request":
        """The same request with these headers set; an underscore in a name stands for a dash."""
        new = {name.replace("_", "-").encode(): value.encode("latin-1") for name, value in values.items()}
        kept = [(name, value) for name, value in self.headers if name not in new]
        return replace(self, headers=[*kept, *new.items()])


@dataclass(frozen=True)
class Response:
    """What is answered. Whoever gets one closes it, read or not."""

    status: int
    headers: Headers
    chunks: AsyncIterable[bytes] = field(default_factory=_nothing)
    close: Callable[[], Awaitable[None]] = _nothing_to_close

    def with_headers(
        self, headers: Sequence[tuple[bytes, bytes]], *, instead_of: Callable[[bytes], bool]
    ) -> "Response":
        """The same response with `headers` in place of those whose names `instead_of` says."""
        kept = [(name, value) for name, value in self.headers if not instead_of(name)]
        return replace(self, headers=[*kept, *headers])


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request with these headers has a body."""
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)


def end_to_end(headers: Headers) -> Headers:
    """Drop the headers that speak about one connection, those that Connection names included."""
    named = {
        name.strip().lower() for key, value in headers if key == b"connection" for name in value.split(b",") if name
    }
    return [(name, value) for name, value in headers if name not in HOP_BY_HOP and name not in named]


def text_response(status: int, text: str, content_type: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> Response:
    """A response that is all there."""
    body = text.encode()

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    own = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    return Response(status, [*own, *headers], chunks())


def message_response(status: int, message: str, headers: Sequence[tuple[bytes, bytes]] = ()) -> Response:
    """API Gateway's way to say something: {"message": …}."""
    return text_response(status, json.dumps({"message": message}, separators=(",", ":")), "application/json", headers)


def page_response(status: int, title: str) -> Response:
    """The load balancer's way: a small page."""
    head = f"<head><title>{status} {title}</title></head>"
    page = f"<html>\r\n{head}\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n</body>\r\n</html>\r\n"
    return text_response(status, page, "text/html")
