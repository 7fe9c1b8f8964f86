"""Endpoints: one route of a domain, called with what was taken from the request and checked."""

import inspect
from collections.abc import Mapping

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from apps.common.arguments import Arguments
from apps.common.body import decode_json, media_type, read_body
from apps.common.problem import UnsupportedMediaType


class BufferedRequest(Request):
    """A request whose body was read before the endpoint began."""

    def __init__(self, scope: Scope, receive: Receive, content: bytes) -> None:
        super().__init__(scope, receive)
        self._content = content

    async def body(self) -> bytes:
        """The body as it came."""
        return self._content


class Endpoint:
    """One address and method of a domain. Its function is a coroutine and returns the Response to send."""

    def __init__(self, route: APIRoute, prefix: str) -> None:
        if not inspect.iscoroutinefunction(route.endpoint):
            raise TypeError(
                f"{route.endpoint.__qualname__} must be async: a thread per request costs three times as much"
            )
        self.label = prefix + route.path_format
        self._function = route.endpoint
        self._arguments = Arguments(route)
        self._takes_json = route.body_field is not None
        self._needs_json = route.body_field is not None and route.body_field.field_info.is_required()

    async def answer(self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes]) -> Response:
        """The endpoint's response; raises what it raises."""
        comes = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
        if self._needs_json or (self._takes_json and comes):
            kind = media_type(headers)
            if kind != "application/json":
                raise UnsupportedMediaType(f"send application/json, not {kind or 'a body without Content-Type'}")
        body = await read_body(receive, headers) if comes else b""
        value = decode_json(body) if self._takes_json and body else None
        arguments = self._arguments.of(BufferedRequest(scope, receive, body), headers, value, has_body=bool(body))
        response: Response = await self._function(**arguments)
        return response
