"""Run history: what each run of a stack cost by estimate, one small file each below the state directory."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from trackstack_infra.costs.estimate import estimate
from trackstack_infra.costs.hours import Basis, Calendar, Span, Stretch, calendar_month
from trackstack_infra.costs.line import Estimate, cents, total
from trackstack_infra.costs.meter import Billing
from trackstack_infra.costs.report.amounts import plain
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import Usage
from trackstack_infra.graph import Graph
from trackstack_infra.settings.groups import ScheduleSettings

SCHEMA: Final = 1
FOLDER: Final = "runs"


@dataclass(frozen=True)
class RunRecord:
    """One stretch of one stack."""

    stack: str
    started: datetime
    ended: datetime
    exact: Decimal
    lines: Mapping[str, Decimal]
    """By the price's id."""
    snapshot: date
    unpriced: int

    @property
    def hours(self) -> Decimal:
        """How long it was."""
        return _hours(self.started, self.ended)

    @property
    def usd(self) -> Decimal:
        """In cents."""
        return cents(self.exact)

    def __str__(self) -> str:
        if self.unpriced:
            missing = f"resources without a price, not included: {self.unpriced}"
            return f"{self.stack} ran for {self.hours:.2f} h, at least ${self.usd} by estimate ({missing})"
        return f"{self.stack} ran for {self.hours:.2f} h, about ${self.usd} by estimate"


@dataclass(frozen=True)
class RunHistory:
    """All of them, oldest first, and files that are none."""

    kept: tuple[RunRecord, ...]
    damaged: tuple[Path, ...]

    @property
    def exact(self) -> Decimal:
        """Their sum."""
        return sum((each.exact for each in self.kept), Decimal(0))

    @property
    def usd(self) -> Decimal:
        """In cents."""
        return cents(self.exact)

    @property
    def gaps(self) -> bool:
        """Whether the sum lacks something: resources without a price, or runs whose file cannot be read."""
        return bool(self.damaged) or any(each.unpriced for each in self.kept)

    def of(self, stack: str | None = None, month: tuple[int, int] | None = None) -> "RunHistory":
        """Those of a stack, and those that began in a month of UTC, as AWS bills."""
        kept = (each for each in self.kept if stack in (None, each.stack))
        return RunHistory(
            tuple(each for each in kept if month in (None, (each.started.year, each.started.month))), self.damaged
        )


def price_window(
    graph: Graph,
    prices: Snapshot,
    usage: Usage,
    schedule: ScheduleSettings | None,
    *,
    region: str,
    started: datetime,
    ended: datetime,
) -> Estimate:
    """The runtime layer's lines for one stretch, with the rounding of one: hours begun are whole hours.

    What is billed by use is stated for a month, of which this stretch bears its part of the running hours.
    """
    prices.require(region)
    begin = started.astimezone(UTC)
    month = calendar_month(begin.year, begin.month, schedule)
    hours = max(_hours(started, ended), Decimal(0))
    stretch = Calendar(month.label, Basis.ASSUMED, month.month, Span((Stretch(Decimal(1), hours),)))
    part = min(hours / month.running.hours, Decimal(1)) if month.running.hours else Decimal(1)
    priced = estimate(graph, prices, usage, stretch, region=region)
    lines = (
        replace(line, exact=line.exact * part, quantity=line.quantity * part, free_units=line.free_units * part)
        if line.meter.billing is Billing.BY_USE
        else line
        for line in priced.lines
        if line.layer == "runtime"
    )
    return replace(priced, lines=tuple(lines))


def record_run(
    home: Path, stack: str, started: datetime, ended: datetime, priced: Estimate, *, snapshot: date
) -> RunRecord:
    """Keep what a stretch cost; one that began at the same second is written over."""
    lines: dict[str, Decimal] = {}
    for line in priced.lines:
        lines[line.price.id] = lines.get(line.price.id, Decimal(0)) + line.exact
    record = RunRecord(
        stack=stack,
        started=started.astimezone(UTC),
        ended=ended.astimezone(UTC),
        exact=total(priced.lines),
        lines=dict(sorted(lines.items())),
        snapshot=snapshot,
        unpriced=len(priced.unpriced),
    )
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{record.started:%Y%m%dT%H%M%SZ}-{stack}.json"
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(_document(record), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return record


def read_history(home: Path) -> RunHistory:
    """All runs; a file that holds none is named, and stops nothing."""
    kept, damaged = [], []
    for path in sorted((home / FOLDER).glob("*.json")):
        try:
            kept.append(_record(json.loads(path.read_text("utf-8"))))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
            damaged.append(path)
    return RunHistory(tuple(sorted(kept, key=lambda each: (each.started, each.stack))), tuple(damaged))


def _document(record: RunRecord) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "stack": record.stack,
        "started": record.started.isoformat(),
        "ended": record.ended.isoformat(),
        "usd_exact": plain(record.exact),
        "lines": {price: plain(exact) for price, exact in record.lines.items()},
        "snapshot": record.snapshot.isoformat(),
        "unpriced": record.unpriced,
    }


def _record(document: dict[str, Any]) -> RunRecord:
    if document["schema"] != SCHEMA:
        raise ValueError(f"schema {document['schema']!r}")
    started, ended = (datetime.fromisoformat(document[key]) for key in ("started", "ended"))
    exact = Decimal(document["usd_exact"])
    if started.tzinfo is None or ended.tzinfo is None or not exact.is_finite():
        raise ValueError("times without a zone, or no amount")
    return RunRecord(
        stack=str(document["stack"]),
        started=started.astimezone(UTC),
        ended=ended.astimezone(UTC),
        exact=exact,
        lines={price: Decimal(text) for price, text in document["lines"].items()},
        snapshot=date.fromisoformat(document["snapshot"]),
        unpriced=int(document["unpriced"]),
    )


def _hours(started: datetime, ended: datetime) -> Decimal:
    return Decimal(int((ended - started).total_seconds())) / 3600
