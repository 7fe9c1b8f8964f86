"""How long the data bridge's split takes, as a multiple of `cp` of the same file in the same run.

    python tests/bench/bench_split.py [--mib 1024] [--rounds 3] [--directory DIR] [--json]

Makes a monolith's database of the real tables and indexes, then measures, each from a warm page cache to fsync:
`cp` + fsync; the split's copying (empty databases with tables and indexes, then ATTACH + INSERT … SELECT, one process a
domain); and the whole split with the verification of every row. The fastest of all rounds counts. CPU time and peak
memory are those of the copying processes. Needs about four times the size on the disk.
"""

import argparse
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from apps.bridge.domains import DOMAINS, bring_up_to_date  # noqa: E402 - needs the path above
from apps.bridge.sums import tables  # noqa: E402 - same

MADE_AT = datetime(2026, 11, 21, tzinfo=UTC)
ROWS_AT_ONCE = 50_000

# Rows as the domains write them: `n` counts up, and ids, days and instants rise with it, as UUIDv7 and time do.
ID = "printf('0192%04x-%04x-7%03x-8%03x-%012x', n >> 16, n & 65535, n % 4096, n % 1024, n * 2654435761)"
DAY = "date('2000-01-01', (n / 400) || ' days')"
INSTANT = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2000-01-01', (n * 60) || ' seconds')"
FEW = "WITH RECURSIVE c (n) AS (VALUES (:first) UNION ALL SELECT n + 1 FROM c WHERE n < :last)"

ONCE = (
    f"{FEW} INSERT INTO expenses_category SELECT 'c' || n, 'Name ' || n, 'name ' || n, 'spend', NULL, 0, 1 FROM c",
    f"{FEW} INSERT INTO gym_exercise SELECT 'x' || n, 'Name ' || n, 'name ' || n, 'weight_reps', 'abs', '[]', 1 FROM c",
    f"{FEW} INSERT INTO heating_meter SELECT 'm' || n, 'gas_m3', 'serial ' || n, NULL, 6, 1 FROM c",
)
EACH = {
    "expenses": (
        f"{FEW} INSERT INTO expenses_expense SELECT {ID}, {DAY}, n % 9000 + 1, 'EUR', 'c' || (n % 20), NULL,"
        " 'Payee ' || (n % 300), 'Card', 'note ' || n, 'manual', NULL, 1 FROM c",
        f"{FEW} INSERT INTO expenses_import_row SELECT printf('%032x', n * 2654435761), 'i', {ID} FROM c"
        " WHERE n % 2 = 0",
    ),
    "gym": (
        f"{FEW} INSERT INTO gym_workout SELECT {ID}, 'Push', NULL, {INSTANT}, {INSTANT}, {INSTANT}, 1, 15, n * 1000, 2"
        " FROM c WHERE n % 15 = 0",
        f"{FEW} INSERT INTO gym_set SELECT {ID.replace('n', '(n - n % 15)').replace('pri(n - n % 15)tf', 'printf')},"
        " n % 15 + 1, 'x' || (n % 20), 'normal', 5 + n % 6, 2500 * (n % 60), NULL, NULL, 80, NULL, NULL FROM c",
    ),
    "heating": (
        f"{FEW} INSERT INTO heating_reading SELECT {ID}, 'm' || (n % 20), {INSTANT}, n * 17, 0, 'import', NULL, 1"
        " FROM c",
    ),
}
SHARE = {"expenses": 0.40, "gym": 0.35, "heating": 0.25}

COPY = """
import os, sys
from pathlib import Path
from apps.bridge.fill import copy_tables
target = Path(sys.argv[2])
copy_tables(Path(sys.argv[1]), target, sys.argv[3:])
with target.open("rb+") as file:
    os.fsync(file.fileno())
"""
WHOLE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from apps.bridge.domains import DOMAINS
from apps.bridge.split import split
from apps.bridge.sums import TableSum
import json
expected = {table: TableSum(**sums) for table, sums in json.loads(sys.stdin.read()).items()}
split(Path(sys.argv[1]), Path(sys.argv[2]), expected, made_at=datetime(2026, 11, 21, tzinfo=UTC), domains=DOMAINS)
"""


@dataclass(frozen=True)
class Cost:
    """One way of copying: wall and CPU seconds, and the largest process."""

    seconds: float
    cpu_s: float
    peak_mib: float


def make_database(path: Path, size: int) -> int:
    """Fill the real tables up to SIZE bytes; returns the number of rows."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=off", "synchronous=off", "cache_size=-200000"):
            connection.execute(f"PRAGMA {pragma}")
        bring_up_to_date(connection, DOMAINS, MADE_AT, "the benchmark's database")
        connection.execute("BEGIN")
        for statement in ONCE:
            connection.execute(statement, {"first": 0, "last": 19})
        goal = 0.0
        for domain, statements in EACH.items():
            goal += size * SHARE[domain]
            first = 0
            while pages(connection) * 4096 < goal:
                for statement in statements:
                    connection.execute(statement, {"first": first, "last": first + ROWS_AT_ONCE - 1})
                first += ROWS_AT_ONCE
        connection.execute("COMMIT")
        return sum(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables(connection))


