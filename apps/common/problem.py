"""Problems: every error of the API is an RFC 9457 `application/problem+json` document.

Raise one anywhere, also inside a transaction, which is then rolled back:

    raise NotFound(f"there is no expense {expense_id}")
    raise Unprocessable("the splits do not sum up", errors=[FieldError("/splits", "sum is 900, the amount 1000")])
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from starlette.responses import Response

from apps.common import trace

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class FieldError:
    """One wrong place in a request: a JSON pointer into the body (`/splits/0/amount_minor`) or a parameter's name."""

    pointer: str
    detail: str


class Problem(Exception):  # noqa: N818 -- a sentence reads better than a suffix
    """An error that is answered to the caller. Subclasses fix the status; `detail` is a sentence for the caller."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"

    def __init__(
        self, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The answer to send."""
        document: dict[str, object] = {
            "type": f"urn:trackstack:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:trace:{trace.trace_id()}",
        }
        if self.errors:
            document["errors"] = [asdict(error) for error in self.errors]
        # Escaped to ASCII: a detail that repeats a caller's broken text must never break the answer as well.
        return Response(json.dumps(document).encode(), self.status, self.headers, MEDIA_TYPE)


class BadRequest(Problem):
    """The request cannot be read: malformed JSON, an unknown query parameter, a forged header."""

    status, kind, title = 400, "bad-request", "The request cannot be read"


class Unauthorized(Problem):
    """No valid token came with the request."""

    status, kind, title = 401, "unauthorized", "A valid access token is needed"


class Forbidden(Problem):
    """The token is valid, but does not allow this."""

    status, kind, title = 403, "forbidden", "The access token does not allow this"


class NotFound(Problem):
    """There is no such thing."""

    status, kind, title = 404, "not-found", "The resource does not exist"


class MethodNotAllowed(Problem):
    """The address exists, the method does not."""

    status, kind, title = 405, "method-not-allowed", "The address does not support this method"


class RequestTimeout(Problem):
    """The request did not arrive in time."""

    status, kind, title = 408, "request-timeout", "The request took too long to arrive"


class Conflict(Problem):
    """The request is fine, the state of things does not allow it: a used category, a taken name."""

    status, kind, title = 409, "conflict", "The current state does not allow this"


class PreconditionFailed(Problem):
    """If-Match names another version than the present one."""

    status, kind, title = 412, "precondition-failed", "The resource has changed in the meantime"


class TooLarge(Problem):
    """The body is larger than what is taken."""

    status, kind, title = 413, "too-large", "The request is too large"


class UriTooLong(Problem):
    """The address is longer than any we hand out."""

    status, kind, title = 414, "uri-too-long", "The address is too long"


class HeadersTooLarge(Problem):
    """The headers are larger than what is taken."""

    status, kind, title = 431, "headers-too-large", "The headers are too large"


class UnsupportedMediaType(Problem):
    """The body is of a kind this address does not take."""

    status, kind, title = 415, "unsupported-media-type", "The address does not support this media type"


class Unprocessable(Problem):
    """The request can be read but breaks a rule."""

    status, kind, title = 422, "unprocessable", "The request breaks a rule"


class PreconditionRequired(Problem):
    """If-Match is missing."""

    status, kind, title = 428, "precondition-required", "If-Match is required"


class Unavailable(Problem):
    """Not now: overloaded, starting or stopping. The caller may try again after `retry_after_s`."""

    status, kind, title = 503, "unavailable", "The service cannot answer now"

    def __init__(self, detail: str, *, retry_after_s: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_after_s)})


class StorageFull(Problem):
    """The disk has no room for the write; nothing of it was kept."""

    status, kind, title = 507, "storage-full", "The storage is full"
