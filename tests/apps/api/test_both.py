"""What holds for every domain, whether it runs alone or beside the others."""

from typing import Any

import pytest

each_domain = pytest.mark.parametrize("domain", ["expenses", "gym", "heating"])


@each_domain
def test_the_process_says_how_it_is(api: Any, domain: str) -> None:
    """Each process answers whether it lives, is ready, and what it is."""
    assert api.root(domain, "/livez").status_code == 200
    assert api.root(domain, "/readyz").json() == {"status": "ready"}
    version = api.root(domain, "/version").json()
    assert version["version"] == "dev"
    assert version["services"] == (["expenses", "gym", "heating"] if api.name == "monolith" else [domain])


@pytest.mark.parametrize(
    ("path", "body", "neighbour"),
    [
        ("gym/exercises", {"name": "Bench press, alone", "mode": "weight_reps"}, "heating/meters"),
        ("heating/meters", {"kind": "heat_kwh", "serial": "alone-660"}, "gym/workouts"),
    ],
)
def test_a_service_serves_its_domain_alone(api: Any, path: str, body: dict[str, str], neighbour: str) -> None:
    """`python -m apps.gym` makes and lists exercises and knows nothing of heating; the monolith has all domains."""
    made = api.made(path, body)
    assert made in api("GET", path, params={"limit": 200}).json()["items"]
    beside = api.root(path.partition("/")[0], f"/api/v1/{neighbour}")
    assert beside.status_code == (200 if api.name == "monolith" else 404)


@each_domain
def test_metrics_name_the_route(api: Any, domain: str) -> None:
    """Requests are counted by domain, method, route and status; ids stay out of the names."""
    api("GET", f"{domain}/reports/nothing")
    metrics = api.root(domain, "/metrics").text
    assert f'service="{domain}"' in metrics
    assert "http_server_request_duration_seconds" in metrics


@each_domain
def test_errors_are_problems(api: Any, domain: str) -> None:
    """Errors are RFC 9457 problems: an unknown address, a method an address does not take."""
    missing = api("GET", f"{domain}/nowhere")
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")
    assert missing.json()["status"] == 404
    wrong = api("DELETE", f"{domain}/imports")
    assert wrong.status_code == 405
    assert "POST" in wrong.headers["allow"]


@each_domain
def test_documentation_is_not_served(api: Any, domain: str) -> None:
    """The OpenAPI document lies in the repository; the process serves neither it nor a page for it."""
    for path in ("/openapi.json", "/docs"):
        assert api.root(domain, path).status_code == 404


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"name": ', "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'["name"]', "application/json", 422),
        (b'{"name": "a"}', "text/plain", 415),
        (b'{"name": "' + b"a" * 65536 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(api: Any, content: bytes, kind: str, status: int) -> None:
    """Broken, ambiguous, mislabelled or oversized bodies are refused, each with its status."""
    answer = api("POST", "expenses/categories", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
