"""Infrastructure and app never import each other: here both sides of what they agreed on are compared."""

import ast
import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.bridge.manifest import BACKUP_ID as APP_BACKUP_ID
from apps.bridge.storage import FAILED_PREFIX, PREFIX
from apps.common.settings import Settings as AppSettings
from apps.common.settings import settings_of
from apps.contracts import EVENTS
from stacks.domains import LISTENS_TO
from trackstack_infra import names
from trackstack_infra.components import storage
from trackstack_infra.graph import Graph
from trackstack_infra.images import SOURCES
from trackstack_infra.settings.models import BACKUP_ID

ROOT = Path(__file__).parents[2]
DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
FUNCTION = "aws:lambda/function:Function"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
ENTRY_POINTS = {
    "monolith": "apps.monolith.__main__",
    "expenses": "apps.expenses.__main__",
    "gym": "apps.gym.__main__",
    "heating": "apps.heating.__main__",
    "bridge": "apps.bridge.handler",
}


@pytest.mark.parametrize("domain", names.DOMAINS)
def test_a_queue_gets_what_its_service_handles(domain: str) -> None:
    """The events a domain's queue is filled with are the ones that domain has handlers for."""
    service = importlib.import_module(f"apps.{domain}").service
    assert {event.type for event in service.handlers} == set(LISTENS_TO[domain])


def test_every_published_event_is_wanted_by_somebody() -> None:
    """No event is published into the void."""
    assert {event.type for event in EVENTS} == {event for events in LISTENS_TO.values() for event in events}


def test_the_domains_are_the_apps_domains() -> None:
    """A domain has the same name in both."""
    assert tuple(importlib.import_module(f"apps.{name}").service.name for name in names.DOMAINS) == names.DOMAINS
    assert tuple(LISTENS_TO) == names.DOMAINS


def test_the_app_accepts_the_environment_it_is_given(architecture: Graph) -> None:
    """A process starts with exactly the variables that its task definition sets, and no variable is set in vain."""
    for definition in architecture.all(DEFINITION):
        (container,) = json.loads(definition.inputs["containerDefinitions"])
        environment = {each["name"]: each["value"] for each in container["environment"]}
        settings = settings_of(environment)
        assert str(settings.data_dir) == "/data"
        assert settings.uses_aws
        known = {field.upper() for field in AppSettings.model_fields} | {"AWS_REGION"}
        assert set(environment) <= known


def test_the_bridge_reads_the_variables_it_is_given(enterprise: Graph) -> None:
    """Every variable of the function is read by its code."""
    code = "".join(path.read_text() for path in (ROOT / "apps" / "bridge").glob("*.py"))
    for variable in enterprise.one(FUNCTION, "bridge-function").inputs["environment"]["variables"]:
        assert f'"{variable}"' in code, variable


def test_the_functions_handler_exists(enterprise: Graph) -> None:
    """What Lambda is told to call can be called."""
    (command,) = enterprise.one(FUNCTION, "bridge-function").inputs["imageConfig"]["commands"]
    module, _, function = command.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_bridge_writes_where_the_services_look(enterprise: Graph) -> None:
    """DATA_DIR/<domain> of the bridge is the directory that the domain's service mounts."""
    paths = {each.name: each.inputs["rootDirectory"]["path"] for each in enterprise.all(ACCESS_POINT)}
    for domain in names.DOMAINS:
        assert paths[f"{domain}-directory"] == f"{paths['bridge-directory']}/{domain}"


def test_backups_are_called_and_kept_the_same() -> None:
    """Both sides know a backup by the same id and find it under the same prefix."""
    assert BACKUP_ID.pattern == APP_BACKUP_ID.pattern
    assert (storage.BACKUP_PREFIX, storage.FAILED_PREFIX) == (PREFIX, FAILED_PREFIX)


@pytest.mark.parametrize("image", SOURCES)
def test_an_image_holds_what_its_process_imports(image: str) -> None:
    """Every module that a process can import lies in its image, and no folder lies in it in vain."""
    modules = set(imported_by(ENTRY_POINTS[image]))
    files = {path.relative_to(ROOT).as_posix() for path in modules}
    sources = [source for source in SOURCES[image] if source.startswith("apps/")]
    outside = {file for file in files if not any(file == source or file.startswith(f"{source}/") for source in sources)}
    assert outside == set()
    unused = [
        source for source in sources if not any(file == source or file.startswith(f"{source}/") for file in files)
    ]
    assert unused == []


@pytest.mark.parametrize("image", SOURCES)
def test_a_digest_covers_what_the_dockerfile_copies(image: str) -> None:
    """The sources an image's digest is made of are those that its Dockerfile target copies, no more and no fewer."""
    assert sorted(copied_by(image)) == sorted(set(SOURCES[image]) - {"Dockerfile"})


def copied_by(target: str) -> set[str]:
    """What a target of the Dockerfile takes from the checkout, by itself and through the stages it is made from."""
    stages: dict[str, list[str]] = {}
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line.startswith("FROM "):
            lines = stages.setdefault(line.split(" AS ")[1], [])
        if line.startswith(("FROM ", "COPY ")):
            lines.append(line)
    sources: set[str] = set()
    waiting = [target]
    while waiting:
        for line in stages.get(waiting.pop(), []):
            words = line.split()
            if words[0] == "FROM":
                waiting.append(words[1])
            elif words[1].startswith("--from="):
                waiting.append(words[1].removeprefix("--from="))
            else:
                sources.update(words[1:-1])
    return sources


def imported_by(entry: str) -> Iterator[Path]:
    """The files of `apps` that a module imports, directly or not, wherever in it the import stands."""
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        path = file_of(module)
        if module in seen or path is None:
            continue
        seen.add(module)
        yield path
        waiting.append(module.rpartition(".")[0])  # its package is imported first
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]


def file_of(module: str) -> Path | None:
    """The file of one of our modules; None for others."""
    if module.split(".")[0] != "apps":
        return None
    path = ROOT.joinpath(*module.split("."))
    found = [each for each in (path / "__init__.py", path.with_suffix(".py")) if each.is_file()]
    return found[0] if found else None
