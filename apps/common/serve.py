"""Serve: one app process from its first line to exit 0.

HTTP answers at once (/livez), the database is opened beside it; then relay and consumer begin.
SIGTERM: /readyz says stopping; the consumer finishes its batch; requests under way are answered; the relay makes a
last pass; the database is closed, which releases its lock; exit 0.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import NoReturn

import uvicorn
import uvloop

from apps.common import logs
from apps.common.compose import App, create_app
from apps.common.connection import DatabaseDamaged, DatabaseLocked
from apps.common.consumer import Consumer, Operation
from apps.common.database import Database
from apps.common.faults import EXIT_IO_ERROR
from apps.common.health import Health
from apps.common.inbox import Inbox
from apps.common.location import locate
from apps.common.metrics import Metrics
from apps.common.pinned_zones import use_pinned_zones
from apps.common.publishers import publisher_of
from apps.common.relay import Relay
from apps.common.service import Service
from apps.common.settings import EXIT_CONFIGURATION, Settings, SettingsRefused, settings_of

_log = logging.getLogger(__name__)

EXIT_LOCKED = 75
"""Exit code when another process kept the database's lock: starting again later may help."""

DRAIN_S = 20
"""How long requests under way may take after SIGTERM; with the rest of the stop it stays below 30 s."""

BATCH_S = 4
"""How long the consumer's batch and the relay's last pass may take each, when the requests are done."""

KEEP_ALIVE_S = 75
"""Longer than the load balancer keeps an idle connection (60 s): else it may send into one we are just closing."""


@dataclass(frozen=True)
class Process:
    """What process-level operations work with."""

    settings: Settings
    database: Database
    metrics: Metrics


Operations = Callable[[Process], Mapping[str, Operation]]
"""Makes the operations of a process, by the CloudEvents type of their messages."""


def _no_operations(_: Process) -> Mapping[str, Operation]:
    return {}


def main(
    services: Sequence[Service],
    *,
    operations: Operations = _no_operations,
    environment: Mapping[str, str] = os.environ,
) -> NoReturn:
    """Run the process until SIGTERM; exits 0, or 78 (configuration), 75 (locked), 70 (I/O error)."""
    use_pinned_zones()
    names = [service.name for service in services]
    logs.configure(names[0] if len(names) == 1 else "monolith")
    try:
        settings = settings_of(environment)
        location = locate(settings, names)
    except SettingsRefused as error:
        _stop_short(str(error), EXIT_CONFIGURATION)
    database = Database(location.path, {each.name: each.migrations for each in services}, journal=settings.journal)
    metrics = Metrics("+".join(names), settings.app_version)
    database.on_group = metrics.group
    health = Health(database, version=settings.app_version, services=names, backup=location.backup)
    app = create_app(services, settings, database, metrics=metrics, health=health)
    process = Process(settings, database, metrics)
    running = Running(services, process, app, operations(process))
    sys.exit(running.run())


class Running:
    """A process while it runs: the HTTP server, and beside it database, relay and consumer."""

    def __init__(
        self, services: Sequence[Service], process: Process, app: App, operations: Mapping[str, Operation]
    ) -> None:
        settings = process.settings
        self._settings = settings
        self._database = process.database
        self._health = app.health
        inbox = Inbox(services, process.database, process.metrics)
        self._relay = Relay(process.database, publisher_of(settings, inbox), process.metrics)
        self._consumer = Consumer(settings.queue_url, inbox, operations) if settings.queue_url else None
        self._server = _Server(_server_config(app))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._exit_code = 0

    def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit code."""
        # Not the loop's own handlers: they go with the loop, and a second SIGTERM while the relay makes its last pass
        # would then end the process by the signal.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            listener = _listen(self._settings.host, self._settings.port)
        except OSError as error:
            _log.error("cannot listen on %s:%d: %s", self._settings.host, self._settings.port, error.strerror)
            return EXIT_CONFIGURATION
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve(listener))
        self._wind_up()
        return self._exit_code

    async def _serve(self, listener: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._database.start()
        opening = asyncio.create_task(self._open())
        await self._server.serve(sockets=[listener])
        opening.cancel()

    async def _open(self) -> None:
        """Wait for the database, then let events flow; when it cannot be had, say why and stop."""
        while self._database.state not in {"ready", "failed", "closed"}:
            await asyncio.sleep(0.02)
        if self._database.failure is not None:
            if not self._health.stopping:
                self._exit_code = _exit_code(self._database.failure)
                _log.error("%s", self._database.failure)
            self._server.should_exit = True
            return
        self._relay.start()
        if self._consumer is not None:
            self._health.heartbeats.append(self._consumer.heartbeat)
            self._consumer.start()
        # What lives now lives as long as the process: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        _log.info("ready: %s", ", ".join(self._database.domains))

    def _on_signal(self, *_: object) -> None:
        if self._loop is None:
            raise SystemExit(0)  # nothing was begun yet
        if not self._health.stopping and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._begin_to_stop, context=Context())

    def _begin_to_stop(self) -> None:
        _log.info("stopping")
        self._health.stopping = True
        if self._consumer is not None:
            self._consumer.begin_to_stop()
        self._server.should_exit = True

    def _wind_up(self) -> None:
        """After the last answer."""
        if self._consumer is not None:
            self._consumer.stop(BATCH_S)
        self._relay.stop(BATCH_S)
        self._database.close()
        _log.info("stopped with exit code %d", self._exit_code)
        # The interpreter takes our handlers away while it ends, but leaves an ignored signal ignored.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, which would end the process by the signal instead of by exit 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to Running."""
        yield


def _server_config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        # The caller's address decides who may read /metrics: never believe a header about it.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


def _exit_code(failure: BaseException) -> int:
    if isinstance(failure, DatabaseLocked):
        return EXIT_LOCKED
    if isinstance(failure, DatabaseDamaged):
        return EXIT_IO_ERROR
    return EXIT_CONFIGURATION


def _stop_short(reason: str, code: int) -> NoReturn:
    """End before anything was begun; also on stderr, where a person starting it by hand looks."""
    _log.error(reason)
    print(reason, file=sys.stderr)
    sys.exit(code)
