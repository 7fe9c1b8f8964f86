"""Backups in a bucket: a file under a name of its own, then its manifest, and never one over another."""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from apps.bridge.errors import BackupDamaged, BackupMissing, BridgeError, StorageFailed
from apps.bridge.manifest import BACKUP_ID, Manifest, read_manifest

PREFIX = "backups/pragmatic"
FAILED_PREFIX = "backups/failed"

CHUNK = 1024 * 1024

Keep = Literal["daily", "monthly"]


class BackupStore:
    """The backups under one prefix of one bucket. `s3` is boto3's client."""

    def __init__(self, s3: Any, bucket: str, prefix: str = PREFIX) -> None:
        self._s3 = s3
        self.bucket = bucket
        self.prefix = prefix.strip("/")

    def upload(self, file: Path, manifest: Manifest) -> None:
        """Store the file, look that it is there as sent, and only then write the manifest that makes it a backup."""
        keep = self._keep(manifest)
        with file.open("rb") as body:
            self._put(self._key(manifest.id, "app.db"), body, manifest.sha256, manifest.bytes, keep)
        text = manifest.to_json().encode()
        self._put(self._key(manifest.id, "manifest.json"), text, hashlib.sha256(text).hexdigest(), len(text), keep)

    def upload_failure(self, request_id: str, document: bytes) -> None:
        """Say why a backup that somebody asked for was not made. A later word on the same request replaces it."""
        key = f"{FAILED_PREFIX}/{request_id}.json"
        with self._errors("write", key):
            self._s3.put_object(Bucket=self.bucket, Key=key, Body=document, ContentType="application/json")

    def ids(self, begin: str = "") -> list[str]:
        """The ids of all complete backups that begin so, oldest first."""
        found = set()
        with self._errors("list", self.prefix + "/"):
            for page in self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}/{begin}"
            ):
                for entry in page.get("Contents", ()):
                    name, _, file = entry["Key"].removeprefix(self.prefix + "/").partition("/")
                    if file == "manifest.json" and BACKUP_ID.fullmatch(name):
                        found.add(name)
        return sorted(found)

    def find(self, backup: str) -> Manifest | None:
        """The backup of that name, if there is one."""
        return self.manifest(backup) if backup in self.ids(backup) else None

    def newest(self) -> Manifest | None:
        ids = self.ids()
        return self.manifest(ids[-1]) if ids else None

    def manifest(self, backup: str) -> Manifest:
        key = self._key(backup, "manifest.json")
        if not BACKUP_ID.fullmatch(backup):
            raise self._missing(f"{backup!r} is not the name of a backup, such as 20261124T031500Z-0f3a5c7e9b1d")
        try:
            with self._errors("read", key):
                text = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except _NotThere:
            raise self._missing(f"there is no backup {backup}: {self._where(key)} does not exist") from None
        manifest = read_manifest(text, self._where(key))
        if manifest.id != backup:
            raise BackupDamaged(
                f"{self._where(key)} is the manifest of another backup, {manifest.id}", hint="choose another backup"
            )
        return manifest

    def download(self, manifest: Manifest, target: Path) -> None:
        """Fetch the file of a backup, refusing any byte that differs from what the manifest says was stored."""
        key = self._key(manifest.id, "app.db")
        digest, size = hashlib.sha256(), 0
        try:
            with self._errors("read", key), target.open("wb") as file:
                body = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"]
                while chunk := body.read(CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
        except _NotThere:
            raise BackupDamaged(
                f"the manifest of {manifest.id} is there, but its file {self._where(key)} is not",
                hint="choose another backup, or restore the file's previous version in the bucket",
            ) from None
        if size != manifest.bytes:
            self._refuse(key, f"has {size} bytes, but its manifest says {manifest.bytes}")
        if digest.hexdigest() != manifest.sha256:
            self._refuse(key, f"has SHA-256 {digest.hexdigest()[:12]}…, but its manifest says {manifest.sha256[:12]}…")

    def _keep(self, manifest: Manifest) -> Keep:
        """The first backup of a calendar month (UTC) is kept for a year, all others for a month."""
        if manifest.source == "sample":
            return "daily"
        month = manifest.id[: len("202611")]
        try:
            has_one = any(self.manifest(each).source == "pragmatic" for each in self.ids(month))
        except BridgeError:
            has_one = False  # unknown: rather too long
        return "daily" if has_one else "monthly"

    def _put(self, key: str, body: Any, sha256: str, size: int, keep: Keep) -> None:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with self._errors("write", key):
            try:
                self._s3.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    ChecksumAlgorithm="SHA256",
                    ChecksumSHA256=checksum,
                    IfNoneMatch="*",
                    Tagging=f"keep={keep}",  # the bucket's lifecycle rules go by it
                )
            except ClientError as error:
                # Already there: fine when it is this very content (a request whose first answer was lost), seen below.
                if error.response["Error"]["Code"] != "PreconditionFailed":
                    raise
        stored = self._stored(key)
        if stored != (checksum, size):
            raise StorageFailed(
                f"{self._where(key)} has checksum {stored[0]} and {stored[1]} bytes; {checksum} and {size} were sent",
                hint="no manifest was written, so this backup does not exist; make another one",
            )

    def _stored(self, key: str) -> tuple[str | None, int]:
        try:
            with self._errors("look at", key):
                head = self._s3.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        except _NotThere:
            return None, 0
        return head.get("ChecksumSHA256"), head["ContentLength"]

    def _key(self, backup: str, file: str) -> str:
        return f"{self.prefix}/{backup}/{file}"

    def _where(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def _refuse(self, key: str, finding: str) -> None:
        raise BackupDamaged(
            f"{self._where(key)} {finding}",
            hint="choose another backup, or make a new one with `trackstack bridge backup`",
        )

    def _missing(self, message: str) -> BackupMissing:
        ids = self.ids()
        if ids:
            hint = f"the newest complete backup is {ids[-1]}; `trackstack bridge list` shows all"
        else:
            hint = "no complete backup exists yet: run `trackstack bridge backup`, or use sample data"
        return BackupMissing(message, hint=hint)

    @contextmanager
    def _errors(self, verb: str, key: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            problem = error.response["Error"]
            if problem["Code"] in {"NoSuchKey", "404", "NotFound"}:
                raise _NotThere from error
            raise StorageFailed(
                f"could not {verb} {self._where(key)}: {problem['Code']}: {problem.get('Message', '')}",
                hint="check that the bucket exists and that this role may use it",
            ) from error
        except BotoCoreError as error:
            raise StorageFailed(f"could not {verb} {self._where(key)}: {error}", hint="try again") from error


class _NotThere(Exception):  # noqa: N818 - an answer, not an error
    """The key does not exist."""
