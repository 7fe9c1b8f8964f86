"""`trackstack graph STACK`."""

from enum import StrEnum
from typing import Annotated

import typer

from trackstack_infra.cli.options import DebugOption, StackArgument
from trackstack_infra.cli.output import print_json
from trackstack_infra.cli.tools import ROOT


class Format(StrEnum):
    """How the graph is written."""

    MERMAID = "mermaid"
    JSON = "json"


def graph(
    stack: StackArgument,
    format_: Annotated[
        Format, typer.Option("--format", help="mermaid draws components; json lists every resource.")
    ] = Format.MERMAID,
    json: Annotated[bool, typer.Option("--json", help="Short for --format json.")] = False,
    debug: DebugOption = False,
) -> None:
    """Draw STACK as its program declares it."""
    from functools import partial

    from stacks import PROGRAMS
    from trackstack_infra import diagram
    from trackstack_infra.graph import record
    from trackstack_infra.settings import load_settings

    recorded = record(partial(PROGRAMS[stack], load_settings(stack, ROOT)), stack=stack, outputs="unknown")
    if json or format_ is Format.JSON:
        print_json(diagram.as_document(recorded))
    else:
        print(diagram.as_mermaid(recorded))
