"""`trackstack preview STACK`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from trackstack_infra.cli.context import open_session, settings_files
from trackstack_infra.cli.options import DebugOption, JsonOption, SetOption, StackArgument
from trackstack_infra.cli.overrides import read_overrides
from trackstack_infra.cli.views.output import stdout
from trackstack_infra.cli.views.price_now import price_of_settings
from trackstack_infra.errors import ChangesPending


def preview(
    stack: StackArgument,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="STACK[,KEY=VALUE…]",
            help="Compare STACK with another stack, or with other settings of its own.",
        ),
    ] = None,
    set_: SetOption = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 3 if there are changes or differences.")
    ] = False,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show what `up STACK` would change.

    Groups the changes by component. Changes nothing and needs no AWS account.
    """
    files = settings_files()
    if against is not None:
        from trackstack_infra.cli.views.compare import Comparison, parse_side, print_comparison, side

        comparison = Comparison(side(stack, set_ or [], files), side(*parse_side(against, stack), files))
        print_comparison(comparison, as_json=json)
        pending = comparison.differs
    else:
        from trackstack_infra import lifecycle
        from trackstack_infra.cli.views.plan import print_plan
        from trackstack_infra.local.state_dir.overrides import Overrides

        overrides = Overrides(read_overrides(stack, set_, files), tuple(set_ or ()))
        with open_session(stack, files, overrides) as session:
            plan = lifecycle.preview(session)
        print_plan(plan, as_json=json)
        if not json:
            price = price_of_settings(files, stack, overrides.values, datetime.now(UTC).date())
            stdout().print(f"On AWS: {price}", markup=False, highlight=False)
        pending = bool(plan.actual)
    if detailed_exitcode and pending:
        raise typer.Exit(ChangesPending.exit_code)
