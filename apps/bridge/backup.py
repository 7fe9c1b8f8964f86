"""Make a backup: a consistent copy, checked as a whole, stored under a name of its own."""

import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from apps.bridge.domains import DOMAINS, Domain, versions
from apps.bridge.manifest import Manifest, SampleOf, backup_id
from apps.bridge.storage import BackupStore
from apps.bridge.sums import file_sha256, table_sums, tables
from apps.bridge.verify import open_copy, orphan_counts, require_intact


def make_backup(
    snapshot: Callable[[Path], None],
    store: BackupStore,
    *,
    now: datetime,
    request_id: str,
    app_version: str,
    work: Path | None = None,
    sample: SampleOf | None = None,
    domains: Sequence[Domain] = DOMAINS,
) -> Manifest:
    """Copy with `snapshot` (an app passes `Database.snapshot`), check the copy, store it; the manifest comes last.

    Rows whose parent is missing do not stop a backup: a copy of data with one bad row beats no copy. They are counted
    in the manifest, and the bridge sets them aside. `work` is a directory on a local disk; None means the system's.
    """
    with tempfile.TemporaryDirectory(prefix="trackstack-backup-", dir=work) as folder:
        copy = Path(folder) / "app.db"
        snapshot(copy)
        require_intact(copy, "the copy of the database", check="integrity_check")
        moment = _moment(copy, now, request_id, store)
        manifest = _describe(copy, moment, request_id, app_version, sample, domains)
        store.upload(copy, manifest)
    return manifest


def snapshot_of(path: Path) -> Callable[[Path], None]:
    """A snapshot for `make_backup` out of a database file that no app has open."""

    def snapshot(target: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        finally:
            connection.close()

    return snapshot


def _moment(copy: Path, now: datetime, request_id: str, store: BackupStore) -> datetime:
    """When this backup counts as made: now. But a second has one name for one content, and who asks twice within it
    gets two answers: the later one is of the next second, and the same request again is answered as before."""
    sha256 = file_sha256(copy)
    while made := store.find(backup_id(now, sha256)):
        if made.request_id == request_id:
            return made.created_at
        now += timedelta(seconds=1)
    return now


def _describe(
    copy: Path, now: datetime, request_id: str, app_version: str, sample: SampleOf | None, domains: Sequence[Domain]
) -> Manifest:
    sha256 = file_sha256(copy)
    connection = open_copy(copy)
    try:
        return Manifest(
            id=backup_id(now, sha256),
            source="sample" if sample else "pragmatic",
            created_at=now,
            sha256=sha256,
            bytes=copy.stat().st_size,
            app_version=app_version,
            schema=versions(connection, domains),
            tables=table_sums(connection, tables(connection)),
            request_id=request_id,
            orphans=orphan_counts(connection),
            sample=sample,
        )
    finally:
        connection.close()
