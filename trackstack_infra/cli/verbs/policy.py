"""`trackstack policy`: check the stacks, list the rules, and ask another scanner."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.cli.context import ROOT, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption, SetOption, StackOrAllArgument
from trackstack_infra.cli.overrides import record_stack
from trackstack_infra.cli.verbs import policy_export, policy_scan
from trackstack_infra.cli.views.output import print_json, stdout, table
from trackstack_infra.errors import PolicyViolated, UsageError
from trackstack_infra.names import STACKS

if TYPE_CHECKING:
    from trackstack_infra.policy.check import Report

app = typer.Typer(no_args_is_help=True, help="Check stacks against the policy rules; scan with checkov.")


class Format(StrEnum):
    """How the rules are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def check(
    stack: StackOrAllArgument = None,
    set_: SetOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Check STACK, or all stacks, against the policy rules.

    Reads the stack programs, without an AWS account. Exits 5 if a blocking rule is violated or a suppression has
    expired.
    """
    from trackstack_infra.cli.views.policy_report import as_document, print_report
    from trackstack_infra.policy.check import check as hold
    from trackstack_infra.policy.rules import RULES
    from trackstack_infra.policy.suppressions import load_suppressions

    if set_ and stack is None:
        raise UsageError("--set requires a STACK", hint=f"run `trackstack policy check STACK --set {set_[0]}`")
    files = settings_files()
    suppressions, today = load_suppressions(ROOT, RULES), datetime.now(UTC).date()
    reports = [
        hold(record_stack(each, set_, files), RULES, suppressions, today) for each in ([stack] if stack else STACKS)
    ]
    if json:
        print_json(as_document(reports))
        if not all(report.passes for report in reports):
            raise typer.Exit(PolicyViolated.exit_code)
        return
    for report in reports:
        print_report(report, titled=len(reports) > 1)
    _raise_if_broken(reports)


def _raise_if_broken(reports: "list[Report]") -> None:
    broken = [report for report in reports if not report.passes]
    if not broken:
        return
    named = " and ".join(report.stack for report in broken)
    if any(report.violations for report in broken):
        raise PolicyViolated(
            f"{named} {'violates' if len(broken) == 1 else 'violate'} the policy",
            hint="fix the resources listed above, or add a suppression to policy.yaml (see docs/policy.md)",
        )
    stale = next(each for report in broken for each in report.expired)
    raise PolicyViolated(
        f"a suppression expired on {stale.expires}: {stale}",
        hint="remove it from policy.yaml, or extend it and give the reason",
    )


@app.command()
def rules(
    format_: Annotated[
        Format, typer.Option("--format", help="Output format; markdown is the table in docs/policy.md.")
    ] = Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Same as --format json.")] = False,
    debug: DebugOption = False,
) -> None:
    """List the policy rules: what each requires, and its verdict.

    `block` rules must hold. `accept` rules are accepted risks: markdown and json add the reason and the cost of a fix.
    """
    from trackstack_infra.policy.listing import as_document, as_markdown, in_order
    from trackstack_infra.policy.rules import RULES

    if json or format_ is Format.JSON:
        print_json(as_document(RULES))
    elif format_ is Format.MARKDOWN:
        print(as_markdown(RULES), end="")
    else:
        grid = table("ROW", "VERDICT", "RULE", "REQUIRED")
        for rule in in_order(RULES):
            grid.add_row(str(rule.row), rule.verdict.value, rule.id, rule.title)
        stdout().print(grid, soft_wrap=False)


app.command()(policy_export.export)
app.command("scan")(policy_scan.scan)
