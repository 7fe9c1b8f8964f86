"""Arguments and options that several verbs share."""

from typing import Annotated

import typer

StackArgument = Annotated[str, typer.Argument(metavar="STACK", help="foundation, pragmatic or enterprise")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout instead of text.")]
DebugOption = Annotated[
    bool, typer.Option("--debug", help="Show the traceback of an error.", envvar="TRACKSTACK_DEBUG", show_envvar=False)
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")]
