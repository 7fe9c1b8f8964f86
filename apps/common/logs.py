"""Logs: one JSON object a line on stdout. No amounts, no notes, no bodies: only where, when and how it went.

Pass more through `extra`: `_log.info("event handled", extra={"event_id": envelope.id})`. Requests are counted by the
metrics; only those that failed on our side or took long get a line.
"""

import json
import logging
import sys
from typing import TextIO

from apps.common import trace
from apps.common.clock import instant_text, utc_now

FIELDS = ("route", "method", "status", "dur_ms", "event_id", "event_type", "domain")
"""What a line may hold beyond ts, level, msg, service and the trace."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """The line; whatever is in the message, it stays one line of ASCII."""
        line: dict[str, object] = {
            "ts": instant_text(utc_now()),
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            "service": self._service,
            "logger": record.name,
        }
        if trace.traceparent() is not None:
            line |= {"trace_id": trace.trace_id(), "span_id": trace.span_id()}
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(service: str, stream: TextIO = sys.stdout) -> None:
    """Send all logging of the process to `stream` as JSON lines."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # botocore logs where it found credentials; uvicorn's own lines say nothing ours do not.
    for name in ("botocore", "boto3", "urllib3", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)
