"""What a policy check found, as people read it at 80 columns, and as one JSON document."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from trackstack_infra.cli.views.output import stdout, table

if TYPE_CHECKING:
    from trackstack_infra.policy.check import Report, Violation
    from trackstack_infra.policy.model import Rule
    from trackstack_infra.policy.suppressions import Suppression


def print_report(report: "Report", *, titled: bool = False) -> None:
    """Violations by component, then what is accepted and suppressed, then the count. `titled` names the stack first."""
    from rich.markup import escape

    out = stdout()
    if titled:
        out.print(f"[bold underline]{report.stack}[/]")
    _print_violations(report)
    if report.accepted:
        grid = table("ACCEPTED", "MONTHLY COST OF A FIX, RESOURCE, REASON TO ACCEPT")
        grid.columns[0].no_wrap = True
        for each in report.accepted:
            grid.add_row(each.rule.id, f"[bold]{each.rule.price}[/]; {_where(each.found)}: {each.rule.reason}")
        out.print(grid, soft_wrap=False)
        out.print()
    for one in report.suppressed:
        out.print(
            f"[yellow]suppressed[/] until {one.suppression.expires}: {one.violation.rule.id} on"
            f" {one.violation.resource}, {escape(one.suppression.reason)}",
            soft_wrap=False,
        )
    for stale in report.expired:
        out.print(f"[red]expired[/] on {stale.expires}: the suppression of {stale}", soft_wrap=False)
    for unused in report.unused:
        out.print(f"[yellow]unused[/]: the suppression of {unused} matches nothing; remove it", soft_wrap=False)
    out.print(summary(report))
    if titled:
        out.print()


def summary(report: "Report") -> str:
    """The count in a line: `57 rules: 0 violated, 9 accepted, 1 suppressed`."""
    counts = [f"{report.violated} violated", f"{len(report.accepted)} accepted", f"{len(report.suppressed)} suppressed"]
    counts += [f"{len(report.expired)} expired"] if report.expired else []
    return f"{len(report.rules)} rules: {', '.join(counts)}"


def as_document(reports: "Sequence[Report]") -> dict[str, Any]:
    """All reports as JSON."""
    return {
        "passes": all(report.passes for report in reports),
        "stacks": [
            {
                "stack": report.stack,
                "summary": summary(report),
                "passes": report.passes,
                "violations": [_violation(each) for each in report.violations],
                "accepted": [
                    {
                        **_rule(each.rule),
                        "reason": each.rule.reason,
                        "price": each.rule.price,
                        "resources": [{"urn": one.urn, "message": one.message} for one in each.found],
                    }
                    for each in report.accepted
                ],
                "suppressed": [
                    {**_violation(each.violation), **_suppression(each.suppression)} for each in report.suppressed
                ],
                "expired": [_suppression(each) for each in report.expired],
                "unused": [_suppression(each) for each in report.unused],
            }
            for report in reports
        ],
    }


def _print_violations(report: "Report") -> None:
    from rich.markup import escape

    out = stdout()
    for component, found in groupby(report.violations, key=lambda each: each.component):
        out.print(f"[bold]{component}[/]")
        grid = table("RULE", "RESOURCE AND VIOLATION", "FSBP, CHECKOV")
        grid.columns[0].no_wrap = True
        for each in found:
            ids = [*each.rule.fsbp, *each.rule.checkov]
            grid.add_row(
                f"[red]{each.rule.verdict}[/] {each.rule.id}",
                f"[bold]{escape(each.resource)}[/]: {escape(each.message)}",
                " ".join(ids),
            )
        out.print(grid, soft_wrap=False)
        out.print()


def _where(found: "Sequence[Violation]") -> str:
    first = found[0].resource
    return first if len(found) == 1 else f"{first} and {len(found) - 1} more"


def _rule(rule: "Rule") -> dict[str, Any]:
    return {"rule": rule.id, "row": rule.row, "title": rule.title, "verdict": rule.verdict.value} | {
        "fsbp": list(rule.fsbp),
        "checkov": list(rule.checkov),
    }


def _violation(violation: "Violation") -> dict[str, Any]:
    return {
        **_rule(violation.rule),
        "component": violation.component,
        "resource": violation.resource,
        "urn": violation.urn,
        "message": violation.message,
    }


def _suppression(suppression: "Suppression") -> dict[str, Any]:
    return {
        "suppression": {
            "rule": suppression.rule,
            "resource": suppression.resource,
            "reason": suppression.reason,
            "expires": suppression.expires,
        }
    }
