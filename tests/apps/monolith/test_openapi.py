"""The committed OpenAPI documents are those of the code."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from apps.common.service import Service
from apps.monolith.openapi import FOLDER, render
from apps.monolith.services import SERVICES

each_domain = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def committed(service: Service) -> Any:
    return json.loads((FOLDER / f"{service.name}.json").read_text(encoding="utf-8"))


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@each_domain
def test_the_committed_document_is_up_to_date(service: Service) -> None:
    """A change of the API shows in the committed document, and so in a review."""
    text = (FOLDER / f"{service.name}.json").read_text(encoding="utf-8")
    assert text == render(service), (
        "the API has changed: run `python -m apps.monolith.openapi` and look at the difference"
    )


@each_domain
def test_the_document_is_whole(service: Service) -> None:
    """Each document is OpenAPI 3.1, its operations have names of their own, and every reference leads somewhere."""
    document = committed(service)
    assert document["openapi"] == "3.1.0"
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    references = set(find("$ref", document))
    assert {each.removeprefix("#/components/schemas/") for each in references} <= set(document["components"]["schemas"])


@each_domain
def test_every_operation_says_what_it_is(service: Service) -> None:
    """Every operation lies under its domain, is described in words, needs a token, and answers errors as problems."""
    for path, method, operation in operations(committed(service)):
        where = f"{method} {path}"
        assert path.startswith(f"/api/v1/{service.name}/"), where
        assert operation["description"].strip(), where
        assert operation["security"] == [{"token": [f"trackstack/{service.name}"]}], where
        assert "application/problem+json" in operation["responses"]["default"]["content"], where


@each_domain
def test_unknown_fields_are_refused_by_the_document_too(service: Service) -> None:
    """What a request's body may hold is closed: a misspelt field is an error, in the document as in the code."""
    document = committed(service)
    for path, method, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        for reference in find("$ref", content or {}):
            schema = document["components"]["schemas"][reference.removeprefix("#/components/schemas/")]
            assert schema.get("additionalProperties") is False, f"{method} {path}: {reference}"


@each_domain
def test_limits_are_said_in_the_language_of_json_schema(service: Service) -> None:
    """Limits of numbers are minimum and maximum, which clients understand, and not the words of our own tools."""
    document = committed(service)
    assert [key for key in ("ge", "gt", "le", "lt") if any(True for _ in find(key, document))] == []


def find(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == key:
                yield inner
            else:
                yield from find(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from find(key, inner)
