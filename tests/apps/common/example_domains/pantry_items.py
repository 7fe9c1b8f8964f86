"""Items of the pantry."""

from typing import ClassVar

from apps.common.database import Transaction
from apps.common.events import Event
from apps.common.fields import Body, Name, Whole


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


def put(new: NewItem, tx: Transaction) -> str:
    """Put an item in; returns its id."""
    item_id = tx.new_id()
    tx.execute(
        "INSERT INTO pantry_item (id, name, pieces, version) VALUES (:id, :name, :pieces, 1)",
        id=item_id,
        name=new.name,
        pieces=new.pieces,
    )
    tx.publish(ItemCounted(item_id=item_id, name=new.name, pieces=new.pieces, version=1), sequence=1)
    return item_id
