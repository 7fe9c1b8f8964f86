"""Metrics: what Prometheus scrapes."""

import httpx
from example_domains.pantry_items import NewItem, put

from apps.common.database import Database

ITEMS = "/api/v1/pantry/items"


def figures(api: httpx.Client) -> dict[str, float]:
    """All figures by name with labels."""
    lines = [line for line in api.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def counted(method: str, route: str, service: str, status: int) -> str:
    """The name of a counter of requests."""
    labels = f'method="{method}",route="{route}",service="{service}",status="{status}"'
    return f"http_server_request_duration_seconds_count{{{labels}}}"


def test_requests_are_counted_by_template(api: httpx.Client) -> None:
    """Addresses with ids share one label, and what does not exist shares one too: callers cannot make labels up."""
    place = api.post(ITEMS, json={"name": "rice", "pieces": 1}).headers["location"]
    api.get(place)
    api.get(f"{ITEMS}/0199c0de-7c11-7b3e-9d1c-2f6f0a4f1c55")
    for n in range(5):
        api.get(f"/made/up/{n}")
        api.get(f"/api/v1/pantry/made/up/{n}")
    counts = {name: value for name, value in figures(api).items() if "request_duration_seconds_count" in name}
    assert counts == {
        counted("POST", "/api/v1/pantry/items", "pantry", 201): 1,
        counted("GET", "/api/v1/pantry/items/{item_id}", "pantry", 200): 1,
        counted("GET", "/api/v1/pantry/items/{item_id}", "pantry", 404): 1,
        counted("GET", "unmatched", "unmatched", 404): 5,
        counted("GET", "unmatched", "pantry", 404): 5,
    }


def test_methods_cannot_be_made_up(api: httpx.Client) -> None:
    """A strange method does not become a label of its own."""
    api.request("PROPFIND", ITEMS)
    assert not any("PROPFIND" in name for name in figures(api))


def test_what_the_database_knows_is_read_when_asked(api: httpx.Client, database: Database) -> None:
    """Waiting events, their age and the size of the file are as of the scrape."""
    before = figures(api)
    assert before['outbox_pending{service="pantry"}'] == 0
    assert before['outbox_oldest_age_seconds{service="pantry"}'] == 0
    database.write_now("pantry", lambda tx: [put(NewItem(name=f"n{n}", pieces=n), tx) for n in range(3)] and None)
    after = figures(api)
    assert after['outbox_pending{service="pantry"}'] == 3
    assert after['outbox_pending{service="shopping"}'] == 0
    assert 0 < after['outbox_oldest_age_seconds{service="pantry"}'] < 60
    assert after["sqlite_file_bytes"] >= database.path.stat().st_size > 0
    assert after["db_queue_depth"] == 0
    assert after["http_server_active_requests"] == 1
    assert 'build_info{service="pantry+shopping",version="dev"}' in after


def test_every_promised_figure_exists(api: httpx.Client) -> None:
    """The dashboards' and alerts' figures are all there from the start."""
    text = api.get("/metrics").text
    for name in (
        "http_server_request_duration_seconds",
        "http_server_active_requests",
        "events_published_total",
        "events_consumed_total",
        "event_lag_seconds",
        "outbox_pending",
        "outbox_oldest_age_seconds",
        "sqlite_file_bytes",
        "sqlite_freelist_pages",
        "db_queue_depth",
        "db_commit_seconds",
        "db_group_size",
        "backup_last_success_timestamp_seconds",
        "build_info",
        "process_resident_memory_bytes",
    ):
        assert f"# TYPE {name.removesuffix('_total')}" in text, name
