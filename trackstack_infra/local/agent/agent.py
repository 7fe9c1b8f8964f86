"""The agent: follows what ECS wants, and keeps the processes of this computer in step with it."""

import asyncio
import logging
import os
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from trackstack_infra.local.agent import health
from trackstack_infra.local.agent.board import Board
from trackstack_infra.local.agent.host import EcsRecords, Host
from trackstack_infra.local.agent.orphans import TaskFile
from trackstack_infra.local.agent.service import ServiceRunner
from trackstack_infra.local.agent.service_definitions import Aws, ServiceDefinition, ServiceDefinitions
from trackstack_infra.local.agent.traffic import NoTraffic, Traffic
from trackstack_infra.local.agent.volumes import Volumes

log = logging.getLogger(__name__)

SAFETY_TICK_S = 5.0
"""Changes are published; this only makes up for one that was not."""

GATHER_S = 0.02
"""A stack creates its services together: read once for all of them."""

READ_AGAIN_S = 0.5
CALLS_AT_ONCE = 12
SERVICE_FOLLOWED = "ecs"
SERVICES_CALLED = ("ecs", "efs", "logs", "elbv2", "servicediscovery")


class Agent:
    """Runs in a thread of its own from `start` to `stop`."""

    def __init__(
        self,
        *,
        aws: Aws,
        records: EcsRecords,
        endpoint: str,
        region: str,
        home: Path,
        root: Path,
        task_file: TaskFile,
        traffic: Traffic | None,
        images: Mapping[str, Sequence[str]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        watch_interval_s: float = health.WATCH_INTERVAL_S,
    ) -> None:
        self.board = Board()
        self._aws = aws
        self._definitions = ServiceDefinitions(aws)
        self._calls = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="agent-call")
        self._host = Host(
            aws=aws,
            endpoint=endpoint,
            region=region,
            root=root,
            volumes=Volumes(home),
            images=images,
            task_file=task_file,
            traffic=traffic or NoTraffic(),
            records=records,
            calls=self._calls,
            inherited=dict(os.environ),
            now=now,
            new_id=new_id,
            watch_interval_s=watch_interval_s,
        )
        self._services: dict[str, tuple[ServiceRunner, asyncio.Task[None]]] = {}
        self._progress = threading.Condition()
        self._changes = 1
        self._changes_seen = 0
        self._stopping = False
        self._loop = asyncio.new_event_loop()
        self._wake = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="agent", daemon=True)

    def start(self) -> None:
        """Begin to follow ECS."""
        self._thread.start()

    def changed(self, service: str) -> None:
        """Told by the emulator, from any thread, that something of an AWS service changed."""
        if service == SERVICE_FOLLOWED:
            with self._progress:
                self._changes += 1
            self._call_soon(self._wake.set)

    def caught_up(self, timeout_s: float) -> bool:
        """Wait until the board shows every change published before this call."""
        with self._progress:
            change = self._changes
            return self._progress.wait_for(lambda: self._changes_seen >= change or self._stopping, timeout_s)

    def stop_at_once(self) -> None:
        """Do not wait for tasks to drain any more."""
        self._call_soon(self._host.stop_now.set)

    def stop(self) -> None:
        """Drain and end all tasks, then the agent itself."""
        with self._progress:
            self._stopping = True
            self._progress.notify_all()
        self._call_soon(self._wake.set)
        self._thread.join()
        self._calls.shutdown(wait=False, cancel_futures=True)

    def _call_soon(self, action: Callable[[], object]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(action)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._follow())
        finally:
            self._loop.close()

    async def _follow(self) -> None:
        await self._host.call(self._make_clients)
        while not self._stopping:
            await self._read()
            await self._next_change()
        for service, _ in self._services.values():
            service.leave()
        await asyncio.gather(*(life for _, life in self._services.values()))

    def _make_clients(self) -> None:
        """Before anybody waits for them: the first client of a service takes up to 0.1 s to make."""
        for service in SERVICES_CALLED:
            self._aws.client(service)

    async def _next_change(self) -> None:
        try:
            async with asyncio.timeout(SAFETY_TICK_S):
                await self._wake.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER_S)
        self._wake.clear()

    async def _read(self) -> None:
        with self._progress:
            change = self._changes
        try:
            definitions = await self._host.call(self._definitions.read)
        except (ClientError, BotoCoreError) as error:
            # A cluster may be deleted between being listed and being read.
            log.warning("cannot read what ECS wants, trying again: %s", error)
            self._loop.call_later(READ_AGAIN_S, self._wake.set)
            return
        except Exception:
            # One odd record must not stop the agent from watching the tasks it has.
            log.exception("cannot make out what ECS wants")
            self._loop.call_later(READ_AGAIN_S, self._wake.set)
            return
        self._apply(definitions)
        with self._progress:
            self._changes_seen = change
            self._progress.notify_all()

    def _apply(self, definitions: Sequence[ServiceDefinition]) -> None:
        for service in definitions:
            known = self._services.get(service.name)
            if known is None or known[1].done():
                started = ServiceRunner(service, self._host, self.board)
                started.update(service)
                self._services[service.name] = (started, asyncio.ensure_future(_live(started, service.name)))
            else:
                known[0].update(service)
        names = {service.name for service in definitions}
        for name, (running, life) in list(self._services.items()):
            if name not in names:
                running.leave()
                if life.done():
                    del self._services[name]


async def _live(service: ServiceRunner, name: str) -> None:
    try:
        await service.run()
    except Exception:
        # A bug; the service is taken up anew with the next reading.
        log.exception("the agent lost %s", name)
