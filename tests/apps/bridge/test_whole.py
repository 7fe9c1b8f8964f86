"""From pragmatic to enterprise: real processes, a real backup, and three services that answer as the monolith did."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from apps.bridge.handler import handler
from apps.bridge.requests import BACKUP_REQUESTED
from apps.bridge.storage import BackupStore
from apps.sample import build_sample
from tests.apps.running import StartApp

WAIT_S = 60

QUESTIONS = (
    "expenses/categories?limit=200",
    "expenses/expenses?limit=200",
    "expenses/reports/monthly?from=2026-01&to=2026-06",
    "gym/exercises",
    "gym/workouts?limit=200",
    "gym/reports/records",
    "gym/reports/cost-per-visit?from=2026-01&to=2026-06",
    "heating/meters",
    "heating/readings?limit=200",
    "heating/bills",
    "heating/reports/cost?from=2026-01&to=2026-03",
)


def ask(url: str, question: str) -> Any:
    answer = httpx.get(f"{url}/api/v1/{question}", verify=False)
    assert answer.status_code == 200, f"{question}: {answer.text}"
    return answer.json()


@pytest.mark.usefixtures("filling_processes")
def test_the_services_answer_as_the_monolith_did(
    emulator: Any, start_app: StartApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A monolith with a year of data is asked for a backup; the bridge splits it; each service, started on its part,
    gives the monolith's answers to the same questions, reports over events of other domains included."""
    s3, sqs = emulator.client("s3"), emulator.client("sqs")
    s3.create_bucket(Bucket="bridge-whole", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    queue = sqs.create_queue(QueueName="bridge-whole")["QueueUrl"]
    (tmp_path / "monolith").mkdir()
    build_sample(tmp_path / "monolith" / "app.db", seed=3, today=date(2026, 11, 24))
    monolith = start_app(
        "monolith",
        emulator.variables
        | {
            "DATA_DIR": str(tmp_path / "monolith"),
            "EVENTS_QUEUE_URL": queue,
            "QUEUE_URL": queue,
            "BACKUP_BUCKET": "bridge-whole",
        },
    )
    before = {question: ask(monolith.url, question) for question in QUESTIONS}
    message = {"specversion": "1.0", "id": "1", "source": "/t", "type": BACKUP_REQUESTED, "data": {"request_id": "r"}}
    sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))
    store = BackupStore(s3, "bridge-whole")
    deadline = time.monotonic() + WAIT_S
    while not store.ids():
        assert time.monotonic() < deadline, monolith.log.read_text()
        time.sleep(0.05)

    for name, value in emulator.variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "enterprise"))
    monkeypatch.setenv("BACKUP_BUCKET", "bridge-whole")
    monkeypatch.setenv("QUEUE_URLS", "")
    report = handler({"backup": store.ids()[-1]}, None)
    assert (report["source"], report["already"], report["orphans"], report["dropped"]) == ("pragmatic", False, [], [])

    services = {
        name: start_app(name, {"DATA_DIR": str(tmp_path / "enterprise" / name), "DATABASE": "bridge"})
        for name in ("expenses", "gym", "heating")
    }
    after = {question: ask(services[question.partition("/")[0]].url, question) for question in QUESTIONS}
    assert after == before
    assert len(before["gym/workouts?limit=200"]["items"]) > 100
