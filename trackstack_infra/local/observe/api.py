"""Calling a local stack's API as its user: a token from the pool, and requests that carry it."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trackstack_infra.errors import Failed, NotHealthy, TrackStackError
from trackstack_infra.local.observe.sign_in import Token, sign_in
from trackstack_infra.local.observe.status import api_url, running
from trackstack_infra.local.state_dir.loopback import open_url

REQUEST_TIMEOUT_S = 120.0
BUSY_S = 30.0
"""How long a service that answers "not now" is asked again."""


class Refusal(Exception):  # noqa: N818 -- read as an outcome
    """The API understood a request and refuses it: its status, its reason, and whether a parameter is to blame."""

    def __init__(self, status: int, detail: str, *, parameter: bool) -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter


def access_token(stack: str, home: Path, *, verifier: str) -> Token:
    """Sign the local user in; both stacks take tokens of foundation's pool."""
    running(stack, home)
    supervisor, foundation = running("foundation", home)
    return sign_in(supervisor.endpoint, str(foundation.outputs["user_pool_client_id"]), verifier=verifier)


def open_api(stack: str, home: Path, *, verifier: str) -> "Api":
    """The API of a stack that is up, with a token of its user."""
    return Api(stack, api_url(stack, home), access_token(stack, home, verifier=verifier).access_token)


class Api:
    """One stack's API, for the time of one command."""

    def __init__(
        self,
        stack: str,
        url: str,
        token: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.stack = stack
        self._url, self._token = url, token
        self._monotonic, self._sleep = monotonic, sleep

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        media_type: str | None = None,
    ) -> Any:
        """The JSON that `/api/v1/<path>` answers; asks again for half a minute while it answers 503.

        Raises Refusal for what the request is to blame for, Failed and NotHealthy for everything else.
        """
        address = f"{self._url}/api/v1/{path}"
        if query:
            address += f"?{urllib.parse.urlencode(query)}"
        headers = {"Authorization": f"Bearer {self._token}"}
        if media_type is not None:
            headers["Content-Type"] = media_type
        ends = self._monotonic() + BUSY_S
        while True:
            request = urllib.request.Request(address, data=content, headers=headers, method=method)  # noqa: S310 - the router's URL on loopback
            try:
                with open_url(request, timeout=REQUEST_TIMEOUT_S) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as answer:
                with answer:
                    wait_s = answer.headers.get("Retry-After", "")
                    if answer.code != 503 or not wait_s.isdecimal() or self._monotonic() + int(wait_s) > ends:
                        raise self._error(path, answer) from None
                self._sleep(int(wait_s))
            except OSError as error:
                raise NotHealthy(
                    f"{self.stack}'s API does not respond: {error}", hint="run `trackstack status`"
                ) from error

    def _error(self, path: str, answer: urllib.error.HTTPError) -> Refusal | TrackStackError:
        text = answer.read(100_000).decode(errors="replace")
        try:
            problem = json.loads(text)
            detail = str(problem.get("detail") or problem.get("title") or problem.get("message"))
            errors = problem.get("errors") or ()
            detail += "".join(
                f"; {each['pointer']}: {each['detail']}" for each in errors if each["detail"] not in detail
            )
            parameter = bool(errors) or detail.startswith("unknown query parameter")
        except (ValueError, AttributeError, KeyError, TypeError):
            detail, parameter = text[:300], False
        if answer.code in {400, 404, 409, 413, 415, 422}:
            return Refusal(answer.code, detail, parameter=parameter)
        return Failed(
            f"{self.stack}'s API answers {answer.code} to {path.partition('?')[0]}: {detail}",
            hint=f"run `trackstack logs {self.stack}`",
        )
