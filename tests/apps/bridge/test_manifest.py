"""The manifest: what a backup says about itself."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from apps.bridge.errors import BackupDamaged, BackupTooNew
from apps.bridge.manifest import Manifest, SampleOf, backup_id, read_manifest
from apps.bridge.sums import TableSum

SHA256 = "0f3a5c7e9b1d" + "0" * 52

MANIFEST = Manifest(
    id="20261121T031500Z-0f3a5c7e9b1d",
    source="pragmatic",
    created_at=datetime(2026, 11, 21, 3, 15, 0, 123456, tzinfo=UTC),
    sha256=SHA256,
    bytes=4096,
    app_version="1.2.3",
    schema={"expenses": 2, "gym": 1, "heating": 1},
    tables={"gym_workout": TableSum(3, "abc")},
    request_id="r-1",
    orphans={"gym_set": 1},
    sample=SampleOf(7, date(2026, 11, 21)),
)


def test_an_id_is_utc_time_and_content() -> None:
    """A backup is named after its time in UTC and its content, so that names sort by age and never meet."""
    winter_in_berlin = datetime(2026, 11, 21, 4, 15, tzinfo=timezone(timedelta(hours=1)))
    assert backup_id(winter_in_berlin, SHA256) == "20261121T031500Z-0f3a5c7e9b1d"


def test_a_manifest_survives_the_bucket() -> None:
    """Everything a manifest says is read back as it was written."""
    assert read_manifest(MANIFEST.to_json(), "it") == MANIFEST


def test_the_written_form_is_the_agreed_one() -> None:
    """The command line reads manifests without the app's code, so the keys are fixed."""
    document = json.loads(MANIFEST.to_json())
    assert document["version"] == 1
    assert document["created_at"] == "2026-11-21T03:15:00.123456Z"
    assert document["tables"] == {"gym_workout": {"rows": 3, "checksum": "abc"}}
    assert document["schema"] == {"expenses": 2, "gym": 1, "heating": 1}
    assert list(document) == [
        "version",
        "id",
        "source",
        "created_at",
        "sha256",
        "bytes",
        "app_version",
        "schema",
        "tables",
        "request_id",
        "orphans",
        "sample",
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "\x00", '{"version": "1"}', MANIFEST.to_json()[:200]])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    """A manifest that is empty, cut off or something else is refused by its name, not with a traceback."""
    with pytest.raises((BackupDamaged, BackupTooNew), match=r"^s3://b/m\.json "):
        read_manifest(text, "s3://b/m.json")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "20261121T031500Z-ffffffffffff"),
        ("created_at", "2026-11-22T03:15:00Z"),
        ("created_at", "yesterday"),
        ("source", "elsewhere"),
        ("bytes", "many"),
        ("tables", {"t": {}}),
        ("schema", []),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(key: str, value: object) -> None:
    """A changed id, time, source or list of tables is noticed."""
    document = json.loads(MANIFEST.to_json()) | {key: value}
    with pytest.raises(BackupDamaged, match="is not a whole manifest"):
        read_manifest(json.dumps(document), "m.json")


def test_a_later_format_is_refused_with_a_way_out() -> None:
    """A manifest of a later format asks for a bridge of the same version instead of guessing."""
    document = json.loads(MANIFEST.to_json()) | {"version": 2}
    with pytest.raises(BackupTooNew, match="manifest version 2; this bridge knows 1") as caught:
        read_manifest(json.dumps(document), "m.json")
    assert "same version of TrackStack" in caught.value.hint
