"""Shopping: keeps what the pantry tells, and says what runs out."""

from pathlib import Path

from fastapi import APIRouter, Response

from apps.common.database import Database, Transaction
from apps.common.http import json_response
from apps.common.service import Service
from example_domains.pantry_items import ItemCounted


def keep_stock(event: ItemCounted, tx: Transaction) -> None:
    """Remember the newest number of an item; an older event changes nothing."""
    if event.name == "poison":
        raise ValueError("nobody can take this event")
    tx.execute(
        "INSERT INTO shopping_stock (item_id, name, pieces, version) VALUES (:id, :name, :pieces, :version)"
        " ON CONFLICT (item_id) DO UPDATE SET pieces = excluded.pieces, version = excluded.version"
        " WHERE excluded.version > shopping_stock.version",
        id=event.item_id,
        name=event.name,
        pieces=event.pieces,
        version=event.version,
    )


def routes(database: Database) -> APIRouter:
    """Shopping's one address."""
    router = APIRouter()

    @router.get("/stock")
    async def stock() -> Response:
        sql = (
            "SELECT json_group_array(json_object('name', name, 'pieces', pieces))"
            " FROM (SELECT name, pieces FROM shopping_stock ORDER BY name)"
        )
        return json_response(await database.read(lambda reader: reader.json(sql)))

    return router


service = Service("shopping", routes, {ItemCounted: keep_stock}, Path(__file__).with_name("shopping"))
