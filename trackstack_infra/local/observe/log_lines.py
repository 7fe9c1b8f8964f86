"""A stack's log lines, read from CloudWatch Logs: the same calls on AWS and here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackstack_infra.errors import UsageError
from trackstack_infra.local.observe.status import running
from trackstack_infra.local.provider import Clients


@dataclass(frozen=True)
class LogLine:
    """One line of one service."""

    timestamp_ms: int
    service: str
    message: str


class LogReader:
    """Reads the log groups of a stack's services, remembering which lines it gave already."""

    def __init__(self, logs: Any, groups: Mapping[str, str]) -> None:
        self._logs = logs
        self._groups = groups
        self._last_ms = dict.fromkeys(groups, 0)
        self._given: dict[str, set[str]] = {service: set() for service in groups}

    @classmethod
    def of(cls, stack: str, service: str, home: Path, region: str) -> "LogReader":
        """The reader for one service of `stack`, or for all of them; UsageError names the services there are."""
        supervisor, state = running(stack, home)
        groups: dict[str, str] = state.outputs.get("log_groups", {})
        if service and service not in groups:
            raise UsageError(
                f"{stack} has no service {service!r}", hint=f"it has {', '.join(sorted(groups)) or 'none'}"
            )
        chosen = {service: groups[service]} if service else groups
        return cls(Clients(supervisor.endpoint, region).client("logs"), chosen)

    def newest(self, count: int) -> list[LogLine]:
        """The newest `count` lines over all services, oldest first."""
        return self._read()[-count:]

    def since_last(self) -> list[LogLine]:
        """The lines that came since the last call."""
        return self._read()

    def _read(self) -> list[LogLine]:
        found = [line for service in self._groups for line in self._read_service(service)]
        return sorted(found, key=lambda line: line.timestamp_ms)

    def _read_service(self, service: str) -> list[LogLine]:
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._groups[service], startTime=self._last_ms[service]
        )
        lines = []
        for page in pages:
            for event in page["events"]:
                if event["eventId"] in self._given[service]:
                    continue
                if event["timestamp"] > self._last_ms[service]:
                    self._last_ms[service] = event["timestamp"]
                self._given[service].add(event["eventId"])
                lines.append(LogLine(event["timestamp"], service, event["message"]))
        return lines
