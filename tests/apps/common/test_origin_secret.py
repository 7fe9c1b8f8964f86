"""A process that is reached through the site alone."""

from collections.abc import Callable

import httpx

Serve = Callable[..., httpx.Client]
SECRET = "0123456789abcdefghij0123456789abcdefghij"


def test_without_the_secret_nothing_is_answered(serve: Serve) -> None:
    """With ORIGIN_SECRET, a call that did not come through the site gets 403, whatever it asks for."""
    client = serve(ORIGIN_SECRET=SECRET)
    for path in ("/api/v1/pantry/items", "/version", "/metrics", "/nothing"):
        for headers in ({}, {"X-Origin-Secret": ""}, {"X-Origin-Secret": SECRET + "x"}, {"X-Origin-Secret": "ü"}):
            encoded = {name: value.encode() for name, value in headers.items()}
            answer = client.get(path, headers=encoded)
            assert answer.status_code == 403
            assert answer.headers["content-type"] == "application/problem+json"
            assert SECRET not in answer.text


def test_the_site_gets_through(serve: Serve) -> None:
    """With the secret everything is as it is without one."""
    client = serve(ORIGIN_SECRET=SECRET)
    assert client.get("/version", headers={"X-Origin-Secret": SECRET}).status_code == 200
    assert client.get("/nothing", headers={"X-Origin-Secret": SECRET}).status_code != 403


def test_a_health_check_needs_no_secret(serve: Serve) -> None:
    """The container asks itself whether it is alive, and whoever sends it calls, whether it is ready."""
    client = serve(ORIGIN_SECRET=SECRET)
    assert [client.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]


def test_without_the_setting_nothing_changes(serve: Serve) -> None:
    """Behind API Gateway there is no secret."""
    assert serve().get("/version").status_code == 200
