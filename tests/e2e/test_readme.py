"""Every command the README shows, run as it stands there."""

import shlex
import signal
from pathlib import Path

import pytest
from laptop import CHECKOUT, Laptop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(280)]

STATEMENT = """Date,Mode,Category,Subcategory,Note,Amount,Income/Expense,Currency
04/11/2026,Cash,Food,,bread,3.20,Expense,EUR
"""


def shown_commands() -> list[list[str]]:
    """The README's `./trackstack …` lines in order, each as the arguments behind the launcher's name."""
    found: list[list[str]] = []
    for line in (CHECKOUT / "README.md").read_text().splitlines():
        if line.startswith("./trackstack "):
            found += [shlex.split(command)[1:] for command in line.split("#")[0].split("&&")]
    return found


def test_the_readme_begins_with_the_two_commands() -> None:
    """A newcomer meets `./trackstack up enterprise` and `make test` first."""
    text = (CHECKOUT / "README.md").read_text()
    assert shown_commands()[0] == ["up", "enterprise"]
    assert text.index("./trackstack up enterprise") < text.index("make test") < text.index("./trackstack status")


def test_every_command_of_the_readme_works(laptop: Laptop, tmp_path: Path) -> None:
    """Run from the first to the last on one laptop, none fails; `logs -f` follows until Ctrl-C."""
    statement = tmp_path / "statement.csv"
    statement.write_text(STATEMENT)
    for command in shown_commands():
        if "-f" in command:
            following = laptop.start(*command)
            assert following.stdout
            assert "gym" in following.stdout.readline()
            following.send_signal(signal.SIGINT)
            _, errors = following.communicate(timeout=20)
            assert following.returncode == 0, errors
        else:
            laptop.run(*[str(statement) if word == "FILE.csv" else word for word in command])
