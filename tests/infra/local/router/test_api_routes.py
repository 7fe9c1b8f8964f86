"""Which route of an HTTP API a request takes."""

import pytest

from trackstack_infra.local.router.api_routes import Route, find_route

# The example of API Gateway's documentation, with a route for a variable in the middle.
ROUTES = tuple(
    Route(key, integration=key)
    for key in (
        "$default",
        "ANY /{proxy+}",
        "GET /pets/{proxy+}",
        "GET /pets/{id}/toys",
        "GET /pets/dog/1",
        "GET /pets/dog/{id}",
        "ANY /pets/dog/{id}",
    )
)


@pytest.mark.parametrize(
    ("method", "path", "key", "variables"),
    [
        ("GET", "/pets/dog/1", "GET /pets/dog/1", {}),
        ("GET", "/pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("POST", "/pets/dog/2", "ANY /pets/dog/{id}", {"id": "2"}),
        ("GET", "/pets/cat/toys", "GET /pets/{id}/toys", {"id": "cat"}),
        ("GET", "/pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        ("POST", "/pets/cat/1", "ANY /{proxy+}", {"proxy": "pets/cat/1"}),
        ("GET", "/pets", "ANY /{proxy+}", {"proxy": "pets"}),
        ("GET", "/", "$default", {}),
        ("GET", "/pets/a%2Fb/toys", "GET /pets/{id}/toys", {"id": "a%2Fb"}),
    ],
)
def test_the_most_specific_route_wins(method: str, path: str, key: str, variables: dict[str, str]) -> None:
    """A full match goes before a greedy one, a greedy one before $default; a method of its own before ANY."""
    match = find_route(ROUTES, method, path)
    assert match is not None
    assert (match.route.key, match.variables) == (key, variables)


@pytest.mark.parametrize(
    ("key", "method", "path"),
    [
        ("GET /api/v1/gym/{proxy+}", "GET", "/api/v1/gym"),
        ("GET /api/v1/gym/{proxy+}", "GET", "/api/v1/gym/"),
        ("GET /api/v1/gym/{proxy+}", "POST", "/api/v1/gym/workouts"),
        ("GET /api/v1/gym/{proxy+}", "GET", "/api/v1/gyms/workouts"),
        ("GET /pets/{id}", "GET", "/pets/"),
        ("GET /pets/{id}", "GET", "/pets/1/2"),
        ("GET /pets", "GET", "/pets/"),
        ("GET /pets", "HEAD", "/pets"),
    ],
)
def test_what_fits_no_route_is_not_found(key: str, method: str, path: str) -> None:
    """A greedy variable stands for at least something, a plain one for exactly one part."""
    assert find_route((Route(key, "i"),), method, path) is None


def test_an_api_without_routes_finds_nothing() -> None:
    """So is an API whose routes went with the power."""
    assert find_route((), "GET", "/api/v1/gym/workouts") is None
