"""A command that is run again answers the same bytes, whatever became of the graphs it keeps, and records nothing anew.

In a copy of the checkout, so that nobody else's commands keep graphs in it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

CHECKOUT: Final = Path(__file__).resolve().parents[3]
COPIED: Final = (
    "apps", "stacks", "trackstack_infra", "Dockerfile", "Pulumi.enterprise.yaml", "Pulumi.foundation.yaml",
    "Pulumi.pragmatic.yaml", "policy.yaml", "requirements-app.txt", "requirements.txt",
)  # fmt: skip
# What runs a stack's program, counted; the last line on stderr.
COUNT: Final = """
import sys
from trackstack_infra.graph import program
runs, run_program = [], program.run_program
program.run_program = lambda *arguments, **options: (runs.append(1), run_program(*arguments, **options))[1]
from trackstack_infra.cli.__main__ import main
code = main(sys.argv[1:])
print(len(runs), file=sys.stderr)
sys.exit(code)
"""


class Copy:
    """A copy of the checkout, and commands in it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.root, self.kept = root, root / ".trackstack" / "cache" / "graphs"
        self._environment: Mapping[str, str] = {
            **os.environ, "PYTHONPATH": str(root), "TRACKSTACK_HOME": str(home), "COLUMNS": "80",
        }  # fmt: skip

    def start(self, command: str, *program: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-P", *(program or ("-m", "trackstack_infra.cli")), *command.split()],
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def said(self, command: str, *program: str) -> tuple[str, str]:
        """What a command that must succeed says on stdout and stderr."""
        return _said(self.start(command, *program))

    def runs(self, command: str) -> int:
        """How often the command runs a program of a stack."""
        return int(self.said(command, "-c", COUNT)[1].splitlines()[-1])

    def forget(self) -> None:
        shutil.rmtree(self.root / ".trackstack", ignore_errors=True)


def _said(process: "subprocess.Popen[str]") -> tuple[str, str]:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return out, err


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        copier: Any = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy2
        copier(CHECKOUT / name, root / name)
    copied = Copy(root, tmp_path_factory.mktemp("home"))
    # A process keeps no graph of sources that are younger than itself, by the coarse clock of some file systems.
    copied.said("graph foundation")
    subprocess.run(["sleep", "2.2"], check=True)
    return copied


def test_the_same_bytes_with_a_kept_graph_without_and_with_a_broken_one(copy: Copy) -> None:
    """Two at once with nothing kept, one after them, after damage, after deletion, and where none can be kept."""
    copy.forget()
    first, second = (copy.start("graph foundation --json") for _ in range(2))
    made = _said(first)
    assert _said(second) == made
    (kept,) = copy.kept.iterdir()
    assert copy.said("graph foundation --json") == made
    kept.write_bytes(kept.read_bytes()[:1000])
    assert copy.said("graph foundation --json") == made
    copy.forget()
    (copy.root / ".trackstack").write_text("a file where the folder should be")
    assert copy.said("graph foundation --json") == made
    (copy.root / ".trackstack").unlink()


@pytest.mark.parametrize(
    ("command", "programs"),
    [
        ("graph foundation", 1),
        pytest.param("policy check --json", 3, marks=pytest.mark.slow),
        pytest.param("cost-report --json --any-age", 3, marks=pytest.mark.slow),
    ],
)
def test_a_command_that_only_looks_runs_no_program_again(copy: Copy, command: str, programs: int) -> None:
    """The first time it runs each of its stacks' programs once, then none, and says the same."""
    copy.forget()
    assert copy.runs(command) == programs
    again = copy.said(command)
    assert copy.runs(command) == 0
    copy.forget()
    assert copy.said(command) == again


def test_a_preview_runs_the_program_once(copy: Copy) -> None:
    """To plan; the price needs made-up ARNs where the plan has none yet, and so a graph of its own, which is kept."""
    copy.forget()
    assert copy.runs("preview pragmatic") == 2
    assert copy.runs("preview pragmatic") == 1
    assert copy.runs("up pragmatic --dry-run") == 1


@pytest.mark.parametrize("name", ["stacks/foundation.py", "requirements.txt"])
def test_a_changed_byte_runs_the_program_again(copy: Copy, name: str) -> None:
    """One more line is enough, and back it is known again; test_kept.py has each kind of source."""
    copy.said("graph foundation")
    assert copy.runs("graph foundation") == 0
    before = (copy.root / name).read_bytes()
    with (copy.root / name).open("ab") as file:
        file.write(b"\n")
    assert copy.runs("graph foundation") == 1
    (copy.root / name).write_bytes(before)
    assert copy.runs("graph foundation") == 0


def test_a_changed_setting_runs_the_program_again(copy: Copy) -> None:
    """In the stack's file and by --set; a comment in the file changes nothing."""
    copy.said("graph pragmatic")
    path = copy.root / "Pulumi.pragmatic.yaml"
    before = path.read_text()
    path.write_text(f"{before}\n# a comment\n")
    assert copy.runs("graph pragmatic") == 0
    path.write_text(before.replace("trackstack:azs: 2", "trackstack:azs: 1"))
    assert copy.runs("graph pragmatic") == 1
    assert copy.runs("graph pragmatic --set azs=2") == 0, "the settings that the file had"
    path.write_text(before)
