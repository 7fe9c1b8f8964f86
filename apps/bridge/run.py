"""The bridge, one line a step: fetch a backup, check it, split it, verify, publish."""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

from apps.bridge import publish, queues
from apps.bridge.domains import DOMAINS, Domain, require_known
from apps.bridge.errors import BridgeError, PlaceRefused
from apps.bridge.manifest import Manifest
from apps.bridge.split import Split, split
from apps.bridge.storage import BackupStore
from apps.bridge.verify import require_intact, require_space

LOCK_WAIT_S = 600.0

SPACE_FACTOR = 2.2
"""The copy, its parts, and room for temporary pages."""

Report = dict[str, Any]


def run(
    backup: str,
    *,
    data_dir: Path,
    store: BackupStore,
    sqs: Any,
    queue_urls: Sequence[str],
    domains: Sequence[Domain] = DOMAINS,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Bring all services to BACKUP; the report says what they got. A backup that is current already changes nothing."""
    try:
        return _run(backup, data_dir, store, sqs, queue_urls, domains, sleep)
    except OSError as error:
        raise PlaceRefused(
            f"{error.filename or data_dir}: {error.strerror or error}",
            hint="services keep the databases their CURRENT names; free space or mend the mount, then run it again",
        ) from error


def _run(
    backup: str,
    data_dir: Path,
    store: BackupStore,
    sqs: Any,
    queue_urls: Sequence[str],
    domains: Sequence[Domain],
    sleep: Callable[[float], None],
) -> Report:
    started = time.monotonic()
    names = [domain.name for domain in domains]
    with publish.only_run(data_dir, LOCK_WAIT_S):
        if publish.is_current(data_dir, names, backup):
            return _stored_report(data_dir, backup) | {"already": True, "purged": [], "seconds": _since(started)}
        with _work_directory(data_dir) as work:
            manifest = store.manifest(backup)
            result = _checked_split(manifest, store, work, domains)
            report = _report(manifest, result, queue_urls)

            def before_switch() -> None:
                queues.purge(sqs, queue_urls, sleep)
                report["seconds"] = _since(started)
                publish.write_atomically(_report_path(data_dir, backup), json.dumps(report, indent=2).encode())

            publish.publish(data_dir, _finished(result), backup, before_switch)
        _remove_other_reports(data_dir, backup)
    return report


def _checked_split(manifest: Manifest, store: BackupStore, work: Path, domains: Sequence[Domain]) -> Split:
    where = f"backup {manifest.id}"
    require_known(manifest.schema, domains, where)
    require_space(work, int(manifest.bytes * SPACE_FACTOR), f"splitting {where}")
    copy = work / "app.db"
    store.download(manifest, copy)
    require_intact(copy, where, check="quick_check")
    return split(copy, work, manifest.tables, made_at=manifest.created_at, domains=domains)


def _finished(result: Split) -> list[publish.Finished]:
    return [
        publish.Finished(each.domain, each.path, each.sha256, each.orphans_file if each.orphans else None)
        for each in result.databases
    ]


def _report(manifest: Manifest, result: Split, queue_urls: Sequence[str]) -> Report:
    return {
        "backup": manifest.id,
        "source": manifest.source,
        "already": False,
        "domains": {
            each.domain: {
                "database": publish.database_name(each.domain, manifest.id),
                "sha256": each.sha256,
                "bytes": each.bytes,
                "tables": {table: sums.to_dict() for table, sums in each.tables.items()},
            }
            for each in result.databases
        },
        "dropped": [asdict(each) for each in result.dropped],
        "orphans": [
            {"domain": each.domain, **asdict(orphans), "file": publish.orphans_name(each.domain, manifest.id)}
            for each in result.databases
            for orphans in each.orphans
        ],
        "resent": sum(each.resent for each in result.databases),
        "purged": list(queue_urls),
    }


@contextmanager
def _work_directory(data_dir: Path) -> Iterator[Path]:
    """A new directory on the local disk, in place of what killed runs left there: a Lambda's disk may outlive a run.

    New each time, because the processes of a killed run may still be writing into theirs. The lock on `data_dir` tells
    that no other run is alive.
    """
    prefix = f"trackstack-bridge-{sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]}-"
    for leftover in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as work:
        yield Path(work)


def _report_path(data_dir: Path, backup: str) -> Path:
    return data_dir / f"bridge.{backup}.json"


def _stored_report(data_dir: Path, backup: str) -> Report:
    path = _report_path(data_dir, backup)
    try:
        report: Report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BridgeError(
            f"all services are on backup {backup}, but its report {path} cannot be read: {error}",
            hint=f"to bridge that backup anew, stop the services and remove {data_dir}/*/CURRENT",
        ) from error
    return report


def _remove_other_reports(data_dir: Path, backup: str) -> None:
    for path in data_dir.glob("bridge.*.json"):
        if path != _report_path(data_dir, backup):
            path.unlink(missing_ok=True)


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
