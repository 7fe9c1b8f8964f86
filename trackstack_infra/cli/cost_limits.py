"""The limits of `cost-report`: read from its options, checked, and told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from trackstack_infra.cli.cost_options import parse_decimal
from trackstack_infra.errors import BudgetExceeded, UsageError

if TYPE_CHECKING:
    from trackstack_infra.costs.gate import Compared, Gate
    from trackstack_infra.costs.report.summary import Report
    from trackstack_infra.costs.scope import Period, Scope


@dataclass(frozen=True)
class Limits:
    """What the command line says of limits."""

    budget: str | None
    max_increase: str | None
    baseline: Path | None
    allow_unpriced: bool

    def check(self, *, fail_on_unpriced: bool) -> None:
        """Raises UsageError for options that mean nothing without each other, or contradict each other."""
        if (self.max_increase is None) != (self.baseline is None):
            raise UsageError(
                "--max-increase and --baseline require each other", hint="use --max-increase 10% --baseline FILE"
            )
        if self.allow_unpriced and fail_on_unpriced:
            raise UsageError("--allow-unpriced and --fail-on-unpriced contradict each other", hint="use one of them")
        if self.allow_unpriced and self.budget is None and self.max_increase is None:
            raise UsageError(
                "--allow-unpriced requires a limit", hint="use it with --budget USD, or with --max-increase 10%"
            )

    def gates(self, report: "Report", scope: "Scope") -> "tuple[list[Gate], Compared | None]":
        """Each limit, kept or broken; the first is that everything has a price, unless that does not matter."""
        from dataclasses import replace

        from trackstack_infra.costs import gate
        from trackstack_infra.costs.limits import parse_limit, read_baseline

        found: list[Gate] = []
        compared: Compared | None = None
        if self.budget is not None:
            found.append(gate.budget_gate(report.estimate, parse_decimal(self.budget)))
        if self.max_increase is not None and self.baseline is not None:
            limit = parse_limit(self.max_increase)
            saved = read_baseline(
                self.baseline, report.stacks, region=report.region, use=report.level.value, free_tier=report.free_tier
            )

            def estimate(period: "Period") -> "Any":
                return report.estimate if period == scope.period else replace(scope, period=period).estimate()

            compared = gate.compare(saved, scope.period, estimate)
            found.append(gate.increase_gate(compared, report.period, limit))
        if found and not self.allow_unpriced:
            priced = gate.priced_gate(report.estimate)
            found = found if priced.holds else [priced, *found]
        return found, compared


def gates_document(gates: "Sequence[Gate]") -> dict[str, Any]:
    """For JSON: every limit that was checked, and by which lines those that are broken are."""
    return {
        "limits": [{"limit": each.name, "holds": each.holds, "message": each.message} for each in gates],
        "breaches": [
            {"message": breach.message, "lines": [vars(culprit) for culprit in breach.culprits]}
            for breach in (each.breach for each in gates)
            if breach is not None
        ],
    }


def print_held(gates: "Sequence[Gate]", out: TextIO) -> None:
    """One line for each limit that is kept; if everything must have a price and has not, none is known to be."""
    if any(each.name == "unpriced" for each in gates):
        return
    for each in gates:
        if each.holds:
            print(f"{each.name.capitalize()} {each.message}.", file=out)


def broken_limits(gates: "Sequence[Gate]") -> BudgetExceeded | None:
    """The error of the limits that are broken; None where all are kept."""
    broken = [each for each in gates if each.breach is not None]
    if not broken:
        return None
    only_unpriced = all(each.name == "unpriced" for each in broken)
    hint = (
        "add what is missing to the price snapshot or the rules, or pass --allow-unpriced to check the rest"
        if only_unpriced
        else "reduce the costs listed above, or raise the limit"
    )
    return BudgetExceeded("\n".join(line for each in broken for line in _described(each)), hint=hint)


def _described(gate: "Gate") -> Iterator[str]:
    yield gate.message
    for each in gate.breach.culprits if gate.breach else ():
        yield f"  {each.stack:<11} {each.component:<16} {each.price:<26} ${each.usd:.2f}"
