"""`trackstack cost-report [STACK]`."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from trackstack_infra.cli.context import home, settings_files
from trackstack_infra.cli.cost_limits import Limits, broken_limits, gates_document, print_held
from trackstack_infra.cli.cost_options import (
    AnyAgeOption,
    AverageOption,
    FreeTierOption,
    HoursOption,
    LevelOption,
    MonthOption,
    PricesOption,
    UsageOption,
    Use,
    asked_period,
    now,
    refuse_idle_hours,
    scope_of,
)
from trackstack_infra.cli.options import DebugOption, SetOption, StackOrAllArgument
from trackstack_infra.cli.overrides import read_overrides
from trackstack_infra.cli.views.output import NARROWEST_COLUMNS, print_json, stdout
from trackstack_infra.errors import BudgetExceeded, Failed, UsageError
from trackstack_infra.names import STACKS

if TYPE_CHECKING:
    from trackstack_infra.costs.gate import Compared, Gate
    from trackstack_infra.costs.report.summary import Report
    from trackstack_infra.costs.scope import Period, Scope


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    MARKDOWN = "markdown"
    SVG = "svg"


class Split(StrEnum):
    """As costs.report.summary.Shared."""

    UNALLOCATED = "unallocated"
    EQUAL = "equal"
    VCPU_HOURS = "vcpu-hours"


def cost_report(
    ctx: typer.Context,
    stack: StackOrAllArgument = None,
    month: MonthOption = None,
    average: AverageOption = False,
    hours: HoursOption = None,
    format_: Annotated[
        Format, typer.Option("--format", help="Output format; markdown suits pull requests, svg is a chart.")
    ] = Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Same as --format json.")] = False,
    region: Annotated[str | None, typer.Option(help="Override the region from the settings files.")] = None,
    prices: PricesOption = None,
    usage: UsageOption = None,
    level: LevelOption = Use.EXPECTED,
    no_free_tier: FreeTierOption = False,
    shared: Annotated[Split, typer.Option(help="How to split shared costs between domains.")] = Split.UNALLOCATED,
    fail_on_unpriced: Annotated[
        bool, typer.Option("--fail-on-unpriced", help="Exit 1 if any resource has no price.")
    ] = False,
    allow_unpriced: Annotated[
        bool, typer.Option("--allow-unpriced", help="Check limits even if resources without a price are missing.")
    ] = False,
    any_age: AnyAgeOption = False,
    budget: Annotated[str | None, typer.Option(metavar="USD", help="Exit 6 if the total exceeds this amount.")] = None,
    max_increase: Annotated[
        str | None, typer.Option(metavar="10%|USD", help="Exit 6 if the total rises more than this over --baseline.")
    ] = None,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Earlier report, saved with --json.")] = None,
    set_: SetOption = None,
    history: Annotated[
        bool, typer.Option("--history", help="Show the run history instead: each run and its cost.")
    ] = False,
    debug: DebugOption = False,
) -> None:
    """Estimate the monthly cost of STACK, or of all stacks.

    Reads the stack programs offline, without an AWS account. Exits 6 if the estimate exceeds a limit, or if a limit
    cannot be checked because a resource has no price.
    """
    shape = Format.JSON if json else format_
    today = now().date()
    if history:
        from trackstack_infra.cli.views.cost_history import print_history

        if shape not in (Format.TEXT, Format.JSON):
            raise UsageError(f"the run history has no {shape} format", hint="use --format text or --format json")
        _refuse_beside_history(ctx)
        print_history(home(), stack, month, as_json=shape is Format.JSON)
        return
    from dataclasses import replace

    from trackstack_infra.costs.price_age import age_warning
    from trackstack_infra.costs.report.summary import Shared, summarise

    period = asked_period(month, hours, average=average)
    limits = Limits(budget, max_increase, baseline, allow_unpriced)
    limits.check(fail_on_unpriced=fail_on_unpriced)
    if shared is not Split.UNALLOCATED and shape in (Format.CSV, Format.SVG):
        raise UsageError(f"--shared changes nothing in the {shape} format", hint="use text, markdown or json")
    scope = _scope(stack, period, set_ or [], region, prices, usage, level, free_tier=not no_free_tier)
    refuse_idle_hours(scope)
    report = summarise(scope, today, shared=Shared(shared.value))
    used = (line.price for line in report.lines)
    report = replace(report, warning=age_warning(used, scope.prices, today, any_age=any_age))
    gates, compared = limits.gates(report, scope)
    _print(report, shape, gates, compared)
    _exit(report, gates, shape, fail_on_unpriced=fail_on_unpriced)


# What the run history takes; all other options change an estimate, and would be ignored.
_OF_HISTORY: Final = frozenset(("stack", "month", "format_", "json", "history", "debug"))


def _refuse_beside_history(ctx: typer.Context) -> None:
    changed = (param for param in ctx.command.params if param.name not in _OF_HISTORY)
    given = [param.opts[0] for param in changed if not _by_default(ctx, param.name or "")]
    if given:
        raise UsageError(
            f"--history shows what was estimated before; {' and '.join(given)} would change nothing",
            hint="use --history with --month, --format and --json only",
        )


def _by_default(ctx: typer.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is None or source.name == "DEFAULT"


def _scope(
    stack: str | None,
    period: "Period",
    pairs: Sequence[str],
    region: str | None,
    prices: Path | None,
    usage: Path | None,
    level: Use,
    *,
    free_tier: bool,
) -> "Scope":
    from trackstack_infra.costs.scope import record_running
    from trackstack_infra.costs.snapshot import read_snapshot, shipped

    if pairs and stack is None:
        raise UsageError("--set requires a STACK", hint=f"run `trackstack cost-report STACK --set {pairs[0]}`")
    pairs = [*pairs, f"region={region}"] if region else pairs
    files = settings_files()
    stacks = [
        record_running(each, files, read_overrides(each, pairs, files)) for each in ([stack] if stack else STACKS)
    ]
    return scope_of(stacks, period, read_snapshot(prices or shipped()), usage, level, free_tier=free_tier)


def _print(report: "Report", shape: Format, gates: "Sequence[Gate]", compared: "Compared | None") -> None:
    if shape is Format.JSON:
        from trackstack_infra.costs.report.json import as_document

        print_json({**as_document(report), **gates_document(gates)})
    elif shape is Format.MARKDOWN:
        from trackstack_infra.costs.report.markdown import as_markdown

        print(as_markdown(report, gates, compared), end="")
    elif shape is Format.TEXT:
        _print_page(report)
        print_held(gates, sys.stdout)
    else:
        from trackstack_infra.costs.report.csv import as_csv
        from trackstack_infra.costs.report.svg import as_svg

        print((as_csv if shape is Format.CSV else as_svg)(report), end="")
        if report.warning:
            print(f"warning: {report.warning}", file=sys.stderr)
        print_held(gates, sys.stderr)


def _print_page(report: "Report") -> None:
    """As wide as the terminal; bars and headings stand out where colours may."""
    from trackstack_infra.costs.report.text import HEADINGS, as_text

    if not sys.stdout.isatty():
        print(as_text(report, int(os.environ.get("COLUMNS") or NARROWEST_COLUMNS)), end="")
        return
    from rich.text import Text

    out = stdout()
    page = Text(as_text(report, out.width))
    page.highlight_regex(r"[▏▎▍▌▋▊▉█]+", "cyan")
    page.highlight_regex(rf"(?m)^({'|'.join(HEADINGS)}).*$", "bold")
    page.highlight_regex(r"(?m)^(UNPRICED|Warning).*$", "yellow")
    page.highlight_regex(r"(?m)^Total (at least )?\$[\d,.]+", "bold")
    out.print(page, end="", no_wrap=True, overflow="ignore", crop=False)


def _exit(report: "Report", gates: "Sequence[Gate]", shape: Format, *, fail_on_unpriced: bool) -> None:
    error: BudgetExceeded | Failed | None = broken_limits(gates)
    if error is None and fail_on_unpriced and report.gaps:
        from trackstack_infra.costs.gate import described

        error = Failed(
            described(report.estimate.unpriced),
            hint="add a rule to trackstack_infra/costs/rules or a price to the price snapshot",
        )
    if error is None:
        return
    if shape is Format.JSON:  # stdout holds its one document already
        print(f"error: {error.message}", file=sys.stderr)
        raise typer.Exit(error.exit_code)
    raise error
