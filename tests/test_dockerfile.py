"""The Dockerfile: one target an image, each with its own domains and nothing else, and all of what it imports."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from trackstack_infra.images import SOURCES

ROOT = Path(__file__).parents[1]
IMAGES = ("monolith", "expenses", "gym", "heating", "bridge")
SERVICES = IMAGES[:4]

# What each image starts, and what its domains are.
MODULES = {
    "monolith": ("apps.monolith.__main__", {"expenses", "gym", "heating"}),
    "expenses": ("apps.expenses.__main__", {"expenses"}),
    "gym": ("apps.gym.__main__", {"gym"}),
    "heating": ("apps.heating.__main__", {"heating"}),
    "bridge": ("apps.bridge.handler", {"expenses", "gym", "heating"}),
}


@dataclass(frozen=True)
class Stage:
    """One FROM of the Dockerfile with the instructions below it."""

    base: str
    instructions: tuple[tuple[str, str], ...]

    def all(self, keyword: str) -> list[str]:
        return [text for name, text in self.instructions if name == keyword]


@cache
def stages() -> dict[str, Stage]:
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, Stage] = {}
    name = ""
    for line in re.sub(r"\\\n", " ", text).splitlines():
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "FROM":
            base, _, name = rest.partition(" AS ")
            found[name] = Stage(base, ())
        elif keyword and name:
            found[name] = Stage(found[name].base, (*found[name].instructions, (keyword, " ".join(rest.split()))))
    return found


def lineage(image: str) -> list[Stage]:
    """The stage of an image and those it builds on, the first one first."""
    line: list[Stage] = []
    while image in stages():
        line.insert(0, stages()[image])
        image = stages()[image].base
    return line


def last(image: str, keyword: str) -> str | None:
    found = [text for stage in lineage(image) for text in stage.all(keyword)]
    return found[-1] if found else None


def copied(image: str) -> set[str]:
    """The paths of the checkout that end up in an image."""
    copies = [text.split() for stage in lineage(image) for text in stage.all("COPY")]
    return {words[0] for words in copies if not words[0].startswith("--from")}


def test_hadolint_finds_nothing() -> None:
    """The Dockerfile passes hadolint down to matters of style."""
    binary = Path(sys.executable).with_name("hadolint")
    answer = subprocess.run([binary, "Dockerfile"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "")


def test_there_is_one_target_an_image() -> None:
    """Each image of the stacks is a target; what is between is named after what it holds."""
    assert set(stages()) == {*IMAGES, "libraries", "lambda-libraries", "service"}
    assert set(SOURCES) == set(IMAGES)


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_its_own_domains_only(image: str) -> None:
    """A service's image has no file of another domain, and what it copies is what its digest is made of."""
    domains = {path.removeprefix("apps/") for path in copied(image)} & {"expenses", "gym", "heating"}
    assert domains == MODULES[image][1]
    assert copied(image) | {"Dockerfile", "requirements-app.txt"} == set(SOURCES[image])


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_holds_all_it_imports(image: str, tmp_path: Path) -> None:
    """Every module in an image can be imported with nothing else of the checkout beside it."""
    for path in copied(image):
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / path, target)
    modules = sorted(".".join(file.relative_to(tmp_path).with_suffix("").parts) for file in tmp_path.rglob("*.py"))
    assert MODULES[image][0] in modules
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    # -P: neither the checkout nor this test's directory is on the path, only the copy.
    answer = subprocess.run(
        [sys.executable, "-P", "-c", program, *modules],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]


@pytest.mark.parametrize("image", SERVICES)
def test_a_service_starts_as_itself(image: str) -> None:
    """Python is the first process, without a shell around it, so that SIGTERM reaches it."""
    assert json.loads(last(image, "CMD") or "") == ["python", "-m", f"apps.{image}"]


def test_the_lambda_starts_the_handler() -> None:
    """The bridge's image names the handler that Lambda calls."""
    assert json.loads(last("bridge", "CMD") or "") == ["apps.bridge.handler.handler"]


@pytest.mark.parametrize("image", SERVICES)
def test_a_service_runs_as_a_numeric_user(image: str) -> None:
    """No service runs as root; the user is a number, the one its directory on the file system belongs to."""
    assert lineage(image)[-1].all("USER") == ["1000:1000"]
    names = [name for name, _ in lineage(image)[-1].instructions]
    assert names.index("USER") > max(index for index, name in enumerate(names) if name in {"RUN", "COPY"})


@pytest.mark.parametrize("image", SERVICES)
def test_a_service_may_write_temporary_files(image: str) -> None:
    """The task's root is read-only; the volume mounted at /tmp has the image's mode, so that user 1000 may write it."""
    assert [json.loads(text) for stage in lineage(image) for text in stage.all("VOLUME")] == [["/tmp"]]


def test_no_image_brings_a_health_check() -> None:
    """ECS has its own health check; one in the image would be a second truth."""
    assert not any(stage.all("HEALTHCHECK") or stage.all("ENTRYPOINT") for stage in stages().values())


@pytest.mark.parametrize("stage", ["libraries", "lambda-libraries"])
def test_packages_are_pinned_by_hash(stage: str) -> None:
    """Every package is checked against the hash in the lock file."""
    (run,) = stages()[stage].all("RUN")
    assert "--require-hashes" in run
    assert "-r /requirements-app.txt" in run


@pytest.mark.parametrize("stage", ["libraries", "lambda-libraries"])
def test_botocore_keeps_what_the_app_calls(stage: str) -> None:
    """Each AWS service that the app makes a client of survives the pruning of botocore."""
    (run,) = stages()[stage].all("RUN")
    kept = set(re.findall(r"! -name (\S+)", run))
    # The Spot function is no part of an image: it runs on the SDK that Lambda brings.
    files = (path for path in (ROOT / "apps").rglob("*.py") if "spot" not in path.parts)
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    called = set(re.findall(r"(?:aws_client|boto3\.client|session\.client)\(\s*\"(\w+)\"", sources))
    assert {"s3", "sqs", "sns"} <= called <= kept


def test_pruned_botocore_still_makes_clients(tmp_path: Path) -> None:
    """The very command of the Dockerfile, run on a copy of botocore, leaves working clients of what it keeps."""
    import botocore

    run = re.sub(r"\s+", " ", stages()["libraries"].all("RUN")[0])
    prune = re.search(r"find /libraries.*? \{\} \+", run)
    assert prune
    libraries = tmp_path / "libraries"
    source = Path(botocore.__file__).parent
    shutil.copytree(source, libraries / "botocore", ignore=shutil.ignore_patterns("__pycache__"))
    before = len(list((libraries / "botocore" / "data").iterdir()))
    subprocess.run(["sh", "-c", prune[0].replace("/libraries", str(libraries))], check=True)
    assert len(list((libraries / "botocore" / "data").iterdir())) < before / 10
    program = (
        "import botocore.session as s, botocore, sys; assert botocore.__file__.startswith(sys.argv[1]);"
        "[s.get_session().create_client(n, region_name='eu-central-1') for n in ('sqs', 'sns', 's3', 'sts', 'ssm')]"
    )
    subprocess.run([sys.executable, "-c", program, str(libraries)], env={"PYTHONPATH": str(libraries)}, check=True)


def test_the_build_sees_only_what_images_copy() -> None:
    """The build context leaves out everything that no image needs, the web app and any local data included."""
    lines = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    assert {line for line in lines if line.startswith("!")} == {"!requirements-app.txt", "!apps"}
    assert "apps/web" in lines
