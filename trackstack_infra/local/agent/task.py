"""The life of one task: started, ready, reachable, watched; then out of the traffic, asked to end, ended."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from trackstack_infra.local.agent import health
from trackstack_infra.local.agent.board import TaskStatus
from trackstack_infra.local.agent.environment import task_environment
from trackstack_infra.local.agent.host import Host, stamp
from trackstack_infra.local.agent.images import UnknownImage, command_of
from trackstack_infra.local.agent.logs import LogShipper
from trackstack_infra.local.agent.process import Program, exit_text, free_port
from trackstack_infra.local.agent.registration import Registration, TargetSettings
from trackstack_infra.local.agent.service_definitions import ServiceDefinition, TaskPlan, secret_values

log = logging.getLogger(__name__)

T = TypeVar("T")

SETTLE_TIMEOUT_S = 5.0


class Phase(StrEnum):
    """Where in its life a task is."""

    STARTING = "starting"
    HEALTHY = "healthy"
    STOPPING = "stopping"
    ENDED = "ended"


class _Over(Exception):  # noqa: N818 - not an error
    """The process ended or was asked to, and why."""


@dataclass(frozen=True)
class Ending:
    """How a task ended."""

    reason: str
    healthy_s: float | None
    """For how long it was healthy, None: never."""
    last_lines: tuple[str, ...]


class Task:
    """One task of a service; `run` is its whole life. Lives on the agent's loop."""

    def __init__(
        self, service: ServiceDefinition, plan: TaskPlan, host: Host, restarts: int, changed: Callable[[], None]
    ) -> None:
        self.id = host.new_id()
        self.revision = service.revision
        self.phase = Phase.STARTING
        self.arn = f"{plan.definition.split(':task-definition/')[0]}:task/{service.cluster}/{self.id}"
        self.problem = ""
        """What the health check complains about, while it does."""
        self.port = free_port()
        self.pid = 0
        self._service = service
        self._plan = plan
        self._host = host
        self._restarts = restarts
        self._changed = changed
        self._started_at = host.now()
        self._stop_asked = asyncio.Event()
        self._healthy_since: float | None = None
        self._was_reachable = False
        self._registration = Registration(host.aws, self.id, service.target_groups, service.registries)
        stream = f"{plan.log.prefix}/{plan.container}/{self.id}" if plan.log else self.id
        self._logs = LogShipper(
            host.aws.client("logs"), plan.log, stream, host.calls, now=lambda: host.now().timestamp()
        )

    def stop(self) -> None:
        """Ask it to end; `run` returns when it has."""
        self._stop_asked.set()
        if self.phase is not Phase.ENDED:
            self._become(Phase.STOPPING)

    @property
    def stop_was_asked(self) -> bool:
        """Whether its end is asked for."""
        return self._stop_asked.is_set()

    def status(self) -> TaskStatus:
        """As the board shows it."""
        healthy = self.phase is Phase.HEALTHY
        return TaskStatus(self.id, self.pid, self.port, healthy, stamp(self._started_at), self._restarts)

    def record(self) -> dict[str, Any]:
        """As DescribeTasks shows it."""
        state = {"STARTING": "PENDING", "HEALTHY": "RUNNING", "STOPPING": "STOPPING", "ENDED": "STOPPED"}[
            self.phase.name
        ]
        health_status = "HEALTHY" if self.phase is Phase.HEALTHY else "UNKNOWN"
        container = {"name": self._plan.container, "lastStatus": state, "healthStatus": health_status}
        return {
            "taskArn": self.arn,
            "taskDefinitionArn": self._plan.definition,
            "group": f"service:{self._service.service}",
            "launchType": "FARGATE",
            "lastStatus": state,
            "desiredStatus": "STOPPED" if self.stop_was_asked else "RUNNING",
            "healthStatus": health_status,
            "startedAt": self._started_at,
            "containers": [container],
        }

    async def run(self) -> Ending:
        """Live. Never raises: whatever goes wrong is the reason of the ending."""
        shipping = asyncio.ensure_future(self._logs.ship())
        try:
            reason = await self._live()
        except (OSError, UnknownImage, ValueError, ClientError, BotoCoreError) as error:
            reason = f"cannot start: {error}"
        except Exception as error:
            # A bug here must end as a failed task with its reason.
            log.exception("task %s of %s broke", self.id, self._service.name)
            reason = f"{type(error).__name__}: {error}"
        finally:
            self._logs.end()
            await shipping
            shutil.rmtree(self._host.volumes.scratch(self.id), ignore_errors=True)
        self.phase = Phase.ENDED
        return Ending(reason, self._healthy_s(), tuple(self._logs.last_lines))

    async def _live(self) -> str:
        program = await self._start()
        target: TargetSettings | None = None
        try:
            target = await self._host.call(self._registration.target_settings)
            return await self._serve(program, target)
        finally:
            await self._end(program, target)

    async def _start(self) -> Program:
        argv = command_of(self._plan.image, self._host.images)
        mounts = await self._host.call(self._host.volumes.directories, self._plan.mounts, self.id)
        secrets = await self._host.call(secret_values, self._host.aws, self._plan.secrets)
        environment = task_environment(
            {**self._plan.environment, **secrets},
            port=self.port,
            endpoint=self._host.endpoint,
            region=self._host.region,
            mounts=mounts,
            inherited=self._host.inherited,
        )
        return await Program.start(
            argv, cwd=self._host.root, environment=environment, output=self._logs.feed, started=self._note_pid
        )

    def _note_pid(self, pid: int) -> None:
        self.pid = pid
        self._host.task_file.add(f"{self._service.name} {self.id}", pid)
        self._changed()

    async def _serve(self, program: Program, target: TargetSettings) -> str:
        """Return why it is over: the process ended, an end was asked for, or it does not answer."""
        path = target.health_path
        try:
            if not await self._unless_over(program, health.wait_until_ready(self.port, path)):
                return f"not ready after {health.START_TIMEOUT_S:.0f} s: {path} did not answer 200"
            await self._host.call(self._registration.add, self.port)
            self._was_reachable = True
            await self._unless_over(program, self._host.call(self._host.traffic.settle, SETTLE_TIMEOUT_S))
            self._healthy_since = asyncio.get_running_loop().time()
            self._become(Phase.HEALTHY)
            await self._unless_over(
                program, health.watch(self.port, path, self._host.watch_interval_s, self._note_health)
            )
        except _Over as over:
            return str(over)
        return f"unhealthy: {path} failed {health.FAILURES_ALLOWED} times in a row"

    async def _unless_over(self, program: Program, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work`; raise _Over when the process ends, or an end is asked for, before that."""
        working = asyncio.ensure_future(work)
        asked = asyncio.ensure_future(self._stop_asked.wait())
        ended = asyncio.ensure_future(program.ended())
        try:
            await asyncio.wait((working, asked, ended), return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise _Over(exit_text(ended.result()))
            if asked.done():
                raise _Over("stopped")
            return working.result()
        finally:
            for waiting in (working, asked, ended):
                waiting.cancel()

    async def _end(self, program: Program, target: TargetSettings | None) -> None:
        self._become(Phase.STOPPING)
        if self._was_reachable and target is not None:
            await self._host.call(self._registration.remove, self.port)
            await self._unless_stopped_now(
                self._host.call(self._host.traffic.drained, self.port, target.deregistration_s)
            )
        await program.stop(self._plan.stop_timeout_s, self._host.stop_now)
        await program.last_output()
        self._host.task_file.remove(program.pid)

    async def _unless_stopped_now(self, work: Coroutine[Any, Any, object]) -> None:
        working, at_once = asyncio.ensure_future(work), asyncio.ensure_future(self._host.stop_now.wait())
        await asyncio.wait((working, at_once), return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        at_once.cancel()

    def _healthy_s(self) -> float | None:
        if self._healthy_since is None:
            return None
        return asyncio.get_running_loop().time() - self._healthy_since

    def _note_health(self, failures: int) -> None:
        self.problem = f"health check failed {failures} of {health.FAILURES_ALLOWED} times" if failures else ""
        if failures:
            log.warning("%s: %s", self._service.name, self.problem)
        self._changed()

    def _become(self, phase: Phase) -> None:
        if self.phase is not phase:
            self.phase = phase
            self._changed()
