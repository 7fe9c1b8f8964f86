"""Endpoints: one route of a domain, called with a body that was read already.

FastAPI does what it is good at - parameters, models, the OpenAPI document - and gets each request prepared: body within
its limit, strict JSON, no query parameter the route does not name.
"""

import inspect
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from apps.common.body import decode_json, media_type, read_body
from apps.common.problem import BadRequest, UnsupportedMediaType


class GivenRequest(Request):
    """A request whose body was read before the endpoint began, and decoded when the endpoint takes JSON."""

    def __init__(self, scope: Scope, given: bytes, value: Any) -> None:
        super().__init__(scope)
        self._given = given
        self._value = value

    async def body(self) -> bytes:
        """The body as it came."""
        return self._given

    async def json(self) -> Any:
        """The value of the body."""
        return self._value


class Endpoint:
    """One address and method of a domain."""

    def __init__(self, route: APIRoute, prefix: str) -> None:
        if not inspect.iscoroutinefunction(route.endpoint):
            raise TypeError(
                f"{route.endpoint.__qualname__} must be async: a thread per request costs three times as much"
            )
        self.label = prefix + route.path_format
        self._takes_json = route.body_field is not None
        self._query = _query_names(route)
        self._handler = route.get_route_handler()
        self._route = route

    async def answer(self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes]) -> Response:
        """The endpoint's response; raises what it raises."""
        if self._takes_json:
            kind = media_type(headers)
            if kind != "application/json":
                raise UnsupportedMediaType(f"send application/json, not {kind or 'a body without Content-Type'}")
        has_body = b"content-length" in headers or b"transfer-encoding" in headers
        body = await read_body(receive, headers) if has_body else b""
        request = GivenRequest(scope, body, decode_json(body) if self._takes_json and body else None)
        if scope["query_string"]:
            self._check_query(request)
        scope["route"] = self._route
        async with AsyncExitStack() as request_stack, AsyncExitStack() as function_stack:
            # FastAPI closes what its dependencies opened through these; it looks for them by these names.
            scope["fastapi_middleware_astack"] = scope["fastapi_inner_astack"] = request_stack
            scope["fastapi_function_astack"] = function_stack
            return await self._handler(request)

    def _check_query(self, request: Request) -> None:
        unknown = [name for name in request.query_params if name not in self._query]
        if unknown:
            known = ", ".join(sorted(self._query)) or "none"
            raise BadRequest(f"there is no query parameter {unknown[0][:100]!r} here; known are: {known}")


def _query_names(route: APIRoute) -> frozenset[str]:
    fields = get_flat_params(route.dependant)
    return frozenset(field.alias for field in fields if isinstance(field.field_info, Query))
