"""The launcher, from a copy of the checkout's own files as a fresh clone has them."""

import json
import os
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
FILES = ("trackstack", "requirements.txt", "requirements-dev.txt", "requirements-uv.txt")


def launcher(folder: Path) -> ModuleType:
    """The launcher of a checkout as a module."""
    spec = spec_from_loader("launcher", SourceFileLoader("launcher", str(folder / "trackstack")))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A checkout with nothing installed."""
    for name in FILES:
        shutil.copy(CHECKOUT / name, tmp_path / name)
    return tmp_path


def test_an_environment_is_used_again_until_its_requirements_change(clone: Path) -> None:
    """A changed requirements file makes a new environment; an unchanged one costs a hash."""
    module = launcher(clone)
    assert not module.is_made_from("requirements.txt")
    (clone / ".venv").mkdir()
    assert json.loads(module.stamp_of("requirements.txt")).keys() == {"requirements.txt"}
    Path(module.STAMP).write_text(module.stamp_of("requirements.txt"))
    assert module.is_made_from("requirements.txt")
    assert not module.is_made_from("requirements-dev.txt")
    with (clone / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    assert not module.is_made_from("requirements.txt")


def test_an_environment_that_was_left_half_made_is_made_again(clone: Path) -> None:
    """The stamp is written last, so an interrupted installation does not count."""
    module = launcher(clone)
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "trackstack.json").write_text('{"requireme')
    assert not module.is_made_from("requirements.txt")


def test_a_launch_with_an_environment_imports_little(clone: Path) -> None:
    """Each command begins with it, so it leaves aside what only the making of an environment needs."""
    code = (
        "import sys; before = set(sys.modules); launcher = {'__name__': 'launcher', '__file__': sys.argv[1]};"
        "exec(open(sys.argv[1]).read(), launcher); launcher['is_made_from']('requirements.txt');"
        "print(*sorted(set(sys.modules) - before))"
    )
    shown = subprocess.run(
        [sys.executable, "-S", "-c", code, str(clone / "trackstack")], capture_output=True, text=True, check=True
    )
    assert "hashlib" in shown.stdout.split()
    assert not {"contextlib", "json", "pathlib", "re", "shutil", "subprocess", "typing"} & set(shown.stdout.split())


def test_a_wrong_hash_installs_nothing(clone: Path) -> None:
    """A package that is not the one that was pinned ends the launch with exit code 9 and no environment."""
    uv = (clone / "requirements-uv.txt").read_text().splitlines()
    (clone / "requirements-uv.txt").write_text(f"{uv[0]}\n    --hash=sha256:{'0' * 64}\n")
    (clone / "requirements.txt").write_text(f"six==1.17.0 \\\n    --hash=sha256:{'0' * 64}\n")
    shown = subprocess.run(
        [sys.executable, str(clone / "trackstack"), "--help"], capture_output=True, text=True, check=False, timeout=600
    )
    assert shown.returncode == 9
    assert "run the same command again" in shown.stderr
    assert not (clone / ".venv").exists()


def test_every_requirement_is_pinned_hashed_and_without_an_address() -> None:
    """What is installed is what was reviewed, and the files name no index."""
    for name in (*FILES[1:], "requirements-app.txt"):
        text = (CHECKOUT / name).read_text()
        requirements = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
        assert requirements
        assert all("==" in line and line.endswith("\\") for line in requirements), name
        assert "://" not in text
        assert "index" not in text


@pytest.mark.slow
def test_the_first_run_in_a_fresh_clone_installs_and_answers(tmp_path: Path) -> None:
    """`git clone`, then `./trackstack --help`: it installs its own environment and answers; the second run is quick."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    first = subprocess.run(
        [str(clone / "trackstack"), "--help"], env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert first.returncode == 0, first.stderr
    assert "Making .venv from requirements.txt" in first.stderr
    assert "up " in first.stdout
    second = subprocess.run(
        [str(clone / "trackstack"), "--help"], env=environment, capture_output=True, text=True, check=True, timeout=20
    )
    assert second.stderr == ""
    inode = (clone / ".venv").stat().st_ino
    subprocess.run(["make", "environment"], cwd=clone, env=environment, check=True, timeout=600, capture_output=True)
    assert (clone / ".venv" / "bin" / "pytest").exists()
    assert (clone / ".venv").stat().st_ino == inode, "stacks that run from the environment must go on"
