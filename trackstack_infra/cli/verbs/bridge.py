"""`trackstack bridge backup` and `trackstack bridge list`."""

from dataclasses import asdict

import typer

from trackstack_infra.cli.context import open_session
from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.views.output import print_json, stdout, table
from trackstack_infra.names import PRAGMATIC

app = typer.Typer(no_args_is_help=True, help="Back up pragmatic as the source of enterprise's data.")


@app.command()
def backup(json: JsonOption = False, debug: DebugOption = False) -> None:
    """Create a verified backup of pragmatic.

    After its next `down` and `up`, enterprise uses the newest backup.
    """
    from trackstack_infra import backups

    with open_session(PRAGMATIC) as session:
        made = backups.back_up(session)
    if json:
        print_json(asdict(made))
        return
    stdout().print(f"Backup [bold]{made.id}[/]: {made.rows:,} rows, {made.bytes:,} bytes, verified.")
    stdout().print("To load it into enterprise: ./trackstack down enterprise, then up enterprise")


@app.command("list")
def list_backups(json: JsonOption = False, debug: DebugOption = False) -> None:
    """List the backups, newest first.

    Lists complete backups only: those with a manifest.
    """
    from trackstack_infra import backups

    with open_session(PRAGMATIC) as session:
        found = backups.list_backups(session)
    if json:
        print_json([asdict(backup) for backup in found])
        return
    grid = table("BACKUP (UTC)", "SOURCE", "ROWS", "BYTES")
    for one in found:
        grid.add_row(one.id, one.source, f"{one.rows:,}", f"{one.bytes:,}")
    stdout().print(grid if found else "No backup yet. Create one with ./trackstack bridge backup.")
