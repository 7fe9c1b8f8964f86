"""Refusals: every exception a request can end with, as the problem the caller gets."""

import logging
from collections.abc import Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError

from apps.common.faults import as_problem
from apps.common.problem import FieldError, NotFound, Problem, Unprocessable

_log = logging.getLogger(__name__)

ERRORS_SHOWN = 20
"""How many wrong fields one answer lists; the first few help, ten thousand are an attack."""


def problem_of(error: Exception) -> Problem:
    """The problem for an exception; what nobody foresaw is logged with its traceback and becomes a bare 500."""
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    problem = as_problem(error)
    if problem is None:
        _log.error("unforeseen error", exc_info=error)
        return Problem("internal error; it is logged under the trace id in `instance`")
    return problem


def _invalid(errors: Sequence[Any]) -> Problem:
    if any(each["loc"][:1] == ("path",) for each in errors):
        return NotFound("no resource exists at this address")
    places = [FieldError(_place(each["loc"]), _sentence(each["msg"])) for each in errors[:ERRORS_SHOWN]]
    return Unprocessable("; ".join(f"{each.pointer}: {each.detail}" for each in places[:3]), errors=places)


def _place(at: Sequence[str | int]) -> str:
    source, *parts = at
    if source != "body":
        return ".".join(str(part) for part in parts)
    # A JSON pointer (RFC 6901); empty means the whole body. A name we do not know may be of any length.
    return "".join(f"/{str(part)[:100].replace('~', '~0').replace('/', '~1')}" for part in parts)


def _sentence(message: str) -> str:
    return message.removeprefix("Value error, ")[:500]
