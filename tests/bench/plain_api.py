"""The app's HTTP on plain FastAPI, to be measured beside ours: `python tests/bench/plain_api.py expenses`.

Routing, argument extraction and answers are FastAPI's own; what it lacks is added where its documentation says to:
ASGI middleware around it, exception handlers, and a route class that reads the body. Faster than the usual way by what
stays plain: one FastAPI per domain, no `include_router`, endpoints that return responses, no dependencies.
"""

import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message, Receive, Scope, Send

from apps.common import compose, serve
from apps.common.body import decode_json, media_type, read_body
from apps.common.compose import App
from apps.common.problem import BadRequest, MethodNotAllowed, NotFound, Problem, UnsupportedMediaType
from apps.common.refusals import problem_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ReadRequest(Request):
    """A request whose body was read and decoded before FastAPI looks at it."""

    def __init__(self, scope: Scope, receive: Receive, content: bytes, value: Any) -> None:
        super().__init__(scope, receive)
        self._content, self._value = content, value

    async def body(self) -> bytes:
        return self._content

    async def json(self) -> Any:
        return self._value


class PlainRoute(APIRoute):
    """FastAPI's own route, which refuses what FastAPI would let through."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()
        known = frozenset(field.alias for field in self.dependant.query_params)
        takes_json = self.body_field is not None
        needs_json = self.body_field is not None and self.body_field.field_info.is_required()

        async def checked(request: Request) -> Response:
            scope = request.scope
            if scope["query_string"]:
                _check_query(request, known)
            if scope["method"] == "GET":
                return await answer(request)
            headers: dict[bytes, bytes] = dict(scope["headers"])
            comes = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
            if needs_json or (takes_json and comes):
                kind = media_type(headers)
                if kind != "application/json":
                    raise UnsupportedMediaType(f"send application/json, not {kind or 'a body without Content-Type'}")
            if not comes:
                return await answer(request)
            content = await read_body(request.receive, headers)
            value = decode_json(content) if takes_json and content else None
            return await answer(ReadRequest(scope, request.receive, content, value))

        return checked


def _check_query(request: Request, known: frozenset[str]) -> None:
    given = request.query_params
    unknown = given.keys() - known
    if unknown:
        raise BadRequest(f"there is no query parameter {min(unknown)[:100]!r} here")
    if len(given) != len(given.multi_items()):
        raise BadRequest("a query parameter appears twice; send it once")


async def _problem(_: Request, error: Exception) -> Response:
    return problem_of(error).response()


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code != 405:
        return NotFound("no resource exists at this address").response()
    # FastAPI names the methods of the first route that fits, which may be one of several under the same address.
    fitting = [each for each in request.app.router.routes if each.matches(request.scope)[0] != Match.NONE]
    allowed = ", ".join(sorted(method for each in fitting for method in each.methods))
    return MethodNotAllowed(f"this address supports {allowed}", headers={"Allow": allowed}).response()


class PlainRoutes:
    """One domain as a FastAPI."""

    def __init__(self, router: APIRouter, prefix: str) -> None:
        off: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
        self.label = "unmatched"
        self._app = FastAPI(openapi_url=None, redirect_slashes=False, telemetry=off)
        for kind in (Problem, RequestValidationError, Exception):
            self._app.add_exception_handler(kind, _problem)
        self._app.add_exception_handler(HTTPException, _http_exception)
        self._app.router.route_class = PlainRoute
        for each in router.routes:
            assert isinstance(each, APIRoute)
            self._app.add_api_route(
                prefix + each.path, each.endpoint, methods=list(each.methods or ()), response_model=None
            )

    def find(self, _method: str, _path: str) -> tuple["PlainRoutes", dict[str, Any]]:
        """Nothing yet: FastAPI looks for the route when it is called."""
        return self, {}

    async def answer(self, _scope: Scope, _receive: Receive, _headers: Mapping[bytes, bytes]) -> Response:
        """The response that calls FastAPI when it is sent."""
        return Routed(self._app)


class Routed(Response):
    """What the domain's FastAPI answers: it is called when this response is sent."""

    def __init__(self, app: FastAPI) -> None:
        self.raw_headers: list[tuple[bytes, bytes]] = []
        self.status_code = 500
        self.place: list[str] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call it, and add the headers every answer has."""

        async def passed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status_code = message["status"]
                message["headers"].extend(self.raw_headers)
            await send(message)

        # What nobody foresaw was answered with 500 and is raised again, for a server to log: problem_of did.
        with suppress(Exception):
            await self._app(scope, receive, passed)
        route = scope.get("route")
        if route is not None:
            self.place[1] = route.path_format


class PlainApp(App):
    """The app around it as it is: limits, secret, tokens, scopes, metrics, log."""

    async def _answer(
        self, scope: Scope, receive: Receive, headers: Mapping[bytes, bytes], place: list[str]
    ) -> Response:
        response = await super()._answer(scope, receive, headers, place)
        if isinstance(response, Routed):
            response.place = place
        return response


def use_plain() -> None:
    """Let this process make its app of plain FastAPI."""
    compose.App = PlainApp  # type: ignore[misc]
    compose.Routes = PlainRoutes  # type: ignore[assignment, misc]


def pytest_configure() -> None:
    """As a plugin (`pytest -p plain_api`): the tests of the app against plain FastAPI."""
    use_plain()


if __name__ == "__main__":
    use_plain()
    serve.main([import_module(f"apps.{sys.argv[1]}").service])
