"""Runs the command line as its users do: as a process, with a state directory of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """TRACKSTACK_HOME of the commands of one test."""
    return tmp_path / "home"


@pytest.fixture
def trackstack(home: Path) -> Run:
    """Call it like `trackstack("up", "enterprise")`; returns exit code, stdout and stderr."""

    def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "trackstack_infra.cli", *arguments],
            env={
                **os.environ,
                "PYTHONPATH": str(CHECKOUT),
                "TRACKSTACK_HOME": str(home),
                "COLUMNS": "80",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run
