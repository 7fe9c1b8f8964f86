"""Answers that several addresses give, as the OpenAPI document describes them."""

from typing import Any, Final

UNCHANGED: Final[dict[str, Any]] = {"description": "The version named by If-None-Match is still the present one"}
