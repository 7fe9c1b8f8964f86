"""Bad backups: each is refused with its cause, and what the services use stays as it is, byte by byte."""

import hashlib
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.errors import BackupDamaged, BackupMissing, BackupTooNew, BridgeError, NotVerified
from apps.bridge.manifest import Manifest, backup_id
from apps.bridge.sums import TableSum

Refuse = Callable[[str], BridgeError]
Plant = Callable[..., str]
PAGE = 4096


@pytest.fixture(scope="module")
def stage(set_stage: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One stage for all: nothing here may change it."""
    return set_stage(tmp_path_factory.mktemp("bad"))


@pytest.fixture(scope="module")
def good(stage: Any) -> Manifest:
    """An earlier backup that the services are on."""
    manifest: Manifest = stage.back_up()
    stage.bridge(manifest.id)
    return manifest


@pytest.fixture(scope="module")
def content(stage: Any, good: Manifest) -> bytes:
    """The file of the good backup."""
    file: Path = stage.folder / "good.db"
    stage.store.download(good, file)
    return file.read_bytes()


@pytest.fixture
def refuse(stage: Any, good: Manifest) -> Refuse:
    """Run the bridge for a backup that must be refused, and look that nothing of the services changed."""

    def refuse(backup: str) -> BridgeError:
        before = stage.contents()
        with pytest.raises(BridgeError) as caught:
            stage.bridge(backup)
        assert stage.contents() == before
        assert stage.current() == {f"{good.id}\n"}
        return caught.value

    return refuse


@pytest.fixture(scope="module")
def plant(stage: Any, good: Manifest) -> Plant:
    """Store any content as a backup whose manifest fits it, but for what the test changes."""
    minutes = count()

    def plant(content: bytes, **changes: Any) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        created_at = good.created_at + timedelta(minutes=1 + next(minutes))
        file = stage.folder / "planted.db"
        file.write_bytes(content)
        manifest = replace(
            good,
            id=backup_id(created_at, sha256),
            created_at=created_at,
            sha256=sha256,
            bytes=len(content),
            **changes,
        )
        stage.store.upload(file, manifest)
        return manifest.id

    return plant


@pytest.fixture
def bucket(stage: Any) -> str:
    name: str = stage.store.bucket
    return name


def test_no_backup_at_all(set_stage: Any, tmp_path: Path) -> None:
    """Without any backup the bridge says how to make one, and the services get no CURRENT."""
    stage = set_stage(tmp_path)
    with pytest.raises(BackupMissing, match="no complete backup exists yet: run `trackstack bridge backup`"):
        stage.bridge("20261121T031500Z-0f3a5c7e9b1d")
    assert stage.current() == set()


def test_an_unknown_backup(refuse: Refuse) -> None:
    """A backup that does not exist is refused, and the newest that does is named."""
    error = refuse("20261121T031500Z-0f3a5c7e9b1d")
    assert isinstance(error, BackupMissing)
    assert "there is no backup 20261121T031500Z-0f3a5c7e9b1d" in error.message
    assert "the newest complete backup is " in error.hint


@pytest.mark.parametrize("name", ["", "newest", "../../x", "20261121T031500Z-0F3A5C7E9B1D", "20261121T031500Z"])
def test_a_name_that_is_none(refuse: Refuse, name: str) -> None:
    """What cannot be the name of a backup is refused before anything is looked up or written under it."""
    assert "is not the name of a backup" in refuse(name).message


def test_a_backup_without_manifest(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str) -> None:
    """A file whose manifest was never written is no backup."""
    backup = plant(content)
    s3.delete_object(Bucket=bucket, Key=f"backups/pragmatic/{backup}/manifest.json")
    assert isinstance(refuse(backup), BackupMissing)


def test_a_manifest_without_file(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str) -> None:
    """A manifest whose file is gone is refused, naming the file."""
    backup = plant(content)
    s3.delete_object(Bucket=bucket, Key=f"backups/pragmatic/{backup}/app.db")
    error = refuse(backup)
    assert isinstance(error, BackupDamaged)
    assert f"backups/pragmatic/{backup}/app.db" in error.message


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b'{"version": 1}'])
def test_a_broken_manifest(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str, text: bytes) -> None:
    """A manifest that cannot be read is refused, naming it."""
    backup = plant(content)
    s3.put_object(Bucket=bucket, Key=f"backups/pragmatic/{backup}/manifest.json", Body=text)
    error = refuse(backup)
    assert isinstance(error, BackupDamaged)
    assert f"backups/pragmatic/{backup}/manifest.json" in error.message


def test_the_manifest_of_another_backup(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str) -> None:
    """A manifest that was copied to another backup's place is refused."""
    one, other = plant(content), plant(content + b"x")
    s3.copy_object(
        Bucket=bucket,
        Key=f"backups/pragmatic/{one}/manifest.json",
        CopySource={"Bucket": bucket, "Key": f"backups/pragmatic/{other}/manifest.json"},
    )
    assert f"is the manifest of another backup, {other}" in refuse(one).message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is an empty file"),
        (b"SQLite format 3", "is not an SQLite database"),
        (b"\x28\xb5\x2f\xfd" + b"\0" * 5000, r"is not an SQLite database: it begins with b'(\xb5/\xfd"),
        (b"SQLite format 3\0" + b"\0" * 5000, "cannot be read: file is not a database"),
    ],
)
def test_a_file_that_is_no_database(refuse: Refuse, plant: Plant, content: bytes, sentence: str) -> None:
    """An empty file, half a header, another format or a header without sense are each called what they are."""
    error = refuse(plant(content))
    assert isinstance(error, BackupDamaged)
    assert sentence in error.message


