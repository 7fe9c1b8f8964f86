"""Real databases, real HTTP and real processes around the two example domains."""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
WAIT_S = 60
sys.path.insert(0, str(HERE))

from example_domains.both import BOTH, folders  # noqa: E402 -- needs the path above

from apps.common.auth import Tokens  # noqa: E402
from apps.common.compose import App, create_app  # noqa: E402
from apps.common.database import Database  # noqa: E402
from apps.common.settings import settings_of  # noqa: E402
from tests.apps.forked import Forked, Zygote  # noqa: E402


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An open database with both example domains."""
    with Database(tmp_path / "app.db", folders()) as opened:
        yield opened


Serve = Callable[..., httpx.Client]


@contextmanager
def served(app: App) -> Iterator[httpx.Client]:
    """Serve the app over real HTTP in this process; gives a client."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, http="httptools", ws="none", lifespan="off", log_config=None, proxy_headers=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=WAIT_S, verify=False) as client:
        yield client
    server.should_exit = True
    thread.join()


@pytest.fixture
def serve(tmp_path: Path, database: Database) -> Iterator[Serve]:
    """Serve both domains over real HTTP, as often as asked, with these settings; returns a client."""
    with ExitStack() as stack:

        def begin(tokens: Tokens | None = None, **environment: str) -> httpx.Client:
            settings = settings_of({"DATA_DIR": str(tmp_path), "AUTH": "off", **environment})
            return stack.enter_context(served(create_app(BOTH, settings, database, tokens=tokens)))

        yield begin


@pytest.fixture
def api(serve: Serve) -> httpx.Client:
    """A client of both domains with a database of its own, without tokens."""
    return serve()


@pytest.fixture(scope="module")
def shared_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The same for tests that leave nothing behind: one server for all of them."""
    folder = tmp_path_factory.mktemp("shared")
    with Database(folder / "app.db", folders()) as database:
        app = create_app(BOTH, settings_of({"DATA_DIR": str(folder), "AUTH": "off"}), database)
        with served(app) as client:
            yield client


@dataclass
class AppProcess:
    """A real app process and a client for it."""

    process: Forked
    client: httpx.Client
    log: Path

    def wait_ready(self, timeout_s: float = WAIT_S) -> None:
        """Until /readyz says 200."""
        deadline = time.monotonic() + timeout_s
        while self.state() != "ready":
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.02)

    def state(self) -> str:
        """`ready`, or the reason why not; `down` when nothing answers."""
        try:
            answer = self.client.get("/readyz")
        except httpx.TransportError:
            return "down"
        return "ready" if answer.status_code == 200 else str(answer.json()["detail"])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_S)


StartProcess = Callable[..., AppProcess]


@pytest.fixture
def start_process(zygote: Zygote, tmp_path: Path) -> Iterator[StartProcess]:
    """Start `python example_domains …` as a process of its own."""
    started: list[AppProcess] = []

    def start(*domains: str, data_dir: Path = tmp_path / "data", **environment: str) -> AppProcess:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        log = tmp_path / f"process-{len(started)}.log"
        variables = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATA_DIR": str(data_dir),
            "AUTH": "off",
            "PORT": str(port),
            **environment,
        }
        program = [str(HERE / "example_domains"), *(domains or ("pantry", "shopping"))]
        process = zygote.start(program, variables, log)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_S, verify=False)
        started.append(AppProcess(process, client, log))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait(WAIT_S)
        each.client.close()
