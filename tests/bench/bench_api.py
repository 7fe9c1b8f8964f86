"""What a request costs: CPU time of `python -m apps.expenses` for a POST and for a list of 50.

    python tests/bench/bench_api.py [--requests 4000] [--rounds 3] [--directory DIR] [--json]

The service runs with AUTH=off on one core, this client on another, over kept-alive connections. CPU time is user plus
system time of the server's process, so a busy machine changes it little. Beside it run the least a server can do with
the same libraries (uvicorn, uvloop, httptools answering 11 bytes), as the measure of the machine, and the same service
on FastAPI's own routing (plain_api.py), as the measure of ours; they take turns. Without --directory the databases lie
in memory (/dev/shm) where there is one: a disk's fsync is system time too, and not ours.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop

ROOT = Path(__file__).parents[2]
CORES = sorted(os.sched_getaffinity(0))
CONNECTIONS = 32
SEEDED = 10_000
API = "/api/v1/expenses"

BASELINE = """
import sys, uvicorn
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"11")]})
        await send({"type": "http.response.body", "body": b'{"ok":true}'})
port = int(sys.argv[1])
uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, lifespan="off", log_level="error")
"""


@dataclass(frozen=True)
class Cost:
    """What one kind of request took."""

    cpu_us: float
    per_second: float


class Connection(asyncio.Protocol):
    """One kept-alive connection: sends the next request as soon as an answer is complete."""

    def __init__(self, take: Callable[[], bytes | None], expected: bytes, done: Callable[[str | None], None]) -> None:
        self._take, self._expected, self._done = take, expected, done
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._next()

    def _next(self) -> None:
        request = self._take()
        if request is None:
            self._transport.close()
            self._done(None)
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not separator:
            return
        if not head.startswith(self._expected):
            self._transport.close()
            self._done(f"the server answered {self._received[:500]!r}")
            return
        at = head.lower().index(b"content-length:") + len(b"content-length:")
        if len(body) >= int(head[at:].partition(b"\r\n")[0]):
            self._received = b""
            self._next()


async def drive(port: int, requests: list[bytes], expected: bytes) -> float:
    """Send all requests over the connections; returns the seconds it took."""
    loop = asyncio.get_running_loop()
    finished = loop.create_future()
    waiting = iter(requests)
    open_connections = CONNECTIONS

    def done(error: str | None) -> None:
        nonlocal open_connections
        open_connections -= 1
        if error and not finished.done():
            finished.set_exception(RuntimeError(error))
        elif open_connections == 0 and not finished.done():
            finished.set_result(None)

    begun = time.perf_counter()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Connection(lambda: next(waiting, None), expected, done), "127.0.0.1", port)
    await finished
    return time.perf_counter() - begun


def post(path: str, body: object) -> bytes:
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


@dataclass(frozen=True)
class Server:
    """A server under test."""

    process: psutil.Process
    port: int
    cold_s: float
    cold_cpu_s: float


@dataclass(frozen=True)
class Load:
    """Requests of one kind for one server, and how each answer begins."""

    server: "Server"
    requests: list[bytes]
    expected: bytes


def measure(loads: Mapping[str, Load], rounds: int) -> dict[str, Cost]:
    """The medians of the rounds, in which the loads take turns; one round before them warms up."""
    costs: dict[str, list[float]] = {name: [] for name in loads}
    rates: dict[str, list[float]] = {name: [] for name in loads}
    for load in loads.values():
        uvloop.run(drive(load.server.port, load.requests[: len(load.requests) // 4], load.expected))
    for _ in range(rounds):
        for name, load in loads.items():
            before = cpu_s(load.server.process)
            seconds = uvloop.run(drive(load.server.port, load.requests, load.expected))
            costs[name].append((cpu_s(load.server.process) - before) / len(load.requests) * 1e6)
            rates[name].append(len(load.requests) / seconds)
    return {name: Cost(statistics.median(costs[name]), max(rates[name])) for name in loads}


@contextmanager
def serving(command: list[str], environment: dict[str, str], path: str, port: int) -> Iterator[Server]:
    """Start a server on the first core, wait for its first 200, and end it."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        ["taskset", "-c", str(CORES[0]), *command], env=os.environ | environment, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        process = psutil.Process(child.pid)
        request = get(path)
        while not asyncio.run(answers(port, request)):
            if child.poll() is not None:
                raise RuntimeError(f"{' '.join(command)} ended with {child.returncode}")
            time.sleep(0.005)
        yield Server(process, port, time.perf_counter() - begun, cpu_s(process))
    finally:
        child.terminate()
        child.wait(30)


