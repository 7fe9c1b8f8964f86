"""The OpenAPI document of a domain."""

import json
from typing import Annotated

import pytest
from example_domains.pantry_domain import service
from fastapi import APIRouter, Depends

from apps.common.openapi import document
from apps.common.routing import Routes


def test_the_document_is_complete_and_stable() -> None:
    """OpenAPI 3.1 with full paths, a token for every operation, and problems for every error; twice the same text."""
    made = document(service)
    assert made["openapi"] == "3.1.0"
    assert list(made["paths"]) == [
        "/api/v1/pantry/items",
        "/api/v1/pantry/items/{item_id}",
        "/api/v1/pantry/imports",
        "/api/v1/pantry/imports/{import_id}",
        "/api/v1/pantry/items/{item_id}/finish",
        "/api/v1/pantry/failures",
    ]
    for path in made["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"token": ["trackstack/pantry"]}]
            error = operation["responses"]["default"]["content"]["application/problem+json"]
            assert error == {"schema": {"$ref": "#/components/schemas/Problem"}}
            assert "422" not in operation["responses"]
    text = json.dumps(made)
    assert "HTTPValidationError" not in text
    assert text == json.dumps(document(service))


def test_an_endpoint_that_would_block_is_refused() -> None:
    """A `def` endpoint, two for one address, or a nested router is a mistake that shows at the start."""
    router = APIRouter()

    @router.get("/slow")
    def slow() -> None:
        """Would need a thread."""

    with pytest.raises(TypeError, match="slow must be async"):
        Routes(router, "/api/v1/x")

    async def quick() -> None:
        """Needs none."""

    twice = APIRouter()
    twice.add_api_route("/a", quick, methods=["GET"])
    twice.add_api_route("/a", quick, methods=["GET"])
    with pytest.raises(TypeError, match="two endpoints for GET /a"):
        Routes(twice, "/api/v1/x")

    async def asks(wanted: Annotated[str, Depends(quick)]) -> None:
        """Wants more than a request holds."""

    depending = APIRouter()
    depending.add_api_route("/a", asks, methods=["GET"])
    with pytest.raises(TypeError, match="asks may take path, query and header parameters, one body and the request"):
        Routes(depending, "/api/v1/x")
    outer = APIRouter()
    outer.include_router(twice)
    with pytest.raises(TypeError, match="one flat APIRouter"):
        Routes(outer, "/api/v1/x")
