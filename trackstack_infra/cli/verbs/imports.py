"""`trackstack import STACK DOMAIN FILE`."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from trackstack_infra.cli.context import home
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.output import print_json, stderr, stdout
from trackstack_infra.cli.views.progress import ConsoleProgress
from trackstack_infra.errors import UsageError
from trackstack_infra.names import DOMAINS

SHOWN_REFUSALS = 10


def import_file(
    stack: StackArgument,
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="expenses, gym or heating")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV file to import")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row without importing any.")] = False,
    parameters: Annotated[
        list[str],
        typer.Option("--with", metavar="NAME=VALUE", help="Set a parameter of the domain's import API (repeatable)."),
    ] = [],  # noqa: B006 - Typer's way of saying "none given"
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Import a CSV file into STACK.

    Reports the rows imported, already known and refused, with the reasons. Importing a file twice changes nothing.
    """
    from trackstack_infra.local.observe.api import import_csv

    if domain not in DOMAINS:
        raise UsageError(f"there is no domain {domain!r}", hint=f"the domains are {', '.join(DOMAINS)}")
    wrong = [given for given in parameters if "=" not in given]
    if wrong:
        raise UsageError(f"--with {wrong[0]} has no value", hint=f"write --with {wrong[0]}=VALUE")
    query = {"dry_run": str(dry_run).lower(), **dict(given.split("=", 1) for given in parameters)}
    with ConsoleProgress(stderr()).step(f"importing {file.name}"):
        report = import_csv(stack, domain, file, home(), query=query, verifier=secrets.token_urlsafe(48))
    if json:
        print_json(report)
        return
    out = stdout()
    verb = "would be imported" if dry_run else "imported"
    out.print(f"{file.name}: {report['taken']} {verb}, {report['known']} already known, {report['refused']} refused")
    for note in report.get("notes", ()):
        out.print(f"  note: {note}", markup=False)
    refusals = [row for row in report["rows"] if row["result"] == "refused"]
    for row in refusals[:SHOWN_REFUSALS]:
        out.print(f"  line {row['row']}: {row['reason']}", markup=False)
    if len(refusals) > SHOWN_REFUSALS:
        out.print(f"  … and {len(refusals) - SHOWN_REFUSALS} more; --json lists all")
