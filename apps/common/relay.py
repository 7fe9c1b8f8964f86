"""Relay: brings events from the outbox to their publisher, in order of the outbox, until each is away.

A thread, woken by every COMMIT that holds events. It marks only what the publisher confirmed; when it dies between the
two, the event is published again, and the receivers' inboxes notice.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from apps.common.clock import Clock, instant_text, utc_now
from apps.common.database import Database
from apps.common.housekeeping import tidy
from apps.common.metrics import Metrics
from apps.common.problem import Unavailable
from apps.common.publishers import BATCH, BATCH_BYTES, Outgoing, Publisher

_log = logging.getLogger(__name__)

TICK_S = 5.0
"""How long it sleeps when nobody wakes it; what failed is tried again then."""

TIDY_EVERY_S = 3600.0


class Relay:
    """The outboxes of all domains of this process."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        metrics: Metrics,
        *,
        clock: Clock = utc_now,
        tick_s: float = TICK_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._metrics = metrics
        self._clock = clock
        self._tick_s = tick_s
        self._monotonic = monotonic
        self._tidied_at = monotonic()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="relay", daemon=True)

    def start(self) -> None:
        """Begin, with what an earlier process left behind."""
        self._database.on_publish = self._wake.set
        self._wake.set()
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """One last pass, then end; the database must still be open."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def run_once(self) -> int:
        """Offer every waiting event once; returns how many went away."""
        return sum(self._drain(domain) for domain in self._database.domains)

    def _run(self) -> None:
        last = False
        while not last:
            self._wake.wait(self._tick_s)
            self._wake.clear()
            last = self._stop.is_set()
            try:
                self.run_once()
                if self._monotonic() - self._tidied_at > TIDY_EVERY_S:
                    self._tidied_at = self._monotonic()
                    tidy(self._database, self._clock())
            except Unavailable as error:
                _log.info("relay waits: %s", error.detail)
                self._stop.wait(self._tick_s)
            except Exception:  # noqa: BLE001 -- the thread must outlive whatever the network does
                _log.exception("events could not be published, they will be tried again")
                # Without a pause every COMMIT would wake it into the same failure.
                self._stop.wait(self._tick_s)

    def _drain(self, domain: str) -> int:
        away = 0
        after = 0
        while True:
            waiting = self._waiting(domain, after)
            if not waiting:
                return away
            for batch in _batches(waiting):
                published = self._publisher.publish(batch)
                self._mark(domain, published)
                away += len(published)
                self._metrics.published.inc(len(published))
            # Past what failed as well: one event nobody can take must not hold up the others.
            after = waiting[-1].seq

    def _waiting(self, domain: str, after: int) -> list[Outgoing]:
        rows = self._database.read_now(
            lambda reader: reader.all(
                f"SELECT seq, type, body FROM {domain}_outbox"  # noqa: S608 -- a domain's name
                " WHERE sent_at IS NULL AND seq > :after ORDER BY seq LIMIT :batch",
                after=after,
                batch=BATCH,
            )
        )
        return [Outgoing(row["seq"], row["type"], row["body"]) for row in rows]

    def _mark(self, domain: str, published: set[int]) -> None:
        if not published:
            return
        places = ", ".join(str(seq) for seq in sorted(published))
        self._database.write_now(
            domain,
            lambda tx: tx.execute(
                f"UPDATE {domain}_outbox SET sent_at = :now WHERE seq IN ({places})",  # noqa: S608 -- whole numbers
                now=instant_text(tx.now),
            ),
        )


def _batches(waiting: Sequence[Outgoing]) -> Iterator[list[Outgoing]]:
    """Cut where a batch would become too large to send."""
    batch: list[Outgoing] = []
    size = 0
    for each in waiting:
        length = len(each.body.encode())
        if batch and size + length > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch
