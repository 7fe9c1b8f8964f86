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
        "damaged": [path.name for path in found.damaged],
    }


def _print(found: "RunHistory") -> None:
    out = stdout()
    if found.kept:
        grid = table("STACK", "FROM (UTC)", "TO (UTC)", "HOURS", "ESTIMATE")
        for each in found.kept:
            grid.add_row(
                each.stack,
                f"{each.started:%Y-%m-%d %H:%M}",
                f"{each.ended:%Y-%m-%d %H:%M}",
                f"{each.hours:.2f}",
                f"${each.usd}",
            )
        out.print(grid)
        out.print(f"Runs: {len(found.kept)}. Total: ${found.usd} for usage billed only while a stack runs.")
    else:
        out.print("The run history is empty. Each `trackstack down STACK` adds one run.")
    for path in found.damaged:
        out.print(f"Skipped, because it cannot be read: {path}", markup=False, soft_wrap=True)
