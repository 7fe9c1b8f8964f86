"""Calling a local stack's API as its user: a token from the pool, and requests that carry it."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trackstack_infra.errors import Failed, NotHealthy, UsageError
from trackstack_infra.local.observe.sign_in import Token, sign_in
from trackstack_infra.local.observe.status import api_url, running
from trackstack_infra.local.state_dir.loopback import open_url

REQUEST_TIMEOUT_S = 120.0
MAX_IMPORT_BYTES = 10 * 1024 * 1024  # the HTTP API takes no more: apps.common refuses it as well


def access_token(stack: str, home: Path, *, verifier: str) -> Token:
    """Sign the local user in; both stacks take tokens of foundation's pool."""
    running(stack, home)
    supervisor, foundation = running("foundation", home)
    return sign_in(supervisor.endpoint, str(foundation.outputs["user_pool_client_id"]), verifier=verifier)


def import_csv(
    stack: str, domain: str, file: Path, home: Path, *, query: Mapping[str, str], verifier: str
) -> dict[str, Any]:
    """Send a CSV file to a domain's import, with the import's parameters; returns its answer, one result a row.

    Raises UsageError for a file that cannot be read, is too large or is refused whole.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", hint="pass an existing CSV file") from error
    if len(content) > MAX_IMPORT_BYTES:
        raise UsageError(
            f"{file} has {len(content)} bytes; an import takes at most {MAX_IMPORT_BYTES}",
            hint="split the file; rows imported twice change nothing",
        )
    request = urllib.request.Request(  # noqa: S310 - the URL is the router's on loopback
        f"{api_url(stack, home)}/api/v1/{domain}/imports?{urllib.parse.urlencode(query)}",
        data=content,
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Authorization": f"Bearer {access_token(stack, home, verifier=verifier).access_token}",
        },
    )
    try:
        with open_url(request, timeout=REQUEST_TIMEOUT_S) as answer:
            report: dict[str, Any] = json.load(answer)
            return report
    except urllib.error.HTTPError as answer:
        with answer:
            raise _refusal(file, domain, answer) from None
    except OSError as error:
        raise NotHealthy(f"{stack}'s API does not respond: {error}", hint="run `trackstack status`") from error


def _refusal(file: Path, domain: str, answer: urllib.error.HTTPError) -> Failed | UsageError:
    text = answer.read(10_000).decode(errors="replace")
    try:
        problem = json.loads(text)
        detail = str(problem.get("detail") or problem.get("title") or problem.get("message"))
    except ValueError:
        detail = text[:300]
    if answer.code < 500:
        return UsageError(f"{domain} refuses {file.name}: {detail}", hint="correct the file and import it again")
    return Failed(f"{domain} could not import {file.name}: {answer.code} {detail}", hint="run `trackstack logs`")
