"""OpenAPI: the 3.1 document of one domain, made from its routes by code and committed beside it.

Every operation says that it needs a token with the domain's scope, and that every error is a problem document.
"""

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from apps.common.compose import PREFIX
from apps.common.database import Database
from apps.common.problem import MEDIA_TYPE
from apps.common.service import Service

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 has it",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "examples": ["urn:trackstack:problem:not-found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri", "description": "The trace of this very request"},
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

_ERROR: dict[str, Any] = {
    "description": "Not done; the document says why",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def document(service: Service, *, version: str = "1") -> dict[str, Any]:
    """The document of a service. Its database is never opened."""
    domain = service.name
    router = APIRouter()
    router.include_router(service.routes(Database(Path("unopened"), {})), prefix=f"{PREFIX.rstrip('/')}/{domain}")
    made = get_openapi(title=f"TrackStack {domain}", version=version, openapi_version="3.1.0", routes=router.routes)
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Access token of the pool"}
    }
    for path in made["paths"].values():
        for operation in path.values():
            operation["security"] = [{"token": [f"trackstack/{domain}"]}]
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _ERROR
    return made
