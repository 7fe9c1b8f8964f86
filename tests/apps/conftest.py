"""Real processes of the app on loopback, ended by SIGTERM; and a domain served in this process."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from apps.common.compose import create_app
from apps.common.database import Database, Transaction
from apps.common.service import Service
from apps.common.settings import settings_of

ROOT = Path(__file__).parents[2]
START_S = 60
STOP_S = 60


@dataclass
class Running:
    """One process of the app."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def terminate(self) -> None:
        """Ask it to end, as ECS does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(STOP_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_ready(running: Running) -> None:
    """Wait for /readyz; what does not come up is ended, and its log shown."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if running.process.poll() is not None:
            break
        with suppress(httpx.TransportError):
            if httpx.get(f"{running.url}/readyz").status_code == 200:
                return
        time.sleep(0.02)
    running.process.kill()
    running.process.wait()
    raise AssertionError(f"not ready; its log says:\n{running.log.read_text()}")


@pytest.fixture(scope="session")
def start_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Starts `python -m apps.<name>` with these variables and waits until it is ready; all are ended at the end.

    Without others it runs with AUTH=off over a new directory of its own.
    """
    begun: list[Running] = []

    def start(name: str, environment: Mapping[str, str] | None = None) -> Running:
        directory = tmp_path_factory.mktemp(name)
        port = _free_port()
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "TMPDIR"}}
        variables = {"AUTH": "off", "DATA_DIR": str(directory / "data"), **(environment or {}), "PORT": str(port)}
        log = directory / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", f"apps.{name}"], cwd=ROOT, env=kept | variables, stdout=output, stderr=output
            )
        running = Running(f"http://127.0.0.1:{port}", process, log)
        _wait_ready(running)
        begun.append(running)
        return running

    yield start
    for running in begun:
        running.terminate()
    codes = [running.exit_code() for running in begun]
    assert set(codes) <= {0}, f"exit codes {codes}"


@contextmanager
def _served(service: Service, database: Database) -> Iterator[httpx.Client]:
    app = create_app([service], settings_of({"DATA_DIR": str(database.path.parent), "AUTH": "off"}), database)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60) as opened:
        yield opened
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="session")
def serve() -> Callable[[Service, Database], AbstractContextManager[httpx.Client]]:
    """Serves one domain from this process over real HTTP, for as long as the block lasts."""
    return _served


def _empty(database: Database, domain: str) -> None:
    def work(tx: Transaction) -> None:
        tx.execute("PRAGMA defer_foreign_keys = ON")
        kept = f"{domain}_schema_version"
        for (table,) in tx.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> :kept", kept=kept):
            tx.execute(f"DELETE FROM {table}")

    database.write_now(domain, work)


@pytest.fixture(scope="session")
def empty() -> Callable[[Database, str], None]:
    """Empties all tables of a domain, so that a test finds its database as new."""
    return _empty
