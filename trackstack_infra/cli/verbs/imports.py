"""`trackstack import STACK DOMAIN FILE`, `trackstack import list` and `trackstack import undo`."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from trackstack_infra.cli.context import home
from trackstack_infra.cli.options import DebugOption, JsonOption, StackArgument
from trackstack_infra.cli.views.import_report import show_imports, show_report, show_undo
from trackstack_infra.cli.views.output import print_json, stderr
from trackstack_infra.cli.views.progress import ConsoleProgress
from trackstack_infra.errors import NothingImported, UsageError
from trackstack_infra.names import DOMAINS

if TYPE_CHECKING:
    from trackstack_infra.local.observe.api import Api


class ImportGroup(TyperGroup):
    """The word `file` may be left out: `trackstack import enterprise gym FILE`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """What does not begin with a command is the import of a file."""
        known = args and (args[0] in self.commands or args[0].startswith("-"))
        return super().resolve_command(ctx, args if known else ["file", *args])


def _known_domain(domain: str | None) -> str | None:
    if domain is not None and domain not in DOMAINS:
        raise UsageError(f"there is no domain {domain!r}", hint=f"the domains are {', '.join(DOMAINS)}")
    return domain


DomainArgument = Annotated[
    str, typer.Argument(metavar="DOMAIN", help="expenses, gym or heating", callback=_known_domain)
]

app = typer.Typer(
    cls=ImportGroup,
    no_args_is_help=True,
    help="Import a file into STACK; list and undo imports.\n\nUsage of an import: trackstack import STACK DOMAIN FILE",
)


@app.command("file")
def import_file(
    stack: StackArgument,
    domain: DomainArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File to import; docs/imports.md lists the formats")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row without importing any.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Import rows again whose record was deleted.")] = False,
    parameters: Annotated[
        list[str],
        typer.Option("--with", metavar="NAME=VALUE", help="Decide something for the file, as in weight=lb."),
    ] = [],  # noqa: B006 - Typer's way of saying "none given"
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="How a bank's columns are read (YAML; docs/imports.md)."),
    ] = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Import a file into STACK; the word `file` may be left out.

    Reports what was decided for the file, and the rows imported, already known and refused. Importing a file twice
    changes nothing. Exits 7 if rows were refused and none was imported.
    """
    from trackstack_infra.local.observe import imports

    given = _parameters(parameters) | {"dry_run": str(dry_run).lower(), "again": str(again).lower()}
    if mapping is not None:
        if domain != "expenses":
            raise UsageError("--map is for files of banks", hint="leave it out: only expenses take a mapping")
        given["mapping"] = imports.read_mapping(mapping)
    progress = ConsoleProgress(stderr())

    def tell(done: int, of: int) -> None:
        if done < of:
            progress.say(f"  {file.name}: {done:,} of {of:,} rows")

    with progress.step(f"importing {file.name}"):
        report = imports.import_file(_api(stack), domain, file, parameters=given, progress=tell)
    if json:
        print_json(report)
    else:
        show_report(report, stack, domain, file.name, dry_run=dry_run)
    if report["refused"] and not (report["taken"] or report["changed"] or report["known"]):
        raise NothingImported(
            f"all {report['refused']:,} rows of {file.name} were refused",
            hint="correct the file, or decide by --with what the reasons ask for",
        )


@app.command("list")
def list_imports(
    stack: StackArgument,
    domain: Annotated[
        str | None, typer.Argument(metavar="DOMAIN", help="default: all three", callback=_known_domain)
    ] = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """List the imports of STACK, newest first.

    Shows the newest 200 of each domain, with what was decided for each file.
    """
    from trackstack_infra.local.observe import imports

    api = _api(stack)
    found = {each: imports.list_imports(api, each) for each in ([domain] if domain else DOMAINS)}
    if json:
        print_json(found)
    else:
        show_imports(found)


@app.command("undo")
def undo_import(
    stack: StackArgument,
    domain: DomainArgument,
    import_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="ID, or a part it begins or ends with (default: the newest)")
    ] = None,
    edited: Annotated[
        str | None,
        typer.Option(metavar="keep|remove", help="What happens to records changed since the import."),
    ] = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Undo an import: delete what it made.

    The file can then be imported again, with other decisions. Stops if records were changed since, unless --edited
    says what happens to them.
    """
    from trackstack_infra.local.observe import imports

    if edited not in (None, "keep", "remove"):
        raise UsageError(f"--edited {edited} is not known", hint="write --edited keep or --edited remove")
    api = _api(stack)
    with ConsoleProgress(stderr()).step("undoing the import"):
        run = imports.find_import(api, domain, import_id)
        report = imports.undo_import(api, domain, run["id"], edited=edited or "refuse")
    if json:
        print_json(report)
    else:
        show_undo(report, run)


def _api(stack: str) -> "Api":
    from trackstack_infra.local.observe.api import open_api

    return open_api(stack, home(), verifier=secrets.token_urlsafe(48))


def _parameters(given: list[str]) -> dict[str, str]:
    wrong = [each for each in given if "=" not in each]
    if wrong:
        raise UsageError(f"--with {wrong[0]} has no value", hint=f"write --with {wrong[0]}=VALUE")
    return dict(each.split("=", 1) for each in given)
