"""What an import did, what imports there were, and what undoing one did, as text."""

from collections.abc import Mapping, Sequence
from typing import Any

from trackstack_infra.cli.views.output import stdout, table

SHOWN_REFUSALS = 10


def show_report(report: Mapping[str, Any], stack: str, domain: str, file_name: str, *, dry_run: bool) -> None:
    """Counts first, then the decisions made for the file, the notes, and the first refusals."""
    out = stdout()
    verb = "would be imported" if dry_run else "imported"
    counts = [f"{report['taken']:,} {verb}", f"{report['known']:,} already known"]
    counts.extend(f"{report[name]:,} {name}" for name in ("changed", "skipped") if report[name])
    counts.append(f"{report['refused']:,} refused")
    out.print(f"{file_name}: {', '.join(counts)}", markup=False)
    for decision in report["decisions"]:
        out.print(f"  {decision['name']}={decision['value']}: {decision['note']}", markup=False)
    for note in report["notes"]:
        out.print(f"  note: {note}", markup=False)
    for refusal in report["refusals"][:SHOWN_REFUSALS]:
        out.print(f"  line {refusal['line']}: {refusal['reason']}", markup=False)
    hidden = report["refused"] - len(report["refusals"][:SHOWN_REFUSALS])
    if hidden > 0:
        listed = len(report["refusals"])
        out.print(f"  … and {hidden:,} more; --json lists the first {listed}", markup=False)
    if report["import_id"] and (report["taken"] or report["changed"]):
        out.print(f"To undo it: ./trackstack import undo {stack} {domain} {report['import_id'][-12:]}", markup=False)


def show_imports(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """A line an import; its decisions below it."""
    out = stdout()
    if not any(found.values()):
        out.print("No import yet. Import a file with ./trackstack import STACK DOMAIN FILE.")
        return
    grid = table("ID", "DOMAIN", "AT (UTC)", "FILE", "ROWS", "TAKEN", "")
    for domain, runs in found.items():
        for run in runs:
            at = run["imported_at"][:16].replace("T", " ")
            state = "undone" if run["undone_at"] else ""
            grid.add_row(run["id"][-12:], domain, at, run["file_name"], f"{run['rows']:,}", f"{run['taken']:,}", state)
            decided = ", ".join(f"{each['name']}={each['value']}" for each in run["decisions"])
            if decided:
                grid.add_row("", "", "", decided, "", "", "")
    out.print(grid)


def show_undo(report: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    """What was removed, and what was left."""
    parts = [f"{report['removed']:,} removed"]
    if report["kept"]:
        parts.append(f"{report['kept']:,} kept because they were changed since")
    if report["gone"]:
        parts.append(f"{report['gone']:,} had been deleted before")
    name = run["file_name"] or run["id"]
    stdout().print(f"Import of {name} undone: {', '.join(parts)}.", markup=False)