def pages(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA page_count").fetchone()[0])


def processes(commands: list[tuple[list[str], str]]) -> Cost:
    """Run the commands at the same time, each with its input."""
    started = time.perf_counter()
    running = []
    for command, text in commands:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE)
        assert process.stdin
        process.stdin.write(text.encode())
        process.stdin.close()
        running.append(process)
    cpu_s = peak_kib = 0.0
    for process in running:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        cpu_s += usage.ru_utime + usage.ru_stime
        peak_kib = max(peak_kib, usage.ru_maxrss)
    return Cost(time.perf_counter() - started, cpu_s, peak_kib / 1024)


def copy_file(source: Path, folder: Path) -> Cost:
    """`cp` and fsync: the least that any way of making new files of the data must do."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    target = folder / "cp.db"
    subprocess.run(["cp", str(source), str(target)], check=True)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - started, cpu_s, 0)


def copy_split(source: Path, folder: Path) -> Cost:
    """What the split adds to `cp`: empty databases first, then three processes that copy."""
    started = time.perf_counter()
    commands = []
    for domain in DOMAINS:
        target = folder / f"{domain.name}.db"
        with closing(sqlite3.connect(target, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=off")
            bring_up_to_date(connection, [domain], MADE_AT, target.name)
            connection.execute(f"DELETE FROM {domain.name}_schema_version")
            names = tables(connection)
        commands.append(([sys.executable, "-c", COPY, str(source), str(target), *names], ""))
    cost = processes(commands)
    return Cost(time.perf_counter() - started, cost.cpu_s, cost.peak_mib)


def rounds(measure: Callable[[Path, Path], Cost], source: Path, folder: Path, number: int) -> Iterator[Cost]:
    for _ in range(number):
        with tempfile.TemporaryDirectory(dir=folder) as place:
            yield measure(source, Path(place))


def best(costs: Iterator[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.seconds)


def run(mib: int, number: int, directory: Path | None) -> dict[str, float]:
    """All figures by name."""
    with tempfile.TemporaryDirectory(dir=directory, prefix="bench-split-") as place:
        folder = Path(place)
        source = folder / "app.db"
        started = time.perf_counter()
        # In a process of its own: a child's peak memory counts from that of the process it was forked from.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            rows = pool.submit(make_database, source, mib * 2**20).result()
        made_s = time.perf_counter() - started
        started = time.perf_counter()
        expected = sums_of(source)
        sums_s = time.perf_counter() - started

        def whole(source: Path, folder: Path) -> Cost:
            cost = processes([([sys.executable, "-c", WHOLE, str(source), str(folder)], expected)])
            return Cost(cost.seconds, cost.cpu_s, cost.peak_mib)

        costs = {"cp": copy_file, "split": copy_split, "whole": whole}
        figures = {name: best(rounds(measure, source, folder, number)) for name, measure in costs.items()}
        size = source.stat().st_size / 2**20
    return {
        "size MiB": size,
        "rows": rows,
        "made in s": made_s,
        "checksums in one process s": sums_s,
        "cp + fsync s": figures["cp"].seconds,
        "split s": figures["split"].seconds,
        "split / cp": figures["split"].seconds / figures["cp"].seconds,
        "split CPU s": figures["split"].cpu_s,
        "split rows per s": rows / figures["split"].seconds,
        "split peak RSS MiB": figures["split"].peak_mib,
        "verified split s": figures["whole"].seconds,
        "verified split / cp": figures["whole"].seconds / figures["cp"].seconds,
        "verified split CPU s": figures["whole"].cpu_s,
        "verified split peak RSS MiB": figures["whole"].peak_mib,
    }


def sums_of(source: Path) -> str:
    program = (
        "import json, sys; from pathlib import Path; from apps.bridge.sums import table_sums, tables;"
        "from apps.bridge.verify import open_copy; connection = open_copy(Path(sys.argv[1]));"
        "print(json.dumps({n: s.to_dict() for n, s in table_sums(connection, tables(connection)).items()}))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, str(source)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return answer.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description="the bridge's split against cp")
    parser.add_argument("--mib", type=int, default=1024, help="size of the database")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the fastest counts")
    parser.add_argument(
        "--directory", type=Path, help="where the files lie; the system's temporary directory by default"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    given = parser.parse_args()
    figures = run(given.mib, given.rounds, given.directory)
    if given.json:
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    for name, figure in figures.items():
        sys.stdout.write(f"{name:28} {figure:14,.2f}\n")


if __name__ == "__main__":
    main()