def test_a_database_without_tables(refuse: Refuse, plant: Plant, tmp_path: Path) -> None:
    """A database without any table is refused instead of giving the services empty databases."""
    empty = tmp_path / "empty.db"
    with closing(sqlite3.connect(empty)) as connection:
        connection.executescript("PRAGMA user_version = 1")
    assert "is a database without tables" in refuse(plant(empty.read_bytes(), tables={})).message


@pytest.mark.parametrize("pages", [1, 2, 7, 20, 48])
def test_a_file_cut_off_before_its_manifest(refuse: Refuse, plant: Plant, content: bytes, pages: int) -> None:
    """A database that was cut off when it was backed up, so that its manifest fits, is seen to be damaged."""
    assert len(content) == 49 * PAGE
    error = refuse(plant(content[: pages * PAGE]))
    assert isinstance(error, BackupDamaged)
    assert "malformed" in error.message


@pytest.mark.parametrize("size", [0, 1, PAGE - 1, PAGE, 20 * PAGE + 100, 49 * PAGE - 1])
def test_a_file_cut_off_after_its_manifest(
    refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str, size: int
) -> None:
    """A file in the bucket that is shorter than its manifest says is refused with both sizes."""
    backup = plant(content)
    s3.put_object(Bucket=bucket, Key=f"backups/pragmatic/{backup}/app.db", Body=content[:size])
    error = refuse(backup)
    assert isinstance(error, BackupDamaged)
    assert f"has {size} bytes, but its manifest says {49 * PAGE}" in error.message


def test_a_flipped_bit_in_any_page(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str) -> None:
    """One flipped bit anywhere in the stored file is refused: its SHA-256 is not the manifest's."""
    backup = plant(content)
    chance = random.Random(1)
    for page in range(0, 49, 4):
        position = page * PAGE + chance.randrange(PAGE)
        flipped = bytearray(content)
        flipped[position] ^= 1 << chance.randrange(8)
        s3.put_object(Bucket=bucket, Key=f"backups/pragmatic/{backup}/app.db", Body=bytes(flipped))
        assert "has SHA-256 " in refuse(backup).message


def test_a_changed_value_under_a_fitting_hash(refuse: Refuse, plant: Plant, content: bytes) -> None:
    """A changed value in a file that is sound and whose hash fits still differs from its table's checksum."""
    changed = content.replace("zurück".encode(), "zurÜck".encode())
    assert changed != content
    error = refuse(plant(changed))
    assert isinstance(error, NotVerified)
    assert "expenses_expense has 3 rows as expected, but not the same values" in error.message


def test_a_damaged_index_under_a_fitting_hash(refuse: Refuse, plant: Plant, content: bytes, tmp_path: Path) -> None:
    """An index that leads to other rows than its table has is found before any service uses it."""
    file = tmp_path / "index.db"
    file.write_bytes(content)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'expenses_expense_category'"
        ).fetchone()
    page = slice((root - 1) * PAGE, root * PAGE)
    changed = bytearray(content)
    changed[page] = bytes(changed[page]).replace(b"c2", b"c9")
    assert bytes(changed) != content
    error = refuse(plant(bytes(changed)))
    assert "is damaged: row " in error.message


def test_a_wrong_checksum_in_the_manifest(refuse: Refuse, plant: Plant, content: bytes, good: Manifest) -> None:
    """Rows that do not add up to the manifest's checksum of their table are refused, naming the table."""
    tables = dict(good.tables) | {"gym_set": TableSum(2, "0" * 32)}
    assert "gym_set has 2 rows as expected, but not the same values" in refuse(plant(content, tables=tables)).message


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("missing", "gym_set is in the file, but not in the manifest"),
        ("unexpected", "gym_more is in the manifest, but not in the file"),
        ("count", "gym_set has 2 rows instead of 3"),
    ],
)
def test_a_wrong_list_of_tables_in_the_manifest(
    refuse: Refuse, plant: Plant, content: bytes, good: Manifest, change: str, sentence: str
) -> None:
    """A table that only the file or only the manifest knows, or another number of rows, is refused."""
    tables = dict(good.tables)
    if change == "missing":
        del tables["gym_set"]
    elif change == "unexpected":
        tables["gym_more"] = TableSum(0, "0" * 32)
    else:
        tables["gym_set"] = replace(tables["gym_set"], rows=3)
    error = refuse(plant(content, tables=tables))
    assert isinstance(error, NotVerified)
    assert sentence in error.message


def test_a_newer_schema(refuse: Refuse, plant: Plant, content: bytes) -> None:
    """A backup of a later version is refused from its manifest alone, without fetching it."""
    error = refuse(plant(content, schema={"expenses": 1, "gym": 2, "heating": 1}))
    assert isinstance(error, BackupTooNew)
    assert "gym in version 2; this bridge knows it up to 1" in error.message


def test_a_domain_of_the_future(refuse: Refuse, plant: Plant, content: bytes) -> None:
    """A backup with a domain this version does not have is refused instead of leaving that domain's rows behind."""
    error = refuse(plant(content, schema={"expenses": 1, "gym": 1, "heating": 1, "sleep": 1}))
    assert isinstance(error, BackupTooNew)
    assert "has sleep, which this bridge does not know" in error.message


def test_a_later_manifest(refuse: Refuse, plant: Plant, content: bytes, s3: Any, bucket: str) -> None:
    """A manifest in a later format is refused."""
    backup = plant(content)
    key = f"backups/pragmatic/{backup}/manifest.json"
    document = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"]) | {"version": 2}
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(document).encode())
    assert isinstance(refuse(backup), BackupTooNew)
