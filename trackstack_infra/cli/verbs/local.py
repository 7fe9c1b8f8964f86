"""`trackstack local stop`."""

import typer

from trackstack_infra.cli.context import home
from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.views.output import print_json, stdout

app = typer.Typer(no_args_is_help=True, help="Control the local cloud that the stacks run in.")


@app.command()
def stop(json: JsonOption = False, debug: DebugOption = False) -> None:
    """Stop the local cloud and all its tasks; keep the data.

    The next `up` starts it again.
    """
    from trackstack_infra.local.supervisor.client import Supervisor

    supervisor = Supervisor.find(home())
    if supervisor is not None:
        supervisor.stop()
    if json:
        print_json({"stopped": supervisor is not None})
    else:
        stdout().print(
            "The local cloud has stopped; data is kept." if supervisor else "The local cloud is not running."
        )
