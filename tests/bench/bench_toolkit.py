"""The command line's figures: start, graph, and `up` from a fresh clone to a second run. Prints, asserts nothing.

python tests/bench/bench_toolkit.py            about two minutes; installs a fresh clone's environment
python tests/bench/bench_toolkit.py --no-clone leaves the fresh clone out
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PORT_BASE = 23600
ROUNDS = 5


def main() -> None:
    """Measure and print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-clone", action="store_true")
    asked = parser.parse_args()
    print(f"{'figure':<44} {'wall s':>8} {'CPU s':>8}")
    python = [sys.executable, "-c", "pass"]
    show("baseline: python -c pass", *best(lambda: run(python, {})))
    cli = [sys.executable, "-P", "-m", "trackstack_infra.cli"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PYTHONPATH": str(CHECKOUT), "TRACKSTACK_HOME": folder, "TRACKSTACK_PORT_BASE": str(PORT_BASE)}
        show("trackstack --help", *best(lambda: run([*cli, "--help"], environment)))
        for words in ("graph foundation", "graph pragmatic", "graph enterprise", "policy check", "cost-report"):
            show(f"trackstack {words}", *best(lambda words=words: run([*cli, *words.split()], environment)))
        try:
            show("up enterprise, nothing running", *run([*cli, "up", "enterprise"], environment))
            show("up enterprise again, no changes", *best(lambda: run([*cli, "up", "enterprise"], environment)))
            show("down enterprise", *run([*cli, "down", "enterprise"], environment))
            show("up enterprise, local cloud running", *run([*cli, "up", "enterprise"], environment))
        finally:
            run([*cli, "local", "stop"], environment)
    if not asked.no_clone:
        with tempfile.TemporaryDirectory() as folder:
            fresh_clone(Path(folder))


def fresh_clone(folder: Path) -> None:
    """From `git clone` to three healthy services, with a warm package cache."""
    clone = folder / "trackstack"
    subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(clone)], check=True)
    environment = {"TRACKSTACK_PORT_BASE": str(PORT_BASE), "PYTHONPATH": ""}
    try:
        show(
            "fresh clone: ./trackstack up enterprise",
            *run([str(clone / "trackstack"), "up", "enterprise"], environment),
        )
    finally:
        run([str(clone / "trackstack"), "local", "stop"], environment)


def best(measure: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    """The smallest of several rounds: what is left is the command, not its neighbours."""
    rounds = [measure() for _ in range(ROUNDS)]
    return min(wall for wall, _ in rounds), min(cpu for _, cpu in rounds)


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command; the local cloud it starts lives on and is not counted as CPU."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(figure: str, wall: float, cpu: float) -> None:
    print(f"{figure:<44} {wall:>8.2f} {cpu:>8.2f}", flush=True)


if __name__ == "__main__":
    main()
