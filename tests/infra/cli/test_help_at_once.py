"""`trackstack --help` shows a text that is kept, because importing what makes it takes longer than reading it."""

import os
import pty
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.help_text import HELP
from trackstack_infra.cli.run import run

CHECKOUT = Path(__file__).resolve().parents[3]
KEPT = CHECKOUT / "trackstack_infra" / "cli" / "help_text.py"
AGAIN = "TRACKSTACK_FREEZE=help .venv/bin/python -m pytest -q -n 0 tests/infra/cli/test_help_at_once.py"


def test_the_kept_help_is_what_the_verbs_say(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Word for word what Typer makes of the verbs; TRACKSTACK_FREEZE=help writes it anew."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["--help"]) == 0
    made = capsys.readouterr().out
    if os.environ.get("TRACKSTACK_FREEZE") == "help":
        KEPT.write_text(
            '"""What `trackstack --help` shows; tests/infra/cli/test_help_at_once.py compares it with the verbs."""\n\n'
            f'HELP = """\\\n{made}"""\n',
            encoding="utf-8",
        )
        return
    assert made == HELP, f"write it anew: {AGAIN}"


@pytest.mark.parametrize("columns", ["40", "79", "80", "200", "0", "wide", ""])
def test_the_help_is_as_wide_as_the_terminal(
    columns: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept or made, both answer the same bytes at any width."""
    monkeypatch.setenv("COLUMNS", columns)
    codes = main(["--help"]), run(["--help"])
    shown = capsys.readouterr().out
    assert codes == (0, 0)
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]


def test_in_a_narrow_terminal_the_help_is_narrow() -> None:
    """Without COLUMNS the terminal is asked: 60 columns wide, no line is longer."""
    ours, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 60))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "trackstack_infra.cli", "--help"]
    done = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=terminal, stdin=terminal)
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # Linux's way to say that nobody writes any more
        while more := os.read(ours, 65536):
            shown += more
    assert done.wait(60) == 0
    os.close(ours)
    assert b"Deploy one" in shown
    assert max(len(line) for line in shown.decode().splitlines()) <= 60


def test_the_help_imports_nothing_that_takes_time() -> None:
    """Neither Typer nor what Typer needs: at most the interpreter's own modules and three of ours."""
    code = (
        "import sys; before = set(sys.modules); from trackstack_infra.cli.__main__ import main; main(['--help']);"
        "print(*sorted(set(sys.modules) - before))"
    )
    shown = subprocess.run([sys.executable, "-S", "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("Usage: trackstack")
    loaded = shown.stdout.splitlines()[-1].split()
    assert [name for name in loaded if name.startswith("trackstack_infra")] == [
        "trackstack_infra", "trackstack_infra.cli", "trackstack_infra.cli.__main__", "trackstack_infra.cli.help_text",
    ]  # fmt: skip
    assert not {"typer", "typing", "re", "pathlib", "shutil"} & set(loaded)


def test_a_reader_who_leaves_is_no_error() -> None:
    """`trackstack --help | true` says nothing on stderr."""
    read, write = os.pipe()
    os.close(read)
    shown = subprocess.run(
        [sys.executable, "-m", "trackstack_infra.cli", "--help"],
        cwd=CHECKOUT,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (shown.returncode, shown.stderr) == (0, b"")
