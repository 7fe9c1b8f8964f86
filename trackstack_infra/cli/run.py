"""Run one verb, and say in words what went wrong."""

import json
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from trackstack_infra.cli.app import app
from trackstack_infra.errors import TrackStackError
from trackstack_infra.zones import use_pinned_zones

BUG, USAGE, INTERRUPTED = 1, 2, 130


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns an exit code of docs/cli.md."""
    try:
        use_pinned_zones()
        result = app(args=list(arguments), prog_name="trackstack", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # `trackstack`, `trackstack cost`: the help, not an error
            print(_message(error), file=sys.stderr)
            return USAGE
        return _report(arguments, _message(error), _usage_hint(error), USAGE)
    except TrackStackError as error:
        return _report(arguments, error.message, error.hint or "", error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _report(arguments, "interrupted", "", INTERRUPTED)
    except typer.Exit as error:
        return error.exit_code
    except BrokenPipeError:  # `trackstack status | head -1`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the outermost place: a bug still gets a sentence and a way on
        return _report(
            arguments,
            f"this is a bug in TrackStack: {type(error).__name__}: {error}",
            "run the same command with --debug and report its output",
            BUG,
        )


def _message(error: typer.TyperException) -> str:
    """The sentence of a usage error, as Typer words it."""
    return str(error.format_message()) if hasattr(error, "format_message") else str(error)


def _usage_hint(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    return f"run `{context.command_path} --help`" if context else "run `trackstack --help`"


def _report(arguments: Sequence[str], message: str, hint: str, code: int) -> int:
    if "--debug" in arguments or os.environ.get("TRACKSTACK_DEBUG"):
        traceback.print_exc()
    if "--json" in arguments:
        print(json.dumps({"error": {"message": message, "hint": hint, "exit_code": code}}, ensure_ascii=False))
    else:
        print(f"error: {message}" + (f"\n  → {hint}" if hint else ""), file=sys.stderr)
    return code
