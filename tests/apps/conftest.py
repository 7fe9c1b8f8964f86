"""Real processes of the app on loopback, ended by SIGTERM; and a domain served in this process.

All clients say verify=False: there is no TLS on loopback, and reading the trusted certificates takes 30 ms a client.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn

from apps.common.compose import create_app
from apps.common.database import Database, Transaction
from apps.common.service import Service
from apps.common.settings import settings_of
from tests.apps.forked import Forked, Zygote
from tests.apps.running import STOP_S, Running, StartApp

ROOT = Path(__file__).parents[2]
START_S = 60


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
            if httpx.get(f"{running.url}/readyz", verify=False).status_code == 200:
                return
        time.sleep(0.02)
    running.process.kill()
    running.process.wait(STOP_S)
    raise AssertionError(f"not ready; its log says:\n{running.log.read_text()}")


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """Begins processes that need not import everything anew."""
    started = Zygote()
    yield started
    started.stop()


@contextmanager
def _apps(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    begun: list[Running] = []

    def start(name: str, environment: Mapping[str, str] | None = None, *, anew: bool = False) -> Running:
        directory = tmp_path_factory.mktemp(name)
        port = _free_port()
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "TMPDIR"}}
        own = {"AUTH": "off", "DATA_DIR": str(directory / "data"), **(environment or {}), "PORT": str(port)}
        variables, program, log = kept | own, ["-m", f"apps.{name}"], directory / "log"
        process: subprocess.Popen[bytes] | Forked
        if anew:
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [sys.executable, *program], cwd=ROOT, env=variables, stdout=output, stderr=output
                )
        else:
            process = zygote.start(program, variables, log)
        running = Running(f"http://127.0.0.1:{port}", process, log)
        _wait_ready(running)
        begun.append(running)
        return running

    yield start
    for running in begun:
        running.terminate()
    codes = [running.exit_code() for running in begun]
    assert set(codes) <= {0}, f"exit codes {codes}"


@pytest.fixture(scope="module")
def start_app(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """Starts `python -m apps.<name>` with these variables and waits until it is ready; all end with the test's file.

    Without others it runs with AUTH=off over a new directory of its own. It begins as a copy of a process that has
    imported everything, or `anew`.
    """
    with _apps(zygote, tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def start_shared_app(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartApp]:
    """The same for apps that tests of several files share."""
    with _apps(zygote, tmp_path_factory) as start:
        yield start


@contextmanager
def _served(service: Service, database: Database) -> Iterator[httpx.Client]:
    app = create_app([service], settings_of({"DATA_DIR": str(database.path.parent), "AUTH": "off"}), database)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=60, verify=False) as opened:
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
