"""Keeps the objects of S3 buckets on disk, by bucket name: the emulator forgets, a backup must not be forgotten.

A bucket is written a moment after it changed and when the emulator stops, and read when one of its name is created
again. Versions are not kept, nor settings: those are the stack's. Deleting the bucket deletes what was kept of it.
"""

import hashlib
import itertools
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from threading import Condition, RLock, Thread
from typing import Any

from moto.s3.models import FakeKey, S3Backend, s3_backends

from trackstack_infra.local.cloud.call import AwsCall
from trackstack_infra.local.cloud.environment import ACCOUNT

SETTLE_S = 0.5  # a site of 100 files is written once, not 100 times
VERSION = 1
INDEX = "index.json"

_PATH = re.compile(r"/([a-z0-9][a-z0-9.\-]{1,61}[a-z0-9])(/.*)?")
log = logging.getLogger(__name__)


class Buckets:
    """Writes and reads the kept objects under FOLDER; LOCK is the emulator's."""

    def __init__(self, folder: Path, lock: AbstractContextManager[object]) -> None:
        self._folder = folder
        self._lock = lock
        self._disk = RLock()  # taken before the emulator's lock, never after it
        self._dirty: set[str] = set()
        self._news = Condition()
        self._ending = False
        self._writer = Thread(target=self._write_in_background, name="cloud-buckets", daemon=True)

    def start(self) -> None:
        self._writer.start()

    def stop(self) -> None:
        """Write what is not written yet."""
        with self._news:
            self._ending = True
            self._news.notify_all()
        self._writer.join()

    def after(self, call: AwsCall, query: str) -> None:
        """Take notice of a call to S3 that changed something."""
        where = _PATH.fullmatch(call.path)
        if where is None:
            return
        bucket, is_bucket = where[1], where[2] in (None, "/")
        if is_bucket and not query and call.method == "PUT":
            self._restore(bucket)
        elif is_bucket and not query and call.method == "DELETE":
            self._forget(bucket)
        elif not is_bucket or "delete" in query:
            with self._news:
                self._dirty.add(bucket)
                self._news.notify_all()

    def _restore(self, bucket: str) -> None:
        with self._disk:
            try:
                kept = _read(self._folder / bucket)
            except (OSError, ValueError, KeyError, TypeError):
                self._put_aside(bucket)
                return
            if not kept:
                return
            with self._lock:
                backend = _backend()
                for entry, value in kept:
                    _put(backend, bucket, entry, value)
        log.info("bucket %s has its %d objects again", bucket, len(kept))

    def _put_aside(self, bucket: str) -> None:
        """Leave what cannot be read for somebody to look at; the bucket starts empty, and is kept from now on."""
        names = (f"{bucket}.unreadable-{number}" for number in itertools.count(1))
        aside = next(self._folder / name for name in names if not (self._folder / name).exists())
        (self._folder / bucket).rename(aside)
        log.error("the kept objects of bucket %s cannot be read; they are put aside in %s", bucket, aside)

    def _forget(self, bucket: str) -> None:
        with self._disk:
            shutil.rmtree(self._folder / bucket, ignore_errors=True)

    def _write_in_background(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._dirty or self._ending)
                self._news.wait_for(lambda: self._ending, timeout=SETTLE_S)
                todo, ending = self._dirty, self._ending
                self._dirty = set()
            for bucket in sorted(todo):
                try:
                    self._write(bucket)
                except OSError:
                    log.exception("the objects of bucket %s could not be written to %s", bucket, self._folder)
            if ending:
                return

    def _write(self, bucket: str) -> None:
        """Objects first, then the index that names them, then what it no longer names is removed: whenever this is
        cut off, the index on disk has its objects."""
        folder = self._folder / bucket
        with self._disk:
            there = {file.name for file in folder.iterdir()} if folder.exists() else set()
            with self._lock:
                found = _backend().buckets.get(bucket)
                if found is None:
                    return
                kept = [(_entry(key), key) for key in found.keys.values() if isinstance(key, FakeKey)]
                entries = [entry for entry, _ in kept]
                new = {entry["file"]: bytes(key.value) for entry, key in kept if entry["file"] not in there}
            folder.mkdir(parents=True, exist_ok=True)
            for name, value in new.items():
                _replace(folder / name, value)
            _replace(folder / INDEX, json.dumps({"version": VERSION, "objects": entries}, indent=1).encode())
            for name in there - {entry["file"] for entry in entries} - {INDEX}:
                (folder / name).unlink()


def _backend() -> S3Backend:
    return s3_backends[ACCOUNT]["aws"]


def _entry(key: FakeKey) -> dict[str, Any]:
    etag = key.etag.strip('"')
    return {
        "key": key.name,
        # By hash: keys may differ in capitals only, hold any character, and be each other's folder.
        "file": hashlib.sha256(f"{etag} {key.name}".encode()).hexdigest(),
        "etag": etag,  # of an upload in parts, it does not follow from the content
        "metadata": dict(key.metadata),
        "modified": key.last_modified.isoformat(),
        "checksum": [key.checksum_algorithm, key.checksum_value, key.checksum_type],
    }


def _put(backend: S3Backend, bucket: str, entry: Mapping[str, Any], value: bytes) -> None:
    key = backend.put_object(bucket, entry["key"], value, disable_notification=True)
    key.set_metadata(entry["metadata"], replace=True)
    key._etag = entry["etag"]
    key.last_modified = datetime.fromisoformat(entry["modified"])
    key.checksum_algorithm, key.checksum_value, key.checksum_type = entry["checksum"]


def _read(folder: Path) -> list[tuple[dict[str, Any], bytes]]:
    """The kept objects of a bucket."""
    if not folder.exists():
        return []
    index = json.loads((folder / INDEX).read_text())
    if index["version"] != VERSION:
        raise ValueError(f"version {index['version']}")
    return [(entry, (folder / entry["file"]).read_bytes()) for entry in index["objects"]]


def _replace(path: Path, value: bytes) -> None:
    """Write VALUE to PATH whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(value)
    Path(file.name).replace(path)
