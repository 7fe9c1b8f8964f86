"""A backup on request: whoever asked finds a manifest with the request's id, or the reason why there is none."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.backup import snapshot_of
from apps.bridge.requests import backup_on_request

NOW = datetime(2026, 11, 21, 3, 15, tzinfo=UTC)


def test_a_request_is_answered_by_a_manifest(stage: Any, tmp_path: Path) -> None:
    """The manifest of a requested backup carries the request's id."""
    operation = backup_on_request(
        snapshot_of(stage.database), stage.store, clock=lambda: NOW, app_version="7", work=tmp_path
    )
    made = operation({"request_id": "5e0c1a52-7c5a-4d6c-9d6e-0a4f2d1b7c11"})
    newest = stage.store.newest()
    assert made == newest
    assert (newest.request_id, newest.app_version) == ("5e0c1a52-7c5a-4d6c-9d6e-0a4f2d1b7c11", "7")


def test_a_failure_is_answered_by_its_reason(stage: Any, s3: Any, tmp_path: Path) -> None:
    """When the backup fails, its reason lies in the bucket under the request's id, and the message is done with."""

    def full(target: Path) -> None:
        raise OSError(28, "No space left on device")

    made = backup_on_request(full, stage.store, clock=lambda: NOW, app_version="7", work=tmp_path)(
        {"request_id": "r-2"}
    )
    answer = json.load(s3.get_object(Bucket=stage.store.bucket, Key="backups/failed/r-2.json")["Body"])
    assert made is None
    assert answer == {"reason": "[Errno 28] No space left on device", "at": "2026-11-21T03:15:00.000000Z"}
    assert stage.store.ids() == []


@pytest.mark.parametrize("data", [{}, {"request_id": ""}, {"request_id": "../x"}, {"request_id": None}])
def test_a_request_without_id_is_not_dropped(stage: Any, data: dict[str, Any]) -> None:
    """A request nobody could find the answer of raises, so that its message is kept as a dead letter."""
    operation = backup_on_request(snapshot_of(stage.database), stage.store, clock=lambda: NOW, app_version="7")
    if data.get("request_id", "") is None:
        assert operation(data) is not None  # "None" is an id like any other text
    else:
        with pytest.raises(ValueError, match="without a usable request_id"):
            operation(data)
