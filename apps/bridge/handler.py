"""The Lambda: `{"backup": "<id>"}` brings that backup to the services' databases, `{"backup": "sample"}` sample data.

Environment: DATA_DIR (the file system's mount, one directory a service), BACKUP_BUCKET, QUEUE_URLS (comma separated).
Heavy imports wait until they are needed: a retry that finds its backup current should answer at once.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apps.bridge.errors import BackupMissing, BridgeError
from apps.common.pinned_zones import use_pinned_zones

SAMPLE = "sample"


def handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Answers with the report. Raises when anything does not verify; CURRENT and its databases are then as before."""
    import boto3

    from apps.bridge.run import run
    from apps.bridge.storage import BackupStore

    use_pinned_zones()
    backup = event.get("backup")
    if not isinstance(backup, str) or not backup:
        raise BackupMissing(
            f"the call does not name a backup: {json.dumps(dict(event))}",
            hint=f'call it with {{"backup": "<id>"}} or {{"backup": "{SAMPLE}"}}',
        )
    store = BackupStore(boto3.client("s3"), _setting("BACKUP_BUCKET"))
    if backup == SAMPLE:
        from apps.bridge.sample_backup import sample_backup

        backup = sample_backup(store, now=datetime.now(UTC), app_version=os.environ.get("APP_VERSION", "dev")).id
    report = run(
        backup,
        data_dir=Path(_setting("DATA_DIR")),
        store=store,
        sqs=boto3.client("sqs"),
        queue_urls=[url.strip() for url in os.environ.get("QUEUE_URLS", "").split(",") if url.strip()],
    )
    print(json.dumps({"level": "info", "msg": "bridge done", "report": report}))
    return report


def _setting(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise BridgeError(f"{name} is not set", hint="the stack's program sets it on the bridge Lambda")
    return value
