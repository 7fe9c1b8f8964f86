"""`trackstack cost`: the working behind a report, other settings, what is claimed, what was billed."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trackstack_infra.cli.context import settings_files
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
    chosen_prices,
    heading,
    now,
    refuse_idle_hours,
    running,
    scope_of,
    warn_of_age,
)
from trackstack_infra.cli.options import DebugOption, JsonOption, SetOption, StackArgument
from trackstack_infra.cli.overrides import read_overrides
from trackstack_infra.cli.verbs import cost_prices
from trackstack_infra.cli.views.output import print_json
from trackstack_infra.errors import ClaimIsFalse, UsageError
from trackstack_infra.names import STACKS

if TYPE_CHECKING:
    from trackstack_infra.costs.actual import Bill
    from trackstack_infra.costs.claims import Verdict

app = typer.Typer(no_args_is_help=True, help="Explain estimates, compare settings, check claims and bills.")
app.add_typer(cost_prices.app, name="prices")


class Format(StrEnum):
    """How claims are written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def explain(
    stack: StackArgument,
    part: Annotated[
        str | None,
        typer.Argument(metavar="PART", help="Component, domain, resource type or price ID prefix, such as nat."),
    ] = None,
    month: MonthOption = None,
    average: AverageOption = False,
    hours: HoursOption = None,
    set_: SetOption = None,
    prices: PricesOption = None,
    usage: UsageOption = None,
    level: LevelOption = Use.EXPECTED,
    no_free_tier: FreeTierOption = False,
    any_age: AnyAgeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show the formula, rule, price and source of each cost."""
    from dataclasses import replace

    from trackstack_infra.costs import explain as working
    from trackstack_infra.costs.report.amounts import short
    from trackstack_infra.costs.what_if import record_as

    files = settings_files()
    recorded, _ = record_as(stack, files, read_overrides(stack, set_, files))
    asked, snapshot = asked_period(month, hours, average=average), chosen_prices(prices)
    scope = scope_of([recorded], asked, snapshot, usage, level, free_tier=not no_free_tier)
    refuse_idle_hours(scope)
    estimate = scope.estimate()
    shown = working.part_of(estimate, part)
    warn_of_age([replace(estimate, lines=shown)], snapshot, any_age=any_age)
    if json:
        print_json(working.as_document(estimate, part))
        return
    up = running(stack, scope)
    named = (f"{stack}, {part}" if part else stack) + (f" · runs {short(up)} h" if up is not None else "")
    print(working.as_text(estimate, part, heading(named, scope, level)), end="")


@app.command("what-if")
def what_if(
    stack: StackArgument,
    given: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE", help="Overrides to compare, such as schedule=always.")
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY=VALUE[,…]",
            help="Add one alternative as a column (repeatable); accepts STACK[,KEY=VALUE…], too.",
        ),
    ] = None,
    set_: SetOption = None,
    month: MonthOption = None,
    average: AverageOption = False,
    hours: HoursOption = None,
    prices: PricesOption = None,
    usage: UsageOption = None,
    level: LevelOption = Use.EXPECTED,
    no_free_tier: FreeTierOption = False,
    any_age: AnyAgeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Compare the cost of STACK with other settings.

    With --compare, each KEY=VALUE argument is one more alternative.
    """
    from trackstack_infra.costs import what_if as choices
    from trackstack_infra.costs.what_if import record_as

    sides = _sides(stack, given or [], compare or [])
    asked, snapshot = asked_period(month, hours, average=average), chosen_prices(prices)
    priced, title, files = [], "", settings_files()
    for of, pairs in sides:
        recorded, assumed = record_as(of, files, read_overrides(of, [*(set_ or []), *pairs], files))
        scope = scope_of([recorded], asked, snapshot, usage, level, free_tier=not no_free_tier)
        name = ", ".join([*([of] if of != stack else []), *pairs]) or "current settings"
        priced.append(choices.Choice(name, scope.estimate(), running(of, scope), assumed))
        title = title or heading(of, scope, level)
    warn_of_age((each.estimate for each in priced), snapshot, any_age=any_age)
    comparison = choices.Comparison(tuple(priced))
    if json:
        print_json(choices.as_document(comparison))
    else:
        print(choices.as_text(comparison, title), end="")


def _sides(stack: str, given: Sequence[str], compare: Sequence[str]) -> list[tuple[str, list[str]]]:
    """What is laid side by side: all choices of --compare, or the stack as it is and as it would be."""
    from trackstack_infra.cli.views.compare import parse_side

    if compare:
        sides = [parse_side(each, stack) for each in [*compare, *given]]
        if len(sides) < 2:
            raise UsageError(
                "--compare needs at least two alternatives", hint=f"use --compare {compare[0]} --compare KEY=VALUE"
            )
        return sides
    if not given:
        raise UsageError("what-if needs at least one override", hint=f"run `trackstack cost what-if {stack} KEY=VALUE`")
    return [(stack, []), (stack, list(given))]


@app.command()
def claims(
    format_: Annotated[
        Format, typer.Option("--format", help="Output format; markdown is the README's cost block.")
    ] = Format.TEXT,
    file: Annotated[
        Path | None, typer.Option("--claims", metavar="FILE", help="Check the claims in this file instead.")
    ] = None,
    prices: PricesOption = None,
    usage: UsageOption = None,
    any_age: AnyAgeOption = False,
    json: Annotated[bool, typer.Option("--json", help="Same as --format json.")] = False,
    debug: DebugOption = False,
) -> None:
    """Check cost claims against estimates.

    Exits 7 if a claim in this project's documentation is false.
    """
    from trackstack_infra.costs import claims as said
    from trackstack_infra.costs.line import Estimate
    from trackstack_infra.costs.scope import usage_with
    from trackstack_infra.costs.usage import Level

    snapshot, estimates = chosen_prices(prices), list[Estimate]()
    used = usage_with(usage, Level.EXPECTED)
    price = said.pricer(settings_files(), snapshot, used, on_estimate=estimates.append)
    verdicts = said.judge(said.read_claims(file or said.SHIPPED), price)
    warn_of_age(estimates, snapshot, any_age=any_age)
    if json or format_ is Format.JSON:
        print_json(said.as_document(verdicts))
    else:
        print((said.as_markdown if format_ is Format.MARKDOWN else said.as_text)(verdicts), end="")
    _refuse_false(verdicts, quietly=json or format_ is Format.JSON)


def _refuse_false(verdicts: "Sequence[Verdict]", *, quietly: bool) -> None:
    wrong = [each.claim for each in verdicts if each.claim.docs and not each.holds]
    if not wrong:
        return
    named = " and ".join(f"{claim.file} ({claim.id})" for claim in wrong)
    if quietly:  # stdout holds its one document already
        print(f"error: false cost claims: {named}", file=sys.stderr)
        raise typer.Exit(ClaimIsFalse.exit_code)
    raise ClaimIsFalse(f"false cost claims: {named}", hint="correct the page and costs/claims.yaml, or the program")


@app.command()
def actual(
    stack: StackArgument,
    month: Annotated[str, typer.Option(metavar="YYYY-MM", help="Month of the bill.")],
    target: Annotated[str, typer.Option(metavar="aws", help="Set to aws to allow requests to AWS.")] = "local",
    yes: Annotated[bool, typer.Option("--yes", help="Send requests without asking; each costs $0.01.")] = False,
    endpoint: Annotated[
        str | None, typer.Option(metavar="URL", help="Cost Explorer endpoint, such as an emulator's.")
    ] = None,
    prices: PricesOption = None,
    usage: UsageOption = None,
    any_age: AnyAgeOption = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Compare a month's AWS bill with its estimate.

    Asks before it sends requests to AWS Cost Explorer, which cost $0.01 each.
    """
    from trackstack_infra.costs import actual as billed
    from trackstack_infra.costs.report.summary import period
    from trackstack_infra.costs.what_if import record_as

    _allow(stack, month, target, endpoint)
    asked = asked_period(month)
    assert asked.month is not None, "a month was named"
    first, after = billed.days_of(asked.month, now().date())
    _agree(yes=yes, silent=json)
    files = settings_files()
    together = [record_as(each, files, {})[0] for each in STACKS]  # the account's free tiers are shared by all
    scope = scope_of(together, asked, chosen_prices(prices), usage)
    estimate = scope.estimate().of(stack)
    warn_of_age([estimate], scope.prices, any_age=any_age)
    bill: Bill = billed.ask(_cost_explorer(endpoint), first, after)
    matched = billed.match(estimate, bill, stack, scope.region)
    if json:
        print_json(billed.as_document(matched, bill))
        return
    part = "" if after.day == 1 else f" to {after:%d %B} (estimate: whole month)"
    print(billed.as_text(matched, bill, f"{stack} · {period(scope.calendars())}{part} · {scope.region}"), end="")


def _allow(stack: str, month: str, target: str, endpoint: str | None) -> None:
    """AWS itself is asked only by who says so."""
    if target not in ("local", "aws"):
        raise UsageError(f"there is no target {target!r}", hint="the targets are local, aws; only aws has bills")
    of_aws = endpoint is None or any(name in endpoint.lower() for name in ("amazonaws.com", "api.aws"))
    if of_aws and target != "aws":
        raise UsageError(
            "requests to AWS require --target aws",
            hint=f"run `trackstack cost actual {stack} --month {month} --target aws`; each request costs $0.01",
        )


def _agree(*, yes: bool, silent: bool) -> None:
    from trackstack_infra.costs.actual import MOST_PAGES

    if yes:
        return
    if silent or not sys.stdin.isatty():
        raise UsageError("a Cost Explorer request costs $0.01 and was not confirmed", hint="add --yes")
    question = f"Cost Explorer charges $0.01 a request; a bill takes 1 to {MOST_PAGES}, usually 1. Continue?"
    typer.confirm(question, abort=True, err=True)


def _cost_explorer(endpoint: str | None) -> Any:
    import boto3

    return boto3.client("ce", region_name="us-east-1", endpoint_url=endpoint)  # it lives there for all regions
