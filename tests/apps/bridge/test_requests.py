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


def test_two_requests_within_a_second_get_a_backup_each(stage: Any, tmp_path: Path) -> None:
    """Nothing was written in between, so both would have one name: the later one is of the second after."""
    operation = backup_on_request(
        snapshot_of(stage.database), stage.store, clock=lambda: NOW, app_version="7", work=tmp_path
    )
    first, second = operation({"request_id": "r-1"}), operation({"request_id": "r-2"})
    assert first is not None
    assert second is not None
    assert (first.request_id, second.request_id) == ("r-1", "r-2")
    assert first.sha256 == second.sha256
    assert (first.id[:16], second.id[:16]) == ("20261121T031500Z", "20261121T031501Z")
    assert stage.store.ids() == [first.id, second.id]


def test_a_request_that_is_delivered_twice_is_answered_once(stage: Any, tmp_path: Path) -> None:
    """The queue may deliver a message again: within the second, that is the same backup, not a failure."""
    times = iter([NOW, NOW.replace(microsecond=400_000)])
    operation = backup_on_request(
        snapshot_of(stage.database), stage.store, clock=lambda: next(times), app_version="7", work=tmp_path
    )
    assert operation({"request_id": "r-1"}) == operation({"request_id": "r-1"}) == stage.store.newest()


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
