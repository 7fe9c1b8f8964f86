"""What an estimate takes beside recording the graph it is made from, and what it covers. Prints, asserts nothing.

python tests/bench/bench_costs.py    a few seconds
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "tests" / "stacks")]

from declared_inputs import paths_of  # noqa: E402

from stacks import PROGRAMS  # noqa: E402
from trackstack_infra.costs.estimate import estimate  # noqa: E402
from trackstack_infra.costs.hours import calendar_month  # noqa: E402
from trackstack_infra.costs.rules import FREE, RULES  # noqa: E402
from trackstack_infra.costs.snapshot import read_snapshot, shipped  # noqa: E402
from trackstack_infra.costs.usage import read_usage  # noqa: E402
from trackstack_infra.graph import record  # noqa: E402
from trackstack_infra.settings.groups import ScheduleSettings  # noqa: E402
from trackstack_infra.settings.load import load_settings  # noqa: E402

ROUNDS = 9


def main() -> None:
    """Measure and print one line a stack."""
    reading = best(lambda: (read_snapshot(shipped()), read_usage()))
    prices, usage, may = read_snapshot(shipped()), read_usage(), calendar_month(2026, 5, ScheduleSettings())
    print(f"{'stack':<12} {'record ms':>10} {'estimate ms':>12} {'ratio':>7} {'meters':>7} {'unpriced':>9}")
    graphs = []
    for stack in ("foundation", "pragmatic", "enterprise"):
        program = partial(PROGRAMS[stack], load_settings(stack, CHECKOUT))
        recording = best(lambda program=program, stack=stack: record(program, stack=stack, outputs="fabricated"))
        graph = record(program, stack=stack, outputs="fabricated")
        graphs.append(graph)
        priced = estimate(graph, prices, usage, may)
        took = best(lambda graph=graph: estimate(graph, prices, usage, may))
        print(
            f"{stack:<12} {recording:>10.1f} {took:>12.1f} {took / recording:>7.3f} {len(priced.lines):>7}"
            f" {len(priced.unpriced):>9}"
        )
    print(f"all three together: {best(lambda: estimate(graphs, prices, usage, may)):.1f} ms of CPU")
    print(f"reading prices and assumptions: {reading:.1f} ms of CPU")
    print(f"types that are billed: {len(RULES)}; that may be free, with a reason: {len(FREE)}")
    print_inputs()


def print_inputs() -> None:
    """What the inputs of each priced type do to its price: how many of each kind."""
    print(f"\n{'inputs of a priced type':<62} {'all':>4} {'read':>5} {'neutral':>8} {'unpriced':>9} {'none':>5}")
    whole = Counter[str]()
    for type_, rule in sorted(RULES.items()):
        kinds = Counter(rule.inputs.kind_of(path) for path in paths_of(type_, rule.inputs.objects))
        whole += kinds
        print_kinds(type_, kinds)
    print_kinds(f"{len(RULES)} types", whole)


def print_kinds(name: str, kinds: Counter[str]) -> None:
    """A line of that table."""
    counts = f"{kinds.total():>4} {kinds['read']:>5} {kinds['neutral']:>8} {kinds['unpriced']:>9} {kinds['']:>5}"
    print(f"{name:<62} {counts}")


def best(action: Callable[[], object]) -> Decimal:
    """Milliseconds of CPU, the least of several rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        action()
        taken.append(time.process_time_ns() - start)
    return Decimal(min(taken)) / 1_000_000


if __name__ == "__main__":
    main()
