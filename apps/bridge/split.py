"""Split a backup into one database for each service: empty ones first, then all rows, every one accounted for."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apps.bridge import errors
from apps.bridge.domains import (
    APPS,
    Domain,
    bring_up_to_date,
    ddl,
    require_known,
    require_same_ddl,
    unowned,
    versions,
)
from apps.bridge.errors import BridgeError, NotVerified, SplitFailed
from apps.bridge.fill import Filled, Job, open_target
from apps.bridge.sums import TableSum, quoted, table_sums, tables
from apps.bridge.verify import open_copy, require_same
from apps.common.clock import instant_text

RESEND_WITHIN = timedelta(hours=1)
"""Events sent this shortly before the backup may still have been in a queue; the queues are not part of it."""


@dataclass(frozen=True)
class Dropped:
    """A table of the backup that no service gets."""

    table: str
    rows: int
    reason: str


@dataclass(frozen=True)
class Split:
    databases: tuple[Filled, ...]
    dropped: tuple[Dropped, ...]


def split(
    source: Path, folder: Path, expected: Mapping[str, TableSum], *, made_at: datetime, domains: Sequence[Domain]
) -> Split:
    """Split SOURCE, a checked copy whose tables should have the EXPECTED rows, into files in FOLDER.

    `made_at` is the instant of the backup; nothing of the present goes into the files, so that the same backup gives
    the same bytes whenever it is split.
    """
    expected = _bring_up_to_date(source, domains, made_at, expected)
    targets = [_empty_database(source, folder / f"{domain.name}.db", domain, made_at) for domain in domains]
    jobs = [
        Job(
            domain=domain.name,
            source=str(source),
            target=str(target),
            tables=tuple(sorted(table for table in expected if domain.owns(table))),
            expected={table: sums for table, sums in expected.items() if domain.owns(table)},
            resend_since=instant_text(made_at - RESEND_WITHIN),
        )
        for domain, target in zip(domains, targets, strict=True)
    ]
    with ThreadPoolExecutor(len(jobs)) as pool:
        databases = tuple(pool.map(run_fill, jobs))
    dropped = tuple(
        Dropped(table, expected[table].rows, "belongs to no domain, so no service has a place for it")
        for table in unowned(sorted(expected), domains)
    )
    _require_every_row(expected, databases, dropped)
    return Split(databases, dropped)


def run_fill(job: Job) -> Filled:
    """Fill one database in a process of its own."""
    process = subprocess.run(
        [sys.executable, "-m", "apps.bridge.fill"],
        input=job.to_json(),
        capture_output=True,
        text=True,
        check=False,
        cwd=APPS.parent,
        env=os.environ | {"PYTHONPATH": str(APPS.parent)},
    )
    if process.returncode == 0:
        return Filled.from_json(process.stdout)
    if process.stdout:
        kind, message, hint = json.loads(process.stdout)["refused"]
        refusal: type[BridgeError] = getattr(errors, kind)
        raise refusal(message, hint=hint)
    if process.returncode < 0:
        cause, hint = f"was ended by signal {-process.returncode}", "give the Lambda more memory"
    else:
        cause = (process.stderr.strip().splitlines() or ["ended without a word"])[-1]
        hint = "nothing was published; free disk space if that is the cause, then run it again"
    raise SplitFailed(f"filling the new database of {job.domain} failed: {cause}", hint=hint)


def _require_tables(expected: Mapping[str, TableSum], found: Sequence[str], where: str) -> None:
    """A table the manifest does not know would be left behind without anybody noticing."""
    clauses = [f"{table} is in the manifest, but not in the file" for table in sorted(set(expected) - set(found))]
    clauses += [f"{table} is in the file, but not in the manifest" for table in sorted(set(found) - set(expected))]
    if clauses:
        raise NotVerified(f"{where} is not what its manifest says: {'; '.join(clauses)}", hint="choose another backup")


def _bring_up_to_date(
    source: Path, domains: Sequence[Domain], made_at: datetime, expected: Mapping[str, TableSum]
) -> Mapping[str, TableSum]:
    """Refuse a schema we do not know, migrate one that is older; returns the rows the copy should hold then.

    Also without anything to migrate, the migrations on record are compared with ours: a service would refuse to start
    on a database whose migrations were other ones.
    """
    where = "the copy of the backup"
    connection = open_target(source)
    try:
        _require_tables(expected, tables(connection), where)
        older = require_known(versions(connection, domains), domains, where)
        if older:
            require_same(expected, table_sums(connection, tables(connection)), where)
        bring_up_to_date(connection, domains, made_at, where)
        return table_sums(connection, tables(connection)) if older else expected
    finally:
        connection.close()


def _empty_database(source: Path, target: Path, domain: Domain, made_at: datetime) -> Path:
    """All tables and indexes of one domain, without a row, spelled as in the source."""
    target.touch()
    connection = open_target(target)
    try:
        bring_up_to_date(connection, [domain], made_at, target.name)
        for table in tables(connection):
            connection.execute(f"DELETE FROM {quoted(table)}")  # noqa: S608 - identifier, quoted
        mine = ddl(connection, domain)
    finally:
        connection.close()
    connection = open_copy(source)
    try:
        require_same_ddl(ddl(connection, domain), mine, domain)
    finally:
        connection.close()
    return target


def _require_every_row(
    expected: Mapping[str, TableSum], databases: Sequence[Filled], dropped: Sequence[Dropped]
) -> None:
    """Every row of the backup went to exactly one place: a service's table, its orphans, or the list of the dropped."""
    accounted: Counter[str] = Counter()
    for database in databases:
        accounted.update({table: sums.rows for table, sums in database.tables.items()})
        for orphans in database.orphans:
            accounted[orphans.table] += orphans.rows
    for each in dropped:
        accounted[each.table] += each.rows
    for table in sorted(expected.keys() | accounted.keys()):
        rows = expected[table].rows if table in expected else 0
        if table not in accounted or accounted[table] != rows:
            raise NotVerified(
                f"{table} has {rows} rows in the backup, of which {accounted[table]} are accounted for",
                hint="nothing was published; this is an error of the bridge, report it with the backup's manifest",
            )
