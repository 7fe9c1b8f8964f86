"""HTTP: versions as ETags, preconditions, and lists that are read page by page.

Lists hand on a cursor instead of a page number: the sort key of the last item, so that a page neither repeats nor skips
what was added meanwhile.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Header, Query
from starlette.requests import Request
from starlette.responses import Response

from apps.common.problem import FieldError, PreconditionFailed, PreconditionRequired, Unprocessable
from apps.common.transaction import Page

LIMIT_DEFAULT, LIMIT_MAX = 50, 200

IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='The version to change, as its ETag: `"3"`', max_length=100)
]
"""Parameter of a PUT, PATCH or DELETE; pass it to `require_if_match`."""

IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description='The version you have, as its ETag: `"3"`', max_length=100)
]
"""Parameter of a GET (304 when unchanged) or of a PUT that creates (`*`)."""

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="How many items at most")]
"""Parameter of a list: `limit: Limit = LIMIT_DEFAULT`."""

Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before")]
"""Parameter of a list: `cursor: Cursor = None`; take it apart with `cursor_key`."""

CursorPart = str | int

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def etag(version: int) -> str:
    """The strong ETag of a version: `"3"`."""
    return f'"{version}"'


def require_if_match(if_match: str | None, version: int) -> None:
    """Let a change through only if it names the present version: 428 when it names none, 412 when another."""
    if if_match is None:
        raise PreconditionRequired('send the version you are changing as If-Match, such as If-Match: "3"')
    if if_match.strip() != "*" and etag(version) not in _tags(if_match):
        raise PreconditionFailed(
            f"you are changing version {if_match}, but it is at version {etag(version)} now; read it again",
            headers={"ETag": etag(version)},
        )


def matches(if_none_match: str | None, version: int) -> bool:
    """Whether the caller has this version already: answer 304 then, by `not_modified`."""
    if if_none_match is None:
        return False
    tags = {tag.removeprefix("W/") for tag in _tags(if_none_match)}
    return "*" in tags or etag(version) in tags


def not_modified(version: int) -> Response:
    """304: what the caller has is still the present version."""
    return Response(status_code=304, headers={"ETag": etag(version)})


def json_response(
    body: bytes, status: int = 200, *, version: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON that is ready made, usually by SQLite; with `version` it gets its ETag."""
    more = dict(headers or {})
    if version is not None:
        more["ETag"] = etag(version)
    return Response(body, status, more, "application/json")


def cursor_of(*key: CursorPart) -> str:
    """The opaque text for a sort key."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def cursor_key(cursor: str, *kinds: type[CursorPart]) -> tuple[CursorPart, ...]:
    """The sort key in a cursor, checked against its kinds: `cursor_key(cursor, str, str)`. 422 on a forged one."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _forged() from error
    if not isinstance(key, list) or len(key) != len(kinds):
        raise _forged()
    for part, kind in zip(key, kinds, strict=True):
        # `type is`, as True would pass for an int; and SQLite's integers end at 64 bit.
        if type(part) is not kind or (isinstance(part, int) and not -(2**63) <= part < 2**63):
            raise _forged()
        if isinstance(part, str) and not _storable(part):
            raise _forged()
    return tuple(key)


def list_response(request: Request, page: Page) -> Response:
    """A page as `{"items": […], "next": cursor or null}`, with the next page's address as `Link: rel="next"`."""
    if page.next_key is None:
        return json_response(f'{{"items":[{page.items}],"next":null}}'.encode())
    following = cursor_of(*page.next_key)
    body = f'{{"items":[{page.items}],"next":"{following}"}}'.encode()
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in [*kept, ("cursor", following)])
    return json_response(body, headers={"Link": f'<{quote(request.scope["path"])}?{query}>; rel="next"'})


def _storable(text: str) -> bool:
    """Whether the database could hold it: no NUL, no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]


def _forged() -> Unprocessable:
    return Unprocessable(
        "the cursor does not come from this list; start again without it",
        errors=[FieldError("cursor", "not a cursor of this list")],
    )
