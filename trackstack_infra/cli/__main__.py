"""`python -m trackstack_infra.cli`: the help at once, and any verb by way of Typer, which takes longer to import."""

import os
import sys

TYPE_CHECKING = False  # `typing` would take as long to import as the help takes to show
if TYPE_CHECKING:
    from collections.abc import Sequence

HELP_COLUMNS = 80


def main(arguments: "Sequence[str]") -> int:
    """Run one command; returns an exit code of docs/cli.md."""
    if list(arguments) == ["--help"] and _columns() >= HELP_COLUMNS:
        from trackstack_infra.cli.help_text import HELP

        return _show(HELP)
    from trackstack_infra.cli.run import run

    return run(arguments)


def _show(text: str) -> int:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # `trackstack --help | head -1`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _columns() -> int:
    """How wide Typer would find the terminal: what COLUMNS says, else what the terminal does; 80 without one."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or HELP_COLUMNS  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return HELP_COLUMNS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
