"""What all documents of heating share: how they are answered, and what a PUT means."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from fastapi import Response

from apps.common.fields import Body
from apps.common.http import etag, json_response, matches, not_modified, require_if_match
from apps.common.idempotency import Answer
from apps.common.problem import NotFound, PreconditionFailed
from apps.heating.model import Kept, says


class Document(Protocol):
    """Something kept under an id, with a version."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    def model_dump_json(self) -> str: ...


D = TypeVar("D", bound=Document)


def answer(document: Document) -> Answer:
    """A document that is there."""
    return Answer(document.model_dump_json().encode(), version=document.version)


def made(document: Document, path: str) -> Answer:
    """A document that is new; `path` is where its kind lives."""
    body = document.model_dump_json().encode()
    return Answer(body, 201, document.version, {"Location": f"/api/v1/heating/{path}/{document.id}"})


def shown(document: Document, if_none_match: str | None) -> Response:
    """A document that was asked for, or 304 when the caller has this version."""
    if matches(if_none_match, document.version):
        return not_modified(document.version)
    return json_response(document.model_dump_json().encode(), version=document.version)


def put(
    old: D | None,
    draft: Body,
    *,
    what: str,
    path: str,
    if_match: str | None,
    if_none_match: str | None,
    make: Callable[[], D],
    change: Callable[[D], D],
) -> Answer:
    """Make a document (`If-None-Match: *`) or replace it (`If-Match`).

    Sent again with the same content, as after a lost answer, it is answered with what is there. `what` names the
    document for people: `bill 0199…`.
    """
    if (if_match or if_none_match) and isinstance(old, Kept) and says(old, draft):
        return answer(old)
    if if_none_match is not None and if_match is None:
        if old is None:
            return made(make(), path)
        raise PreconditionFailed(
            f"there is another {what} already; read it, then change it by If-Match",
            headers={"ETag": etag(old.version)},
        )
    if old is None:
        raise NotFound(f"there is no {what}; to make it, send If-None-Match: *")
    require_if_match(if_match, old.version)
    return answer(change(old))
