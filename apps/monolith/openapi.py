"""OpenAPI 3.1 documents, one a domain, made from the code and committed in docs/openapi.

`python -m apps.monolith.openapi` writes them again. FastAPI describes parameters and bodies; what all addresses share,
the token and the errors, is put in here.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from apps.common import problem
from apps.common.compose import PREFIX
from apps.common.database import Database
from apps.common.service import Service
from apps.monolith.services import SERVICES

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"

PROBLEM_SCHEMA = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 writes it",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:trackstack:problem:precondition-failed"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened, and what to do"},
        "instance": {"type": "string", "description": "The trace id, to find the request in the logs"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body, or a parameter's name"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}

_REFUSED = {
    "description": "Refused; the status says which kind of problem it is",
    "content": {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_UNCHANGED = {"description": "What the caller has, by If-None-Match, is still the present version"}


def document_of(service: Service) -> dict[str, Any]:
    """The document of one domain."""
    app = FastAPI(
        title=f"TrackStack {service.name}", version="1", summary=(sys.modules[f"apps.{service.name}"].__doc__)
    )
    # The routes only close over the database; nothing is opened.
    app.include_router(service.routes(Database(Path("unopened.db"), {})), prefix=PREFIX + service.name)
    document = app.openapi()
    for operation in _operations(document):
        _say_what_all_share(operation)
    schemas = document["components"].setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    document["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": f"Access token of the user pool with the scope trackstack/{service.name}",
        }
    }
    document["security"] = [{"token": []}]
    return document


def render(service: Service) -> str:
    """The document as it is committed."""
    return json.dumps(document_of(service), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path, services: Sequence[Service] = SERVICES) -> None:
    """Write all documents into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for service in services:
        (folder / f"{service.name}.json").write_text(render(service), encoding="utf-8")


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _say_what_all_share(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    # FastAPI's own error shape, which this API never sends.
    responses.pop("422", None)
    parameters = {each["name"] for each in operation.get("parameters", ())}
    if "If-None-Match" in parameters and "requestBody" not in operation:
        responses["304"] = _UNCHANGED
    responses["default"] = _REFUSED


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    write(target)
    sys.stdout.write(f"wrote {', '.join(f'{service.name}.json' for service in SERVICES)} to {target}\n")
