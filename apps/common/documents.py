"""Documents: what is kept under an id with a version, and how it is shown, made, replaced and deleted over HTTP.

A domain says once what it does with a kind of documents; its routes stay declarations:

    METERS = Documents("heating", "meter", "meters", find=find_meter, make=make_meter, change=…, remove=…)

    async def read_meter(meter_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        return await METERS.show(database, meter_id, if_none_match)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from apps.common.database import Database, Transaction
from apps.common.fields import Body
from apps.common.http import etag, json_response, matches, not_modified, require_if_match
from apps.common.idempotency import Answer, write_once
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


@dataclass(frozen=True)
class Documents(Generic[D, B]):
    """One kind of documents: `noun` is its name for people, `path` where it lives below the domain.

    `find` raises NotFound; `make` takes the id, `change` and `remove` take the present document.
    """

    domain: str
    noun: str
    path: str
    find: Callable[[str, Readable], D]
    make: Callable[[B, str, Transaction], D]
    change: Callable[[D, B, Transaction], D]
    remove: Callable[[D, Transaction], None]
    says: Callable[[D, B], bool] = says_already

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
                    f"there is another {self.noun} {document_id} already; read it, then change it by If-Match",
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
