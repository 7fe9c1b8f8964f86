"""The pantry: items and how many pieces of each there are. It tells the others whenever a number changes."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from fastapi import APIRouter, Request, Response

from apps.common.database import Database, Reader, Transaction
from apps.common.events import Event
from apps.common.fields import Body, Id, Name, Whole
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
from apps.common.imports import Format, read_sheet, take_rows
from apps.common.problem import NotFound
from apps.common.service import Service

ITEM = "json_object('id', id, 'name', name, 'pieces', pieces, 'version', version)"


class ItemCounted(Event):
    """There are now so many pieces of an item."""

    type: ClassVar[str] = "dev.trackstack.pantry.item.counted.v1"

    item_id: str
    name: str
    pieces: int
    version: int

    def subject(self) -> str:
        """The item."""
        return f"item/{self.item_id}"


class NewItem(Body):
    """An item to put into the pantry."""

    name: Name
    pieces: Whole


class Count(Body):
    """How many pieces there are now."""

    pieces: Whole


def put(new: NewItem, tx: Transaction, import_key: str | None = None) -> str:
    """Put an item in; returns its id."""
    item_id = tx.new_id()
    tx.execute(
        "INSERT INTO pantry_item (id, name, pieces, import_key, version) VALUES (:id, :name, :pieces, :import_key, 1)",
        id=item_id,
        name=new.name,
        pieces=new.pieces,
        import_key=import_key,
    )
    tx.publish(ItemCounted(item_id=item_id, name=new.name, pieces=new.pieces, version=1), sequence=1)
    return item_id


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


def read_row(cells: Mapping[str, str]) -> NewItem:
    """An item of a file's row."""
    return NewItem(name=cells["name"], pieces=int(cells["pieces"]))


LIST = Format(
    "list", required=("name", "pieces"), optional=("shelf",), read=read_row, identity=lambda row: (row.name, row.pieces)
)


def take(tx: Transaction, new: NewItem, import_key: str) -> bool:
    """Take one row of a file."""
    if tx.one("SELECT 1 FROM pantry_item WHERE import_key = :key", key=import_key) is not None:
        return False
    if tx.one("SELECT 1 FROM pantry_item WHERE name = :name", name=new.name) is not None:
        raise ValueError(f"{new.name} is in the pantry already")
    put(new, tx, import_key)
    return True


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

    @router.post("/imports")
    async def import_items(request: Request, dry_run: bool = False) -> Response:
        sheet = await read_sheet(request, [LIST])
        result = await database.write("pantry", lambda tx: take_rows(tx, sheet, take, dry_run=dry_run))
        return json_response(result.model_dump_json().encode())

    @router.post("/items/{item_id}/finish")
    async def finish(item_id: Id, left: Count | None = None) -> Response:
        pieces = left.pieces if left else 0
        return (await database.write("pantry", lambda tx: count(item_id, pieces, "*", tx))).response()

    @router.get("/failures")
    async def fail() -> Response:
        raise RuntimeError("a bug")

    return router


service = Service("pantry", routes, {}, Path(__file__).with_name("pantry"))
