"""What an import costs: CPU time a row, memory above idle, and the size of the answer, for each domain.

    python tests/bench/bench_imports.py [--rows 20000] [--baseline CHECKOUT] [--json]

Each service runs alone with AUTH=off and a fresh database in memory (/dev/shm) where there is one. Its files are made
here: good rows, and 10 MiB of rows that are all refused. With --baseline, the same files go to the service of another
checkout in turn; its column is what the ratio is of. Memory is the peak of the resident set above what it was when the
service was idle (Linux: VmHWM, reset before each import). CPU time is user plus system time of the service's process.
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).parents[2]
LARGEST = 10 * 1024 * 1024
MOST_LINES = 199_000
DAY = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Domain:
    """A domain's files: the header, the n-th good row, a bad row, and the parameters that both builds take."""

    header: str
    row: Callable[[int], str]
    bad: str
    parameters: Mapping[str, str]


def expense(n: int) -> str:
    """One expense; no two alike, in twelve categories."""
    day = DAY + timedelta(days=n % 2000)
    return f"{day:%d/%m/%Y},Bank,Category {n % 12},Sub {n % 7},payee {n},{n % 900 + 1}.{n % 90 + 10},Expense,EUR"


def workout_set(n: int) -> str:
    """One set; twenty make a workout."""
    start = DAY + timedelta(hours=7 * (n // 20))
    lifted = f"{n % 20 + 1},{n % 90 + 10}.5,{n % 12 + 1}"
    return f'{start:%Y-%m-%d %H:%M:%S},"Day",1h,"Lift {n % 5} (Barbell)",{lifted},0,0,"","",'


def reading(n: int) -> str:
    """One hourly reading of one of four meters."""
    at = DAY + timedelta(hours=n // 4)
    return f"1,M{n % 4},{at:%Y-%m-%dT%H:%M:%SZ},{1000 + n // 4 * 0.731:.3f}"


DOMAINS = {
    "expenses": Domain(
        "Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency",
        expense,
        "20/01/2020,,,,,x,Expense,EUR",
        {},
    ),
    "gym": Domain(
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE",
        workout_set,
        "2020-01-01 07:00:00,D,1h,Lift,1,x,1,0,0,,,",
        {},
    ),
    "heating": Domain("customer_id,meter_id,time_rounded,energy_heat_kwh", reading, "1,M1,2020-01-01T00:00:00Z,x", {}),
}
GIVEN = {"gym": {"weight": "kg", "distance": "km", "zone": "UTC"}}
"""What the new build is told, since its baseline assumes it."""


@dataclass(frozen=True)
class Cost:
    """What one import took."""

    rows: int
    cpu_s: float
    wall_s: float
    peak_mib: float
    answer_bytes: int
    taken: int

    @property
    def us_a_row(self) -> float:
        return self.cpu_s / self.rows * 1e6


@contextmanager
def serving(checkout: Path, domain: str) -> Iterator[tuple[psutil.Process, str]]:
    """The service of a domain from a checkout; its process and the address of its imports."""
    memory = Path("/dev/shm")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as data:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", f"apps.{domain}"],
            env={**os.environ, "PYTHONPATH": str(checkout), "DATA_DIR": data, "AUTH": "off", "PORT": str(port)},
            cwd=checkout,
            stdout=subprocess.DEVNULL,
        )
        try:
            while not ready(f"http://127.0.0.1:{port}/readyz"):
                if child.poll() is not None:
                    raise RuntimeError(f"apps.{domain} of {checkout} ended with {child.returncode}")
                time.sleep(0.05)
            yield psutil.Process(child.pid), f"http://127.0.0.1:{port}/api/v1/{domain}/imports"
        finally:
            child.terminate()
            child.wait(60)


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):
            return True
    except OSError:
        return False


def measure(process: psutil.Process, address: str, file: bytes, rows: int, parameters: Mapping[str, str]) -> Cost:
    """Import a file, in as many requests as it takes."""
    status = Path(f"/proc/{process.pid}/status")
    Path(f"/proc/{process.pid}/clear_refs").write_text("5")
    idle = kib(status, "VmRSS")
    before, begun = process.cpu_times(), time.perf_counter()
    taken, answer_bytes, query = 0, 0, dict(parameters)
    while True:
        request = urllib.request.Request(f"{address}?{urlencode(query)}", file, {"Content-Type": "text/csv"})
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                content = answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                content = refused.read()
        report: dict[str, Any] = json.loads(content)
        answer_bytes += len(content)
        taken += report.get("taken", 0)
        if report.get("complete", True):
            break
        query["import_id"] = report["import_id"]
    after = process.cpu_times()
    cpu_s = after.user + after.system - before.user - before.system
    peak = (kib(status, "VmHWM") - idle) / 1024
    return Cost(rows, cpu_s, time.perf_counter() - begun, peak, answer_bytes, taken)


def kib(status: Path, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def files(domain: Domain, rows: int) -> Iterator[tuple[str, bytes, int]]:
    """Name, content and number of rows of each file."""
    good = "\n".join([domain.header, *(domain.row(n) for n in range(rows)), ""]).encode()
    yield "good rows", good, rows
    count = min((LARGEST - len(domain.header) - 2) // (len(domain.bad) + 1), MOST_LINES)
    yield "bad rows", "\n".join([domain.header, *[domain.bad] * count, ""]).encode(), count
    lines, size = [domain.header], len(domain.header) + 1
    while len(lines) < MOST_LINES and size + len(domain.row(len(lines) - 1)) < LARGEST:
        lines.append(domain.row(len(lines) - 1))
        size += len(lines[-1]) + 1
    yield "largest", "\n".join([*lines, ""]).encode(), len(lines) - 1


def run(rows: int, baseline: Path | None) -> list[dict[str, Any]]:
    """A line for each domain and file."""
    lines = []
    for name, domain in DOMAINS.items():
        for what, file, count in files(domain, rows):
            with serving(ROOT, name) as (process, address):
                new = measure(process, address, file, count, {**domain.parameters, **GIVEN.get(name, {})})
            line = {"domain": name, "file": what, "rows": count, "MiB": len(file) / 2**20, "taken": new.taken}
            line |= {
                "us a row": new.us_a_row,
                "wall s": new.wall_s,
                "peak MiB": new.peak_mib,
                "answer": new.answer_bytes,
            }
            if baseline is not None:
                with serving(baseline, name) as (process, address):
                    old = measure(process, address, file, count, domain.parameters)
                line |= {
                    "before: us a row": old.us_a_row,
                    "before: peak MiB": old.peak_mib,
                    "before: answer": old.answer_bytes,
                    "before: taken": old.taken,
                    "ratio": new.us_a_row / old.us_a_row,
                }
            lines.append(line)
    return lines


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="CPU time and memory of imports")
    parser.add_argument("--rows", type=int, default=20_000, help="good rows a file")
    parser.add_argument("--baseline", type=Path, help="another checkout, whose services are measured in turn")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args()
    lines = run(given.rows, given.baseline and given.baseline.resolve())
    if given.json:
        sys.stdout.write(json.dumps(lines) + "\n")
        return
    for line in lines:
        shown = ", ".join(
            f"{name} {value:.2f}" if isinstance(value, float) else f"{name} {value}" for name, value in line.items()
        )
        sys.stdout.write(f"{shown}\n")


if __name__ == "__main__":
    main()
