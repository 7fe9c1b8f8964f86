"""The commands that the README shows."""

import shlex
from collections.abc import Iterable, Sequence

from command_line import CHECKOUT

ANY_FILE = "FILE.csv"


def shown_commands() -> list[list[str]]:
    """The README's `./trackstack …` lines in order, each as the arguments behind the launcher's name."""
    found: list[list[str]] = []
    for line in (CHECKOUT / "README.md").read_text().splitlines():
        if line.startswith("./trackstack "):
            found += [shlex.split(command)[1:] for command in line.split("#")[0].split("&&")]
    return found


def in_order(shown: Sequence[Sequence[str]], ran: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """What of SHOWN was not run, from the first that is missing: others may have been run in between."""
    left = list(shown)
    for command in ran:
        if left and _same(left[0], command):
            del left[0]
    return left


def _same(shown: Sequence[str], command: Sequence[str]) -> bool:
    return len(shown) == len(command) and all(
        word == given or (word == ANY_FILE and given.endswith(".csv"))
        for word, given in zip(shown, command, strict=True)
    )
