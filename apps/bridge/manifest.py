"""The manifest of a backup: what the file holds, written only after the file is safely stored."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from apps.bridge.errors import BackupDamaged, BackupTooNew
from apps.bridge.sums import TableSum
from apps.common.clock import instant_of, instant_text

VERSION = 1
BACKUP_ID = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{12}")

Source = Literal["pragmatic", "sample"]


def backup_id(created_at: datetime, sha256: str) -> str:
    """UTC time, so that names sort by age, and the beginning of the content's hash, so that no two are alike."""
    return f"{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256[:12]}"


@dataclass(frozen=True)
class SampleOf:
    """What sample data was made from."""

    seed: int
    today: date


@dataclass(frozen=True)
class Manifest:
    id: str
    source: Source
    created_at: datetime
    sha256: str
    bytes: int
    app_version: str
    schema: Mapping[str, int]
    tables: Mapping[str, TableSum]
    request_id: str
    orphans: Mapping[str, int] = field(default_factory=dict)  # rows whose parent was missing already, by table
    sample: SampleOf | None = None

    def to_json(self) -> str:
        document: dict[str, Any] = {
            "version": VERSION,
            "id": self.id,
            "source": self.source,
            "created_at": instant_text(self.created_at),
            "sha256": self.sha256,
            "bytes": self.bytes,
            "app_version": self.app_version,
            "schema": dict(self.schema),
            "tables": {name: sums.to_dict() for name, sums in self.tables.items()},
            "request_id": self.request_id,
            "orphans": dict(self.orphans),
        }
        if self.sample:
            document["sample"] = {"seed": self.sample.seed, "today": self.sample.today.isoformat()}
        return json.dumps(document, indent=2) + "\n"


def read_manifest(text: bytes | str, where: str) -> Manifest:
    """Read a manifest; `where` names it in the error when it is none."""
    hint = "choose another backup: one without a readable manifest counts as never made"
    try:
        document = json.loads(text)
        version = document["version"]
    except (ValueError, TypeError, KeyError) as error:
        raise BackupDamaged(f"{where} is no manifest of a backup: {error!r}", hint=hint) from error
    if not isinstance(version, int) or version > VERSION:
        raise BackupTooNew(
            f"{where} has manifest version {version}; this bridge knows {VERSION}",
            hint="deploy the bridge from the same version of TrackStack as pragmatic",
        )
    try:
        return _manifest(document)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BackupDamaged(f"{where} is not a whole manifest: {error!r}", hint=hint) from error


def _manifest(document: Mapping[str, Any]) -> Manifest:
    sample = document.get("sample")
    manifest = Manifest(
        id=document["id"],
        source=document["source"],
        created_at=instant_of(document["created_at"]),
        sha256=document["sha256"],
        bytes=int(document["bytes"]),
        app_version=document["app_version"],
        schema={name: int(version) for name, version in document["schema"].items()},
        tables={name: TableSum(int(s["rows"]), str(s["checksum"])) for name, s in document["tables"].items()},
        request_id=document["request_id"],
        orphans={name: int(rows) for name, rows in document.get("orphans", {}).items()},
        sample=SampleOf(int(sample["seed"]), date.fromisoformat(sample["today"])) if sample else None,
    )
    if manifest.id != backup_id(manifest.created_at, manifest.sha256):
        raise ValueError(f"id {manifest.id} does not follow from created_at and sha256")
    if manifest.source not in {"pragmatic", "sample"}:
        raise ValueError(f"source {manifest.source!r} is neither pragmatic nor sample")
    return manifest
