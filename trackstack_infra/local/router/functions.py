"""Runs CloudFront functions: their own JavaScript, in an engine of its own, with what CloudFront would hand them.

What a function may do here is change the path, or answer by itself. Whatever else it changes is an error, as it would
be left out.
"""

import json
from dataclasses import replace
from typing import Any, Final

from trackstack_infra.local.router.message import Request, Response, text_response

# A function that hangs must not hang the router. CloudFront's own limits are 2 MB, and about a millisecond.
TIME_LIMIT_S: Final = 0.25
MEMORY_LIMIT_BYTES: Final = 16 * 1024 * 1024


class FunctionFailed(Exception):  # noqa: N818 - a sentence reads better than a suffix
    """It raised an error, took too long, or wanted something that is not done here."""


class Functions:
    """All functions, each in a context of its own that is made when it is first needed. For one thread."""

    def __init__(self) -> None:
        self._contexts: dict[str, Any] = {}

    def run(self, code: str, request: Request) -> Request | Response:
        """The request as the function of this source leaves it, or the answer it gives."""
        described = _described(request)
        event = {
            "version": "1.0",
            "context": {"eventType": "viewer-request"},
            "viewer": {"ip": request.client},
            "request": described,
        }
        answer = self._call(code, json.dumps(event))
        if "statusCode" in answer:
            return _response(answer)
        for part in ("method", "querystring", "headers", "cookies"):
            if answer.get(part) != described[part]:
                raise FunctionFailed(f"it changed the {part}, which the local router does not do")
        _, mark, query = request.target.partition(b"?")
        return replace(request, target=str(answer["uri"]).encode() + mark + query)

    def _call(self, code: str, event: str) -> dict[str, Any]:
        import quickjs  # type: ignore[import-untyped]  # not before there is a function

        try:
            context = self._contexts.get(code)
            if context is None:
                context = quickjs.Context()
                context.set_memory_limit(MEMORY_LIMIT_BYTES)
                context.set_time_limit(TIME_LIMIT_S)
                context.eval(code)
                context.eval("var trackstackRun = (event) => JSON.stringify(handler(JSON.parse(event)));")
                self._contexts[code] = context
            answer = json.loads(context.get("trackstackRun")(event))
            if not isinstance(answer, dict):
                raise FunctionFailed("it gave neither a request nor a response")
        except (quickjs.JSException, TypeError, ValueError) as error:
            self._contexts.pop(code, None)
            raise FunctionFailed(str(error)) from error
        return answer


def _described(request: Request) -> dict[str, Any]:
    """A request as CloudFront describes it to a function."""
    pairs = [pair.partition("=") for pair in request.query.split("&") if pair]
    return {
        "method": request.method,
        "uri": request.path,
        "querystring": {name: {"value": value} for name, _, value in pairs},
        "headers": {name.decode("latin-1"): {"value": value.decode("latin-1")} for name, value in request.headers},
        "cookies": {},
    }


def _response(answer: dict[str, Any]) -> Response:
    body = answer.get("body") or ""
    text = body if isinstance(body, str) else str(body.get("data", ""))
    headers = [(name.lower().encode(), str(each["value"]).encode()) for name, each in answer.get("headers", {}).items()]
    kind = next((value.decode() for name, value in headers if name == b"content-type"), "text/html")
    kept = [(name, value) for name, value in headers if name != b"content-type"]
    return text_response(int(answer["statusCode"]), text, kind, kept)
