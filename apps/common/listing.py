"""Lists: a page is one query, and SQLite makes the JSON of its items (three times as fast as objects)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from apps.common.database import Database
from apps.common.http import CursorPart, cursor_key, list_response
from apps.common.transaction import Page, Reader, SqlValue


def json_object(names: Iterable[str], **written: str) -> str:
    """SQL that makes a JSON object of columns; `written` has expressions for those not taken as they are."""
    return "json_object(" + ", ".join(f"'{name}', {written.get(name, name)}" for name in names) + ")"


def json_flag(column: str) -> str:
    """SQL that makes true or false of a column that holds 1 or 0."""
    return f"json(CASE {column} WHEN 1 THEN 'true' ELSE 'false' END)"


@dataclass(frozen=True)
class Listing:
    """A table whose rows are listed as JSON, in the order of a column and, where that is equal, of the id.

    All parts are SQL, constants of a domain. `filters` are conditions by the name of the one value each of them takes:
    `{"first": "occurred_on >= :first"}`.
    """

    item: str
    table: str
    key: str
    filters: Mapping[str, str] = field(default_factory=dict)
    newest_first: bool = False

    async def answer(
        self, database: Database, request: Request, limit: int, cursor: str | None, **values: SqlValue
    ) -> Response:
        """Answer a GET: the page after the cursor; a filter whose value is None lets everything pass."""
        after = cursor_key(cursor, str, str) if cursor is not None else None
        page = await database.read(lambda reader: self._page(reader, after, limit, values))
        return list_response(request, page)

    def _page(
        self, reader: Reader, after: tuple[CursorPart, ...] | None, limit: int, values: Mapping[str, SqlValue]
    ) -> Page:
        conditions = [self.filters[name] for name, value in values.items() if value is not None]
        way, beyond = (" DESC", "<") if self.newest_first else ("", ">")
        if after:
            conditions.append(f"({self.key}, id) {beyond} (:after_key, :after_id)")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        after_key, after_id = after or (None, None)
        return reader.page(
            f"SELECT {self.item} AS item, {self.key}, id FROM {self.table}{where}"  # noqa: S608 -- made of constants
            f" ORDER BY {self.key}{way}, id{way}",
            limit=limit,
            after_key=after_key,
            after_id=after_id,
            **values,
        )