async def answers(port: int, request: bytes) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.write(request)
    status = await reader.readline()
    writer.close()
    return b" 200 " in status


def seed(port: int) -> str:
    """A category, and a year of expenses in it; returns the category's id."""
    made = asyncio.run(ask(port, post(f"{API}/categories", {"name": "Food"})))
    category = str(json.loads(made)["id"])
    uvloop.run(drive(port, [expense(category, number) for number in range(SEEDED)], b"HTTP/1.1 201"))
    return category


def expense(category: str, number: int) -> bytes:
    body = {
        "occurred_on": f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "amount_minor": number % 5000 + 1,
        "currency": "EUR",
        "category_id": category,
        "payee": "Corner shop",
        "note": "bread and milk",
    }
    return post(f"{API}/expenses", body)


async def ask(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n\r\n")[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(requests: int, rounds: int, directory: Path | None) -> dict[str, float]:
    """All figures by name; the servers live side by side and take turns, so that their figures can be compared."""
    memory = Path("/dev/shm")
    place = directory or (memory if memory.is_dir() else None)
    baseline_port = free_port()
    with (
        tempfile.TemporaryDirectory(dir=place) as data,
        serving([sys.executable, "-c", BASELINE, str(baseline_port)], {}, "/", baseline_port) as baseline,
        service(["-m", "apps.expenses"], Path(data, "ours")) as ours,
        service([str(ROOT / "tests/bench/plain_api.py"), "expenses"], Path(data, "plain")) as plain,
    ):
        figures = {
            "cold start s": ours.cold_s,
            "cold start CPU s": ours.cold_cpu_s,
            "PSS idle MiB": ours.process.memory_full_info().pss / 2**20,
        }
        loads = {"raw ASGI": Load(baseline, [get("/")] * requests, b"HTTP/1.1 200")}
        for name, server in (("", ours), ("plain FastAPI, ", plain)):
            category = seed(server.port)
            posts = [expense(category, number) for number in range(requests)]
            loads[f"{name}POST"] = Load(server, posts, b"HTTP/1.1 201")
            loads[f"{name}list of 50"] = Load(server, [get(f"{API}/expenses?limit=50")] * requests, b"HTTP/1.1 200")
        costs = measure(loads, rounds)
        figures["PSS after load MiB"] = ours.process.memory_full_info().pss / 2**20
    least = costs["raw ASGI"].cpu_us
    for name, cost in costs.items():
        figures[f"{name} CPU us"] = cost.cpu_us
        if name != "raw ASGI":
            figures[f"{name} / raw ASGI"] = cost.cpu_us / least
        figures[f"{name} per s"] = cost.per_second
    return figures


def service(program: list[str], data: Path) -> AbstractContextManager[Server]:
    """The service, with a database of its own."""
    port = free_port()
    environment = {"DATA_DIR": str(data), "AUTH": "off", "PORT": str(port)}
    return serving([sys.executable, *program], environment, "/readyz", port)


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU time of a POST and of a list of 50")
    parser.add_argument("--requests", type=int, default=4000, help="requests a round")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--directory", type=Path, help="where the database lies; in memory by default")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args()
    os.sched_setaffinity(0, {CORES[-1]})
    figures = run(given.requests, given.rounds, given.directory)
    if given.json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    for name, figure in figures.items():
        sys.stdout.write(f"{name:36} {figure:10.2f}\n")


if __name__ == "__main__":
    main()
