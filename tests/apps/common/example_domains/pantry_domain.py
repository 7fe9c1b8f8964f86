"""The pantry: items and how many pieces of each there are. It tells the others whenever a number changes."""

from pathlib import Path

from fastapi import APIRouter, Request, Response

from apps.common.database import Database, Reader, Transaction
from apps.common.fields import Id
from apps.common.http import (
    LIMIT_DEFAULT,
    Cursor,
    IfMatch,
    IfNoneMatch,
    Limit,
    cursor_key,
    json_response,
    list_response,
    matches,
    not_modified,
    require_if_match,
)
from apps.common.idempotency import Answer, IdempotencyKey, write_once
from apps.common.imports.decimals import Sign
from apps.common.imports.formats import open_sheet
from apps.common.imports.history import add_history_routes
from apps.common.imports.parameters import CSV_BODY, Again, DryRun, Encoding, FileName, ImportId
from apps.common.imports.sheet import read_text
from apps.common.imports.upload import Options, Uploads
from apps.common.problem import NotFound
from apps.common.service import Service
from example_domains.pantry_imports import UndoItems, list_format
from example_domains.pantry_items import Count, ItemCounted, NewItem, put

ITEM = "json_object('id', id, 'name', name, 'pieces', pieces, 'version', version)"


def item_json(item_id: str, tx: Transaction | Reader) -> bytes:
    """One item as JSON; 404 when there is none."""
    row = tx.one(f"SELECT {ITEM} FROM pantry_item WHERE id = :id", id=item_id)
    if row is None:
        raise NotFound(f"there is no item {item_id}")
    return str(row[0]).encode()


def count(item_id: str, pieces: int, if_match: str | None, tx: Transaction) -> Answer:
    """Set the number of pieces."""
    item = tx.one("SELECT name, version FROM pantry_item WHERE id = :id", id=item_id)
    if item is None:
        raise NotFound(f"there is no item {item_id}")
    require_if_match(if_match, item["version"])
    version = item["version"] + 1
    tx.execute(
        "UPDATE pantry_item SET pieces = :pieces, version = :version WHERE id = :id",
        pieces=pieces,
        version=version,
        id=item_id,
    )
    event = ItemCounted(item_id=item_id, name=item["name"], pieces=pieces, version=version)
    tx.publish(event, sequence=version)
    return Answer(item_json(item_id, tx), version=version)


def routes(database: Database) -> APIRouter:
    """The pantry's addresses."""
    router = APIRouter()

    @router.post("/items", status_code=201)
    async def put_item(new: NewItem, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        def work(tx: Transaction) -> Answer:
            item_id = put(new, tx)
            headers = {"Location": f"/api/v1/pantry/items/{item_id}"}
            return Answer(item_json(item_id, tx), status=201, version=1, headers=headers)

        return await write_once(database, "pantry", request, idempotency_key, work)

    @router.get("/items")
    async def list_items(request: Request, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None) -> Response:
        name, item_id = cursor_key(cursor, str, str) if cursor else ("", "")
        page = await database.read(
            lambda reader: reader.page(
                f"SELECT {ITEM} AS item, name, id FROM pantry_item WHERE (name, id) > (:name, :id) ORDER BY name, id",
                limit=limit,
                name=name,
                id=item_id,
            )
        )
        return list_response(request, page)

    @router.get("/items/{item_id}")
    async def get_item(item_id: Id, if_none_match: IfNoneMatch = None) -> Response:
        def work(reader: Reader) -> tuple[bytes, int]:
            body = item_json(item_id, reader)
            row = reader.one("SELECT version FROM pantry_item WHERE id = :id", id=item_id)
            assert row is not None
            return body, row["version"]

        body, version = await database.read(work)
        return not_modified(version) if matches(if_none_match, version) else json_response(body, version=version)

    @router.put("/items/{item_id}")
    async def count_item(item_id: Id, new: Count, if_match: IfMatch = None) -> Response:
        return (await database.write("pantry", lambda tx: count(item_id, new.pieces, if_match, tx))).response()

    uploads = Uploads(database, "pantry")

    @router.post("/imports", openapi_extra=CSV_BODY)
    async def import_items(
        request: Request,
        dry_run: DryRun = False,
        again: Again = False,
        file_name: FileName = "",
        import_id: ImportId = None,
        encoding: Encoding = None,
        decimal: Sign | None = None,
    ) -> Response:
        return await uploads.receive(
            request,
            lambda body: open_sheet(read_text(body, encoding), [list_format(decimal)]),
            Options(dry_run, again, file_name, import_id),
        )

    add_history_routes(router, database, "pantry", UndoItems())

    @router.post("/items/{item_id}/finish")
    async def finish(item_id: Id, left: Count | None = None) -> Response:
        pieces = left.pieces if left else 0
        return (await database.write("pantry", lambda tx: count(item_id, pieces, "*", tx))).response()

    @router.get("/failures")
    async def fail() -> Response:
        raise RuntimeError("a bug")

    return router


service = Service("pantry", routes, {}, Path(__file__).with_name("pantry"))
