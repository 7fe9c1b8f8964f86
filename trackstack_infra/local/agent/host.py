"""What every task needs of the computer and of the supervisor it runs in."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from trackstack_infra.local.agent.orphans import TaskFile
from trackstack_infra.local.agent.service_definitions import Aws
from trackstack_infra.local.agent.traffic import Traffic
from trackstack_infra.local.agent.volumes import Volumes

P = ParamSpec("P")
T = TypeVar("T")


class EcsRecords(Protocol):
    """Where ECS shows what runs: the emulator's own records, written in process because AWS has no call for it."""

    def set_service_counts(
        self,
        cluster: str,
        service: str,
        *,
        desired: int,
        pending: int,
        running: int,
        rollout_state: str,
        reason: str,
    ) -> None:
        """What DescribeServices says from now on."""
        ...

    def put_task(self, cluster: str, service: str, task: dict[str, Any]) -> None:
        """Show a task in ListTasks and DescribeTasks."""
        ...

    def remove_task(self, cluster: str, task_arn: str) -> None:
        """Show it no more."""
        ...


@dataclass(frozen=True)
class Host:
    """Given to every task."""

    aws: Aws
    endpoint: str
    region: str
    root: Path
    """The checkout: where tasks run from."""
    volumes: Volumes
    images: Mapping[str, Sequence[str]]
    task_file: TaskFile
    traffic: Traffic
    records: EcsRecords
    calls: Executor
    """Blocking calls are made here."""
    inherited: Mapping[str, str]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    watch_interval_s: float
    stop_now: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is no more time to drain: tasks are ended at once."""

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a blocking call without holding the loop."""
        return await asyncio.get_running_loop().run_in_executor(self.calls, lambda: function(*args, **kwargs))


def stamp(moment: datetime) -> str:
    """Write an instant as RFC 3339 in UTC."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
