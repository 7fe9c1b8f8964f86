"""Keeps web pages out: a browser will send a page's request to any port of its own computer."""

import re
from collections.abc import Mapping
from typing import Any

_HOST = r"(?:127\.0\.0\.1|localhost|\[::1\])"


class RequestOrigin:
    """Decides by a request's headers whether it comes from this computer's own programs."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._own_host = re.compile(rf"{_HOST}:{port}")
        self._local_origin = re.compile(rf"https?://{_HOST}(?::\d+)?")

    def refusal(self, environ: Mapping[str, Any]) -> str | None:
        """Why the request is refused, or None."""
        host = environ.get("HTTP_HOST", "")
        if self._own_host.fullmatch(host) is None:
            # DNS rebinding: a page's own host name, pointed at 127.0.0.1 after it was loaded.
            return f"this emulator answers to 127.0.0.1:{self._port} and localhost:{self._port}, not to {host!r}"
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and self._local_origin.fullmatch(origin) is None:
            return f"the web page {origin} may not call this emulator; only pages served by this computer may"
        if environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and not self._is_login(environ):
            return "a web page of another site may not call this emulator"
        return None

    @staticmethod
    def _is_login(environ: Mapping[str, Any]) -> bool:
        """A link to the login page is followed from anywhere: what it answers goes to a registered address only."""
        return environ.get("PATH_INFO") == "/oauth2/authorize" and environ.get("HTTP_SEC_FETCH_MODE") == "navigate"
