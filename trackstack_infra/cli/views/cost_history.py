"""`trackstack cost-report --history`: what was spent by estimate, stretch by stretch."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackstack_infra.cli.views.output import print_json, stdout, table

if TYPE_CHECKING:
    from trackstack_infra.costs.history import RunHistory


def print_history(home: Path, stack: str | None, month: str | None, *, as_json: bool) -> None:
    """The runs of a stack, or of all; those of a month, or all."""
    from datetime import date

    from trackstack_infra.costs.history import read_history
    from trackstack_infra.costs.scope import Period

    of_month = Period.asked(date.min, month=month, average=False, hours=None).month if month else None
    found = read_history(home).of(stack, of_month)
    if as_json:
        print_json(_document(found))
    else:
        _print(found)


def _document(found: "RunHistory") -> dict[str, Any]:
    return {
        "runs": [
            {
                "stack": each.stack,
                "started": each.started,
                "ended": each.ended,
                "hours": round(each.hours, 2),
                "usd": each.usd,
                "lines": each.lines,
                "snapshot": each.snapshot,
                "unpriced": each.unpriced,
            }
            for each in found.kept
        ],
        "total": found.usd,
        "at_least": found.gaps,
        "damaged": [path.name for path in found.damaged],
    }


def _print(found: "RunHistory") -> None:
    from trackstack_infra.costs.report.amounts import at_least

    out = stdout()
    if found.kept:
        grid = table("STACK", "FROM (UTC)", "TO (UTC)", "HOURS", "ESTIMATE")
        for each in found.kept:
            grid.add_row(
                each.stack,
                f"{each.started:%Y-%m-%d %H:%M}",
                f"{each.ended:%Y-%m-%d %H:%M}",
                f"{each.hours:.2f}",
                at_least(each.exact, gaps=bool(each.unpriced)),
            )
        out.print(grid)
        total = at_least(found.exact, gaps=found.gaps)
        out.print(f"Runs: {len(found.kept)}. Total: {total} for usage billed only while a stack runs.")
        without = sum(each.unpriced for each in found.kept)
        if without:
            out.print(f"Not in it: resources without a price, {without} over all runs.", markup=False)
    else:
        out.print("The run history is empty. Each `trackstack down STACK` or `destroy STACK` adds one run.")
    for path in found.damaged:
        out.print(f"Skipped, because it cannot be read: {path}", markup=False, soft_wrap=True)
