"""Idempotency: a POST that is repeated with the same Idempotency-Key is done once and answered twice.

async def record_expense(new: NewExpense, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
    def work(tx: Transaction) -> Answer:
        expense = record(new, tx)
        return Answer(expense.json(), status=201, version=1, headers={"Location": …})

    return await write_once(database, "expenses", request, idempotency_key, work)
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Header
from starlette.requests import Request
from starlette.responses import Response

from apps.common.clock import instant_text
from apps.common.database import Database, Transaction
from apps.common.http import etag, json_response
from apps.common.problem import Unprocessable

KEPT_DAYS = 30
"""For how long a key is remembered: as long as somebody's browser may stay offline with a queued change."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=f"Any text of your own, new for each action; repeats within {KEPT_DAYS} days get the first answer",
        min_length=1,
        max_length=255,
    ),
]
"""Parameter of a POST; pass it to `write_once`."""


@dataclass(frozen=True)
class Answer:
    """What a write answers: made inside the transaction, kept with it, sent after COMMIT."""

    body: bytes = b""
    status: int = 200
    version: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer to send."""
        if self.status == 204:
            return Response(status_code=204, headers=dict(self.headers))
        return json_response(self.body, self.status, version=self.version, headers=self.headers)


async def write_once(
    database: Database,
    domain: str,
    request: Request,
    key: str | None,
    work: Callable[[Transaction], Answer],
) -> Response:
    """Run `work` in a transaction and answer it; with a key, the answer is kept in the same transaction.

    The same key with another method, address or body is refused with 422. Only success is kept: a refused request
    changed nothing, so its repeat is simply tried again.
    """
    if key is None:
        return (await database.write(domain, work)).response()
    body = await request.body()
    fingerprint = hashlib.sha256(
        b"\n".join([request.method.encode(), request.scope["path"].encode(), body])
    ).hexdigest()
    return (await database.write(domain, lambda tx: _once(tx, key, fingerprint, work))).response()


def _once(tx: Transaction, key: str, fingerprint: str, work: Callable[[Transaction], Answer]) -> Answer:
    # No "still running" state is needed: the DB thread runs one write at a time, so a repeat finds the first one done.
    kept = tx.one(
        f"SELECT fingerprint, status, headers, body FROM {tx.domain}_idempotency WHERE key = :key",  # noqa: S608 -- a domain's name
        key=key,
    )
    if kept is not None:
        if kept["fingerprint"] != fingerprint:
            raise Unprocessable(f"Idempotency-Key {key!r} was used for another request; use a new key for a new action")
        headers = json.loads(kept["headers"]) | {"Idempotent-Replayed": "true"}
        return Answer(kept["body"], kept["status"], headers=headers)
    answer = work(tx)
    headers = dict(answer.headers) if answer.version is None else {**answer.headers, "ETag": etag(answer.version)}
    tx.execute(
        f"INSERT INTO {tx.domain}_idempotency (key, fingerprint, status, headers, body, created_at)"  # noqa: S608 -- a domain's name
        " VALUES (:key, :fingerprint, :status, :headers, :body, :created_at)",
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        headers=json.dumps(headers),
        body=answer.body,
        created_at=instant_text(tx.now),
    )
    return answer
