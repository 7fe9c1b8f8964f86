"""One ECS service: brings what runs to its definition, one step at a time, whenever something changed."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

from trackstack_infra.local.agent.backoff import Backoff
from trackstack_infra.local.agent.board import Board, ServiceStatus
from trackstack_infra.local.agent.host import Host, stamp
from trackstack_infra.local.agent.service_definitions import ServiceDefinition
from trackstack_infra.local.agent.task import Ending, Phase, Task

log = logging.getLogger(__name__)

LINES_REPORTED = 20


@dataclass
class _Running:
    task: Task
    life: "asyncio.Task[Ending]"
    registered: dict[str, Any] = field(default_factory=dict)
    """What DescribeTasks says of it."""


class ServiceRunner:
    """Lives on the agent's loop: `run` until the service is gone and its last task has ended."""

    def __init__(self, definition: ServiceDefinition, host: Host, board: Board) -> None:
        self._definition = definition
        self._host = host
        self._board = board
        self._gone = False
        self._wake = asyncio.Event()
        self._tasks: list[_Running] = []
        self._backoff = Backoff()
        self._not_before = 0.0
        self._restarts = 0
        self._reason = ""
        self._complete = False
        self._ended_arns: list[str] = []
        self._published: tuple[int, int, str] | None = None
        self._shown = ServiceStatus(definition.cluster, definition.service, "", 0, 0, 0, "", "", "", ())

    def update(self, definition: ServiceDefinition) -> None:
        """Take what ECS says now."""
        replaced = definition.revision != self._definition.revision
        if self._gone or replaced or definition.desired != self._definition.desired:
            self._forget_failures()
        if replaced:
            self._complete = False
        self._gone = False
        self._definition = definition
        self._published = definition.published
        self._show()
        self._wake.set()

    def leave(self) -> None:
        """The service is deleted, or everything ends."""
        self._gone = True
        self._show()
        self._wake.set()

    async def run(self) -> None:
        """Converge until gone."""
        if self._definition.foreign:
            log.info("%s: %s", self._definition.name, self._definition.problem)
        while not (self._gone and not self._tasks):
            self._wake.clear()
            self._step()
            self._look()
            await self._publish_counts()
            self._board.put(self._definition.name, self._shown)  # last: whoever reads "healthy" finds that ECS agrees
            await self._wait()
        self._board.remove(self._definition.name)

    def _step(self) -> None:
        for running in [running for running in self._tasks if running.life.done()]:
            self._tasks.remove(running)
            self._ended_arns.append(running.task.arn)
            self._note_end(running)
        current = [running.task for running in self._tasks if not running.task.stop_was_asked]
        desired = 0 if self._gone else self._definition.desired
        outdated = [task for task in current if task.revision != self._definition.revision]
        surplus = [task for task in current if task not in outdated][desired:]
        for task in (*outdated, *surplus):
            task.stop()
        if any(running.task.phase is Phase.STOPPING for running in self._tasks):
            return  # 0 % minimum, 100 % maximum: SQLite has one writer, so the old task ends before the new one starts
        if self._backoff.gave_up or self._definition.plan is None or self._pause_s() > 0:
            return
        for _ in range(desired - len(self._tasks)):
            self._start()

    def _start(self) -> None:
        assert self._definition.plan is not None
        task = Task(self._definition, self._definition.plan, self._host, self._restarts, changed=self._wake.set)
        life = asyncio.ensure_future(task.run())
        life.add_done_callback(lambda _: self._wake.set())
        self._tasks.append(_Running(task, life))

    def _note_end(self, running: _Running) -> None:
        ending = running.life.result()
        if running.task.stop_was_asked:
            return
        self._backoff = self._backoff.after(ending.healthy_s)
        self._not_before = asyncio.get_running_loop().time() + self._backoff.delay_s
        self._restarts += 1
        if self._backoff.gave_up:
            lines = "\n".join(ending.last_lines[-LINES_REPORTED:])
            said = f"; its last lines:\n{lines}" if lines else "; it wrote nothing"
            self._reason = f"{self._backoff.failed_starts} starts failed, the last one: {ending.reason}{said}"
        else:
            self._reason = f"{ending.reason}; starting again in {self._backoff.delay_s:g} s"
        log.warning("%s, task %s: %s", self._definition.name, running.task.id, self._reason)

    def _forget_failures(self) -> None:
        self._backoff = Backoff()
        self._not_before = 0.0
        self._reason = ""

    def _pause_s(self) -> float:
        return self._not_before - asyncio.get_running_loop().time()

    async def _wait(self) -> None:
        if self._wake.is_set() or (self._gone and not self._tasks):
            return
        pause_s = self._pause_s()
        timeout_s = pause_s if pause_s > 0 and not self._backoff.gave_up else None
        try:
            async with asyncio.timeout(timeout_s):
                await self._wake.wait()
        except TimeoutError:
            pass  # the pause is over

    def _show(self) -> None:
        self._look()
        self._board.put(self._definition.name, self._shown)

    def _look(self) -> None:
        healthy = self._healthy()
        if healthy:
            self._backoff = self._backoff.healthy()
        if len(healthy) >= self._definition.desired and self._definition.plan is not None:
            self._complete = True
            self._reason = ""
        state = self._state(len(healthy))
        self._shown = ServiceStatus(
            cluster=self._definition.cluster,
            service=self._definition.service,
            container=self._definition.plan.container if self._definition.plan else self._definition.service,
            desired=0 if self._gone else self._definition.desired,
            running=len(healthy),
            pending=sum(running.task.phase is Phase.STARTING for running in self._tasks),
            state=state,
            since=self._shown.since if state == self._shown.state else stamp(self._host.now()),
            reason=self._definition.problem
            or self._reason
            or "; ".join(task.problem for task in healthy if task.problem),
            tasks=tuple(running.task.status() for running in self._tasks),
        )

    def _healthy(self) -> list[Task]:
        tasks = [running.task for running in self._tasks]
        return [task for task in tasks if task.phase is Phase.HEALTHY and task.revision == self._definition.revision]

    def _state(self, healthy: int) -> str:
        if self._definition.foreign and self._definition.desired and not self._gone:
            return "stub"
        if self._backoff.gave_up or (self._definition.plan is None and self._definition.desired and not self._gone):
            return "failed"
        if any(running.task.phase is Phase.STOPPING for running in self._tasks):
            return "draining"
        if self._gone or self._definition.desired == 0:
            return "draining" if self._tasks else "off"
        return "healthy" if healthy >= self._definition.desired else "starting"

    async def _publish_counts(self) -> None:
        shown = self._shown
        rollout = "FAILED" if shown.state == "failed" else "COMPLETED" if self._complete else "IN_PROGRESS"
        counts = (shown.running, shown.pending, rollout)
        if not self._gone and counts != self._published:
            self._published = counts
            await self._host.call(
                self._host.records.set_service_counts,
                self._definition.cluster,
                self._definition.service,
                desired=shown.desired,
                pending=shown.pending,
                running=shown.running,
                rollout_state=rollout,
                reason=shown.reason,
            )
        while self._ended_arns:
            await self._host.call(self._host.records.remove_task, self._definition.cluster, self._ended_arns.pop())
        for running in self._tasks:
            record = running.task.record()
            if record != running.registered:
                running.registered = record
                await self._host.call(
                    self._host.records.put_task, self._definition.cluster, self._definition.service, record
                )
