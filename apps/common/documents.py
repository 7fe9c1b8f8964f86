"""Documents: what is kept under an id with a version, and how it is shown, made, replaced and deleted over HTTP.

A domain says once what it does with a kind of documents, and mounts the four addresses all kinds have:

    METERS = Documents("heating", "meter", "meters", Meter, MeterDraft, find=find_meter, make=make_meter, …)

    METERS.mount(router, database, post=Operation("make_meter", "Add a meter."), delete=Operation(…))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Protocol, TypeVar

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from apps.common.database import Database, Transaction
from apps.common.fields import Body, Id
from apps.common.http import IfMatch, IfNoneMatch, etag, json_response, matches, not_modified, require_if_match
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.common.problem import NotFound, PreconditionFailed
from apps.common.transaction import Readable


class Document(Protocol):
    """Something kept under an id, with a version."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...

    def model_dump_json(self) -> str: ...


D = TypeVar("D", bound=Document)
B = TypeVar("B", bound=Body)


def says_already(kept: Document, draft: Body) -> bool:
    """Whether writing the draft would change nothing: each of its fields is kept as it is."""
    return all(getattr(kept, name) == value for name, value in draft)


_PUT = """Make {1} {0} under an id of your own (`If-None-Match: *`), or replace one (`If-Match`).

Sent again with the same content, as after a lost answer, it is answered with what is there."""


