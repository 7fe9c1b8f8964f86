"""A backup on request: the monolith's answer to a message of type `dev.trackstack.ops.backup.requested.v1`."""

import json
import logging
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from apps.bridge.backup import make_backup
from apps.bridge.manifest import Manifest
from apps.bridge.storage import BackupStore
from apps.common.clock import Clock, instant_text

BACKUP_REQUESTED = "dev.trackstack.ops.backup.requested.v1"

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")

_log = logging.getLogger(__name__)


def backup_on_request(
    snapshot: Callable[[Path], None], store: BackupStore, *, clock: Clock, app_version: str, work: Path | None = None
) -> Callable[[Mapping[str, Any]], Manifest | None]:
    """What to do with such a message's data, `{"request_id": "…"}`; `snapshot` is `Database.snapshot`.

    Whoever asked waits for the manifest with this request's id, or for the reason why there is none. So every failure
    is written down where they look, and the message is done with: the next request, tonight at the latest, tries again.
    Returns what was made, None when it failed.
    """

    def backup(data: Mapping[str, Any]) -> Manifest | None:
        request_id = str(data.get("request_id", ""))
        if not _REQUEST_ID.fullmatch(request_id):
            raise ValueError(f"a backup was requested without a usable request_id: {json.dumps(dict(data))[:200]}")
        now = clock()
        try:
            manifest = make_backup(snapshot, store, now=now, request_id=request_id, app_version=app_version, work=work)
        except Exception as error:  # noqa: BLE001 - whatever it is, who asked must hear of it; the log has the traceback
            _log.exception("backup %s failed", request_id)
            failure = {"reason": str(error) or type(error).__name__, "at": instant_text(now)}
            store.upload_failure(request_id, json.dumps(failure).encode())
            return None
        _log.info("backup %s made on request %s: %d bytes", manifest.id, request_id, manifest.bytes)
        return manifest

    return backup
