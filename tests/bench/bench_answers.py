"""What the commands that are run again and again take, with nothing kept and with graphs kept. Prints, asserts nothing.

python tests/bench/bench_answers.py                    half a minute
python tests/bench/bench_answers.py --baseline PATH    also another checkout, in turn with this one, and the ratios

CPU seconds of a command and of the processes it starts; each figure is the median of ROUNDS. All commands run with this
Python and its packages. `cold` has no kept graphs, but compiled modules; `warm` has run before.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parents[2]
KEPT = Path(".trackstack") / "cache" / "graphs"
BARE = "python -c pass"
LAUNCHER = "./trackstack --help"
COMMANDS = (
    "--help",
    "graph foundation",
    "graph pragmatic",
    "graph enterprise",
    "policy check",
    "cost-report",
    "preview enterprise",
    "status",
)


def main() -> None:
    """Measure everything in turn, round by round, and print one line a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--baseline", type=Path, help="another checkout, such as `git worktree add /tmp/base COMMIT`")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    base = asked.baseline.resolve() if asked.baseline else None
    taken: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as home:
        for number in range(-1, asked.rounds):  # the round before the first compiles modules and is not counted
            for command in (BARE, LAUNCHER, *COMMANDS):
                for kind, seconds in one_round(command, base, home).items():
                    if number >= 0:
                        taken.setdefault((command, kind), []).append(seconds)
    show({key: median(values) for key, values in taken.items()})
    print(f"load average at the end: {', '.join(f'{load:.2f}' for load in os.getloadavg())}")


def one_round(command: str, base: Path | None, home: str) -> dict[str, float]:
    """CPU seconds of a command in each tree that is asked for, one after the other."""
    found = {"base": cpu_s(command, base, home)} if base else {}
    shutil.rmtree(CHECKOUT / KEPT, ignore_errors=True)
    found["cold"] = cpu_s(command, CHECKOUT, home)
    cpu_s(command, CHECKOUT, home)  # where modules were compiled just now, the first graph was not kept
    found["warm"] = cpu_s(command, CHECKOUT, home)
    return found


def words_of(command: str, tree: Path) -> Sequence[str]:
    if command == BARE:
        return [sys.executable, "-c", "pass"]
    if command == LAUNCHER:
        return [sys.executable, str(tree / "trackstack"), "--help"]
    return [sys.executable, "-P", "-m", "trackstack_infra.cli", *command.split()]


def cpu_s(command: str, tree: Path, home: str) -> float:
    """Run it; nothing of a local cloud is there."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "TRACKSTACK_HOME": home, "COLUMNS": "80"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words_of(command, tree), env=environment, cwd=tree, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(medians: dict[tuple[str, str], float]) -> None:
    """A table; `x bare` is the warm command over a bare interpreter of the same round."""
    bare = medians[BARE, "warm"]
    print(f"{'command':<24} {'base':>7} {'cold':>7} {'warm':>7} {'warm/base':>10} {'cold/base':>10} {'x bare':>7}")
    for command in (BARE, LAUNCHER, *COMMANDS):
        base, cold, warm = (medians.get((command, kind)) for kind in ("base", "cold", "warm"))
        assert cold is not None
        assert warm is not None
        ratios = (f"{warm / base:.2f}", f"{cold / base:.2f}") if base else ("-", "-")
        print(
            f"{command:<24} {f'{base:.3f}' if base else '-':>7} {cold:>7.3f} {warm:>7.3f} {ratios[0]:>10} "
            f"{ratios[1]:>10} {warm / bare:>7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
