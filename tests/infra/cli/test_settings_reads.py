"""How often a command reads the settings files: counted as the operating system sees it, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
COUNT = """
import collections, json, os, sys
opened = collections.Counter()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and arguments[1] != "w":
        name = os.path.basename(arguments[0])
        if name.startswith("Pulumi.") and name.endswith(".yaml"):
            opened[name] += 1
sys.addaudithook(watch)
from trackstack_infra.cli.__main__ import main
code = main(sys.argv[1:])
print(json.dumps({"code": code, "opened": opened}), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("command", "files"),
    [
        ("graph pragmatic --cost --set azs=3", ["pragmatic"]),
        ("preview enterprise --set egress=ipv6", ["enterprise", "foundation"]),
        ("preview enterprise --against pragmatic", ["enterprise", "pragmatic"]),
        ("cost what-if pragmatic ingress=ipv6 architecture=x86_64", ["pragmatic"]),
        ("up enterprise --dry-run --set azs=3", ["enterprise", "foundation"]),
    ],
)
def test_a_command_reads_each_settings_file_once(command: str, files: list[str], tmp_path: Path) -> None:
    """However many of its steps ask for settings, and no file that it does not need."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT, *command.split()],
        cwd=CHECKOUT,
        env={**os.environ, "TRACKSTACK_HOME": str(tmp_path), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert json.loads(done.stderr.splitlines()[-1])["opened"] == {f"Pulumi.{name}.yaml": 1 for name in files}, (
        done.stderr
    )
