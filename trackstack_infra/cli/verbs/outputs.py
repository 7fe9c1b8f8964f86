"""`trackstack outputs STACK [KEY]`."""

from typing import Annotated, Any

import typer

from trackstack_infra.cli.context import home
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, stdout, table
from trackstack_infra.errors import UsageError


def outputs(
    stack: StackArgument,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Print only the value of this output.")] = "",
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Print the outputs of STACK, or one of them.

    Replaces AWS URLs with local URLs where a local endpoint serves them.
    """
    from trackstack_infra.local.observe.status import outputs_with_local_urls

    found = outputs_with_local_urls(stack, home())
    if key:
        if key not in found:
            raise UsageError(f"{stack} has no output {key!r}", hint=f"it has {', '.join(sorted(found))}")
        found = {key: found[key]}
    if json:
        print_json(found)
    elif key:
        print(_text(found[key]))
    else:
        grid = table("OUTPUT", "VALUE")
        for name, value in sorted(found.items()):
            grid.add_row(name, _text(value))
        stdout().print(grid)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {item}" for name, item in value.items())
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
