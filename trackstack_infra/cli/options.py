"""Arguments and options that several verbs share."""

from typing import Annotated

import typer

from trackstack_infra.errors import UsageError
from trackstack_infra.names import STACKS


def _known_stack(stack: str) -> str:
    if stack not in STACKS:
        raise UsageError(f"there is no stack {stack!r}", hint=f"the stacks are {', '.join(STACKS)}")
    return stack


StackArgument = Annotated[
    str, typer.Argument(metavar="STACK", help="foundation, pragmatic or enterprise", callback=_known_stack)
]
StackOrAllArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="STACK",
        help="foundation, pragmatic or enterprise (default: all three)",
        callback=lambda stack: stack and _known_stack(stack),
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
DebugOption = Annotated[
    bool,
    typer.Option(
        "--debug", help="Show the traceback if an error occurs.", envvar="TRACKSTACK_DEBUG", show_envvar=False
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show the planned changes without making them.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override a setting from Pulumi.STACK.yaml (repeatable)."),
]
