"""Metrics: what Prometheus scrapes, in a registry of its own for each process.

What the database knows (waiting events, file size) is read when somebody asks, through the DB thread like every read.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from apps.common.clock import Clock, instant_of, utc_now
from apps.common.database import Database, Reader
from apps.common.group import Committed
from apps.common.problem import Unavailable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_LAG_SECONDS = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 86400)
_GROUP_SIZES = (1, 2, 5, 10, 20, 50, 100, 200)


class Metrics:
    """All figures of one process."""

    def __init__(self, process: str, version: str, *, clock: Clock = utc_now) -> None:
        self.registry = CollectorRegistry()
        self.active_requests = 0
        self._process = process
        self._clock = clock
        self._children: dict[tuple[str, str, str, int], Histogram] = {}
        self._stored = _Stored()
        registry = self.registry
        self._requests = Histogram(
            "http_server_request_duration_seconds",
            "From the first byte read to the last byte written",
            ("service", "method", "route", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self.published = Counter("events_published", "Events handed to topic or queue", registry=registry)
        self.consumed = Counter("events_consumed", "Events taken from the queue", ("outcome",), registry=registry)
        self._lag = Histogram(
            "event_lag_seconds", "From an event's time to its effect", buckets=_LAG_SECONDS, registry=registry
        )
        self._commit_seconds = Histogram("db_commit_seconds", "Of COMMIT alone", buckets=_SECONDS, registry=registry)
        self._group_size = Histogram("db_group_size", "Writes per COMMIT", buckets=_GROUP_SIZES, registry=registry)
        self.backup_last_success = Gauge(
            "backup_last_success_timestamp_seconds", "When the last backup was verified", registry=registry
        )
        build = Gauge("build_info", "The running program", ("service", "version"), registry=registry)
        build.labels(process, version).set(1)
        ProcessCollector(registry=registry)
        registry.register(self._stored)

    def request(self, service: str, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        key = (service, method, route, status)
        child = self._children.get(key)
        if child is None:
            child = self._children[key] = self._requests.labels(service, method, route, str(status))
        child.observe(seconds)

    def group(self, committed: Committed) -> None:
        """One group of writes was committed (called on the DB thread)."""
        if committed.writes:
            self._commit_seconds.observe(committed.seconds)
            self._group_size.observe(committed.writes)

    def observe_lag(self, event_time: datetime) -> None:
        """An event from this time has just had its effect."""
        self._lag.observe(max(0.0, (self._clock() - event_time).total_seconds()))

    async def scrape(self, database: Database) -> bytes:
        """Everything as text. A database that is not ready only lacks its own figures."""
        try:
            figures = await database.read(lambda reader: list(_stored(reader, database.domains, self._clock)))
        except Unavailable:
            figures = []
        figures.append(("db_queue_depth", "Reads and writes that wait", {}, database.waiting()))
        figures.append(("http_server_active_requests", "Being answered now", {}, self.active_requests))
        self._stored.figures = figures
        return generate_latest(self.registry)


Figure = tuple[str, str, dict[str, str], float]
"""Name, help, labels, value."""


class _Stored(Collector):
    """Hands the figures that were just read to the registry."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def collect(self) -> Iterator[Metric]:
        """The figures, those of one name together."""
        families: dict[str, GaugeMetricFamily] = {}
        for name, text, labels, value in self.figures:
            family = families.setdefault(name, GaugeMetricFamily(name, text, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()


def _stored(reader: Reader, domains: Iterable[str], clock: Clock) -> Iterator[Figure]:
    now = clock()
    for domain in domains:
        row = reader.one(
            f"SELECT count(*) AS pending, min(created_at) AS oldest FROM {domain}_outbox WHERE sent_at IS NULL"  # noqa: S608 -- a domain's name
        )
        assert row is not None
        oldest_s = (now - instant_of(row["oldest"])).total_seconds() if row["oldest"] else 0.0
        yield "outbox_pending", "Events not yet published", {"service": domain}, row["pending"]
        yield "outbox_oldest_age_seconds", "Age of the oldest of them", {"service": domain}, oldest_s
    sizes = reader.one(
        "SELECT page_count * page_size AS bytes, freelist_count AS free"
        " FROM pragma_page_count(), pragma_page_size(), pragma_freelist_count()"
    )
    assert sizes is not None
    yield "sqlite_file_bytes", "Size of the database file", {}, sizes["bytes"]
    yield "sqlite_freelist_pages", "Pages of it that hold nothing", {}, sizes["free"]