@dataclass(frozen=True)
class Operation:
    """One operation in the OpenAPI document: its id, what it does, and what to add to its answers, by status."""

    name: str
    text: str
    answers: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Documents(Generic[D, B]):
    """One kind of documents: `noun` is its name for people, `path` where it lives below the domain.

    `model` is what is kept, `draft` what a caller sends. With `own_ids` a caller may make one under an id of its own.
    `find` raises NotFound; `make` takes the id, `change` and `remove` take the present document.
    """

    domain: str
    noun: str
    path: str
    model: type[D]
    draft: type[B]
    find: Callable[[str, Readable], D]
    make: Callable[[B, str, Transaction], D]
    change: Callable[[D, B, Transaction], D]
    remove: Callable[[D, Transaction], None]
    says: Callable[[D, B], bool] = says_already
    own_ids: bool = True

    def mount(
        self,
        router: APIRouter,
        database: Database,
        *,
        delete: Operation,
        post: Operation | None = None,
        get: Operation | None = None,
        put: Operation | None = None,
    ) -> None:
        """Put GET, PUT, DELETE and, unless the domain has its own, POST into the domain's router."""

        async def make(draft: B, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
            return await self.post(database, request, idempotency_key, draft)

        async def show(document_id: Id, if_none_match: IfNoneMatch = None) -> Response:
            return await self.show(database, document_id, if_none_match)

        async def write(
            document_id: Id, draft: B, if_match: IfMatch = None, if_none_match: IfNoneMatch = None
        ) -> Response:
            return await self.put(database, document_id, draft, if_match, if_none_match)

        async def replace(document_id: Id, draft: B, if_match: IfMatch = None) -> Response:
            return await self.replace(database, document_id, draft, if_match)

        async def remove(document_id: Id, if_match: IfMatch = None) -> Response:
            return await self.delete(database, document_id, if_match)

        all_of_them, one = f"/{self.path}", f"/{self.path}/{{{self.noun}_id}}"
        found: dict[int, dict[str, Any]] = {200: {"model": self.model}}
        made: dict[int, dict[str, Any]] = {201: {"model": self.model, "description": "Made"}}
        if post is not None:
            self._add(router, "POST", all_of_them, make, post, {201: {"model": self.model}})
        self._add(router, "GET", one, show, get or Operation(f"read_{self.noun}", f"One {self.noun}."), found)
        put = put or Operation(f"put_{self.noun}", _PUT.format(self.noun, "an" if self.noun[0] in "aeiou" else "a"))
        if self.own_ids:
            self._add(router, "PUT", one, write, put, found | made)
        else:
            self._add(router, "PUT", one, replace, put, found)
        self._add(router, "DELETE", one, remove, delete, {})

    def _add(
        self,
        router: APIRouter,
        method: str,
        path: str,
        endpoint: Callable[..., Any],
        operation: Operation,
        answers: Mapping[int, Mapping[str, Any]],
    ) -> None:
        # FastAPI reads these: what is generic above becomes this kind's id in the path and this kind's draft.
        precise = {"document_id": Annotated[Id, Path(alias=f"{self.noun}_id")], "draft": self.draft}
        endpoint.__annotations__ |= {name: precise[name] for name in precise if name in endpoint.__annotations__}
        statuses = dict.fromkeys([*answers, *operation.answers])
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            name=operation.name,
            operation_id=operation.name,
            description=operation.text,
            tags=[self.path],
            status_code={"POST": 201, "DELETE": 204}.get(method),
            responses={each: {**answers.get(each, {}), **operation.answers.get(each, {})} for each in statuses},
        )

    def answer(self, document: D) -> Answer:
        """A document that is there."""
        return Answer(_json(document), version=document.version)

    def made(self, document: D) -> Answer:
        """A document that is new."""
        where = f"/api/v1/{self.domain}/{self.path}/{document.id}"
        return Answer(_json(document), 201, document.version, {"Location": where})

    async def show(self, database: Database, document_id: str, if_none_match: str | None) -> Response:
        """Answer a GET: the document, or 304 when the caller has this version."""
        document = await database.read(lambda reader: self.find(document_id, reader))
        if matches(if_none_match, document.version):
            return not_modified(document.version)
        return json_response(_json(document), version=document.version)

    async def post(self, database: Database, request: Request, idempotency_key: str | None, draft: B) -> Response:
        """Answer a POST: make a document under an id of ours, once."""

        def work(tx: Transaction) -> Answer:
            return self.made(self.make(draft, tx.new_id(), tx))

        return await write_once(database, self.domain, request, idempotency_key, work)

    async def put(
        self, database: Database, document_id: str, draft: B, if_match: str | None, if_none_match: str | None
    ) -> Response:
        """Answer a PUT: make a document under the caller's id (`If-None-Match: *`) or replace it (`If-Match`).

        Sent again with the same content, as after a lost answer, it is answered with what is there.
        """
        makes = if_match is None and if_none_match == "*"

        def work(tx: Transaction) -> Answer:
            try:
                old = self.find(document_id, tx)
            except NotFound as error:
                if makes:
                    return self.made(self.make(draft, document_id, tx))
                raise NotFound(f"{error.detail}; to make it, send If-None-Match: *") from error
            if (if_match or if_none_match) and self.says(old, draft):
                return self.answer(old)
            if makes:
                raise PreconditionFailed(
                    f"{self.noun} {document_id} already exists with other content; read it, then send If-Match",
                    headers={"ETag": etag(old.version)},
                )
            require_if_match(if_match, old.version)
            return self.answer(self.change(old, draft, tx))

        return (await database.write(self.domain, work)).response()

    async def replace(self, database: Database, document_id: str, draft: B, if_match: str | None) -> Response:
        """Answer a PUT where ids are ours alone: replace a document (`If-Match`)."""

        def work(tx: Transaction) -> Answer:
            return self.answer(self.change(self._named(document_id, if_match, tx), draft, tx))

        return (await database.write(self.domain, work)).response()

    async def delete(self, database: Database, document_id: str, if_match: str | None) -> Response:
        """Answer a DELETE (`If-Match`)."""

        def work(tx: Transaction) -> None:
            self.remove(self._named(document_id, if_match, tx), tx)

        await database.write(self.domain, work)
        return Response(status_code=204)

    def _named(self, document_id: str, if_match: str | None, tx: Transaction) -> D:
        """The document, when the caller names its present version."""
        old = self.find(document_id, tx)
        require_if_match(if_match, old.version)
        return old


def _json(document: Document) -> bytes:
    return document.model_dump_json().encode()
