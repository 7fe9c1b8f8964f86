"""The supervisor's own answers, below /_trackstack/ on the emulator's port, which lets no foreign host or page in."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs

from trackstack_infra.local.agent import Agent
from trackstack_infra.local.router import Router
from trackstack_infra.local.supervisor.client import STOP_HEADER

LONGEST_WAIT_S = 60.0
SETTLE_TIMEOUT_S = 5.0

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Answer = tuple[str, Any]


class Control:
    """A WSGI app."""

    def __init__(self, agent: Agent, router: Router, about: dict[str, Any], stop: Callable[[], None]) -> None:
        self._agent = agent
        self._router = router
        self._about = about
        self._stop = stop
        self.status = "ready"

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        status, value = self._answer(environ)
        body = json.dumps(value).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
            case "GET", "/_trackstack/health":
                return "200 OK", {"status": self.status, **self._about}
            case "GET", "/_trackstack/edges":
                self._router.settle(SETTLE_TIMEOUT_S)
                return "200 OK", self._router.edges()
            case "GET", "/_trackstack/services":
                return self._services(parse_qs(environ.get("QUERY_STRING", "")))
            case "POST", "/_trackstack/stop":
                name, value = STOP_HEADER
                if environ.get(f"HTTP_{name.upper().replace('-', '_')}") != value:
                    return "403 Forbidden", {"message": f"send the header {name}: {value}, which a web page cannot"}
                self._stop()
                return "202 Accepted", {"status": "stopping"}
            case method, path:
                return "404 Not Found", {"message": f"there is no {method} {path} here"}

    def _services(self, query: dict[str, list[str]]) -> Answer:
        try:
            after = int(query.get("after", ["-1"])[0])
            wait_s = min(float(query.get("wait", ["0"])[0]), LONGEST_WAIT_S)
        except ValueError:
            return "400 Bad Request", {"message": "`after` is a revision, `wait` a number of seconds"}
        # What the caller changed before it asked is in the answer.
        self._agent.caught_up(SETTLE_TIMEOUT_S)
        revision, services = self._agent.board.read(after, wait_s)
        return "200 OK", {"revision": revision, "services": [asdict(service) for service in services]}
