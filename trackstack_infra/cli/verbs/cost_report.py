"""`trackstack cost-report [STACK]`."""

import os
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.cli.context import home, settings_files
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
    parse_decimal,
    scope_of,
)
from trackstack_infra.cli.options import DebugOption, SetOption, StackOrAllArgument
from trackstack_infra.cli.overrides import read_overrides
from trackstack_infra.cli.views.output import NARROWEST_COLUMNS, print_json, stdout
from trackstack_infra.errors import BudgetExceeded, Failed, UsageError
from trackstack_infra.names import STACKS

if TYPE_CHECKING:
    from trackstack_infra.costs.limits import Baseline, Breach
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

    Reads the stack programs offline, without an AWS account. Exits 6 if the estimate exceeds a limit.
    """
    shape = Format.JSON if json else format_
    today = now().date()
    if history:
        from trackstack_infra.cli.views.cost_history import print_history

        if shape not in (Format.TEXT, Format.JSON):
            raise UsageError(f"the run history has no {shape} format", hint="use --format text or --format json")
        print_history(home(), stack, month, as_json=shape is Format.JSON)
        return
    from trackstack_infra.costs.report.summary import Shared, summarise
    from trackstack_infra.costs.scope import age_warning

    period = asked_period(month, hours, average=average)
    if (max_increase is None) != (baseline is None):
        raise UsageError(
            "--max-increase and --baseline require each other", hint="use --max-increase 10% --baseline FILE"
        )
    scope = _scope(stack, period, set_ or [], region, prices, usage, level, free_tier=not no_free_tier)
    report = summarise(scope, today, age_warning(scope.prices, today, any_age=any_age), Shared(shared.value))
    saved, breaches = _limits(report, budget, max_increase, baseline)
    _print(report, shape, saved, breaches)
    _exit(report, breaches, shape, fail_on_unpriced=fail_on_unpriced)


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


def _limits(
    report: "Report", budget: str | None, max_increase: str | None, baseline: Path | None
) -> "tuple[Baseline | None, list[Breach]]":
    from trackstack_infra.costs.limits import over_budget, over_increase, parse_limit, read_baseline

    saved = read_baseline(baseline, report.stacks) if baseline is not None else None
    found = [over_budget(report.estimate, parse_decimal(budget))] if budget is not None else []
    if saved is not None and max_increase is not None:
        found.append(over_increase(report.estimate, saved, parse_limit(max_increase)))
    return saved, [each for each in found if each is not None]


def _print(report: "Report", shape: Format, saved: "Baseline | None", breaches: "Sequence[Breach]") -> None:
    if shape is Format.JSON:
        from trackstack_infra.costs.report.json import as_document

        broken = [{"message": each.message, "lines": [vars(culprit) for culprit in each.culprits]} for each in breaches]
        print_json({**as_document(report), "breaches": broken})
    elif shape is Format.MARKDOWN:
        from trackstack_infra.costs.report.markdown import as_markdown

        print(as_markdown(report, breaches, saved), end="")
    elif shape is Format.TEXT:
        _print_page(report)
    else:
        from trackstack_infra.costs.report.csv import as_csv
        from trackstack_infra.costs.report.svg import as_svg

        print((as_csv if shape is Format.CSV else as_svg)(report), end="")
        if report.warning:
            print(f"warning: {report.warning}", file=sys.stderr)


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
    page.highlight_regex(r"(?m)^Total \$[\d,.]+", "bold")
    out.print(page, end="", no_wrap=True, overflow="ignore", crop=False)


def _exit(report: "Report", breaches: "Sequence[Breach]", shape: Format, *, fail_on_unpriced: bool) -> None:
    error: BudgetExceeded | Failed | None = None
    unpriced = report.estimate.unpriced
    if breaches:
        error = BudgetExceeded(
            "\n".join(_described(breaches)), hint="reduce the costs listed above, or raise the limit"
        )
    elif fail_on_unpriced and unpriced:
        kinds = sorted({each.type for each in unpriced})
        error = Failed(
            f"resources without a price: {len(unpriced)} ({', '.join(kinds)})",
            hint="add a rule to trackstack_infra/costs/rules or a price to the price snapshot",
        )
    if error is None:
        return
    if shape is Format.JSON:  # stdout holds its one document already
        print(f"error: {error.message}", file=sys.stderr)
        raise typer.Exit(error.exit_code)
    raise error


def _described(breaches: "Sequence[Breach]") -> Iterator[str]:
    for breach in breaches:
        yield breach.message
        for each in breach.culprits:
            yield f"  {each.stack:<11} {each.component:<16} {each.price:<26} ${each.usd:.2f}"
