"""Parameters that every domain's import takes, and what the OpenAPI document says of its body."""

from typing import Annotated, Any, Final

from fastapi import Query

from apps.common.fields import Id

CSV_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string"}}}}
}
"""What the OpenAPI document says of the body of an import: `openapi_extra=CSV_BODY`."""

DryRun = Annotated[bool, Query(description="Only say what would happen")]
Again = Annotated[bool, Query(description="Take rows again whose record was deleted since an earlier import")]
FileName = Annotated[str, Query(max_length=200, description="What the list of imports calls this file")]
ImportId = Annotated[Id | None, Query(description="Go on with this import, whose last answer was not complete")]
Encoding = Annotated[
    str | None,
    Query(pattern="^(utf-8|utf-16|windows-1252|iso-8859-1|iso-8859-15)$", description="Default: UTF-8"),
]
