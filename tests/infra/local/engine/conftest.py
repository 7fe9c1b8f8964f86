"""A cloud made of files: each object is one file in a directory, so that it outlives a killed process.

Its rules are those of AWS that make an engine's life hard: ids are new each time, some names may exist only once, and
what is referenced cannot be deleted.
"""

import itertools
import json
import os
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pulumi
import pytest

from trackstack_infra.local.engine import EngineEvent, LocalEngine, Plan, Result

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NET, BOX, LABEL, STORE = "file:x:Net", "file:x:Box", "file:x:Label", "file:x:Store"


class CloudError(Exception):
    """What the cloud answers when it refuses."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class FileCloud:
    """Objects as files, the calls made to it, and a hook to fail or to wait in them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.calls: list[tuple[str, str]] = []
        self.on_call: Callable[[str, str], None] = lambda operation, name: None
        self.after_call: Callable[[str, str], None] = lambda operation, name: None
        self._lock = threading.Lock()
        directory.mkdir(exist_ok=True)

    def objects(self) -> dict[str, dict[str, Any]]:
        """All objects by id, oldest first."""
        paths = sorted(self.directory.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return {path.stem: json.loads(path.read_text()) for path in paths}

    def by_name(self) -> dict[str, dict[str, Any]]:
        """The inputs of all objects by their names; fails when one exists twice."""
        found = self.objects().values()
        assert len({entry["name"] for entry in found}) == len(found), f"duplicates: {found}"
        return {entry["name"]: entry["inputs"] for entry in found}

    def put(self, id_: str, type_: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        entry = {"type": type_, "name": inputs["name"], "inputs": dict(inputs)}
        temporary = self.directory / f".{id_}"
        temporary.write_text(json.dumps(entry))
        os.replace(temporary, self.directory / f"{id_}.json")  # noqa: PTH105 (test_crash counts Path.replace)
        return {**inputs, "id": id_, "arn": f"arn:{id_}"}

    def call(self, operation: str, name: str, work: Callable[[], Any]) -> Any:
        """One API call, noted."""
        with self._lock:
            self.calls.append((operation, name))
        self.on_call(operation, name)
        with self._lock:
            result = work()
        self.after_call(operation, name)
        return result


@dataclass(frozen=True)
class FileHandler:
    """One type of objects."""

    token: str
    cloud: FileCloud
    replace_on: frozenset[str] = frozenset()
    delete_first: bool = False
    name_property: str | None = "name"
    refuses_while_used: bool = True

    def create(self, aws: object, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        def work() -> tuple[str, dict[str, Any]]:
            if self.delete_first and (taken := self._named(inputs["name"])):
                return taken[0], self.cloud.put(taken[0], self.token, inputs)  # as our provider for AWS does
            id_ = f"{self.token.rpartition(':')[2].lower()}-{uuid.uuid4().hex[:12]}"
            return id_, self.cloud.put(id_, self.token, inputs)

        return self.cloud.call("create", inputs["name"], work)  # type: ignore[no-any-return]

    def read(self, aws: object, ref: str, inputs: Mapping[str, Any]) -> dict[str, Any] | None:
        def work() -> dict[str, Any] | None:
            entry = self.cloud.objects().get(ref)
            return entry and {**entry["inputs"], "id": ref, "arn": f"arn:{ref}"}

        return self.cloud.call("read", inputs.get("name", ref), work)  # type: ignore[no-any-return]

    def update(self, aws: object, ref: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
        """Like AWS's, it changes what differs between old and new, and nothing else."""

        def work() -> dict[str, Any]:
            inputs = self.cloud.objects()[ref]["inputs"]
            for key in {*old, *new}:
                if key in new and new[key] != old.get(key):
                    inputs[key] = new[key]
                elif key not in new:
                    inputs.pop(key, None)
            return self.cloud.put(ref, self.token, inputs)

        return self.cloud.call("update", new["name"], work)  # type: ignore[no-any-return]

    def delete(self, aws: object, ref: str, outputs: Mapping[str, Any]) -> None:
        def work() -> None:
            users = [e["name"] for i, e in self.cloud.objects().items() if i != ref and ref in json.dumps(e["inputs"])]
            if users and self.refuses_while_used:
                raise CloudError("DependencyViolation", f"{ref} is in use by {users}")
            (self.cloud.directory / f"{ref}.json").unlink(missing_ok=True)

        self.cloud.call("delete", outputs.get("name", ref), work)

    def find(self, aws: object, inputs: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
        def work() -> tuple[str, dict[str, Any]] | None:
            # By name and by what cannot change, as AWS's filters can. The oldest one when several fit.
            ids = [id_ for id_ in self._named(inputs["name"]) if self._fits(id_, inputs)]
            return (ids[0], {**self.cloud.objects()[ids[0]]["inputs"], "arn": f"arn:{ids[0]}"}) if ids else None

        return self.cloud.call("find", inputs["name"], work)  # type: ignore[no-any-return]

    def _fits(self, id_: str, inputs: Mapping[str, Any]) -> bool:
        made_from = self.cloud.objects()[id_]["inputs"]
        return all(made_from.get(key) == inputs.get(key) for key in self.replace_on)

    def _named(self, name: str) -> list[str]:
        found = self.cloud.objects().items()
        return [id_ for id_, entry in found if entry["type"] == self.token and entry["name"] == name]


def handlers_of(cloud: FileCloud) -> dict[str, FileHandler]:
    """Nets are replaced when `cidr` changes; boxes when their `net` does. Labels change in place. Stores have a fixed
    name, so that the old one goes before the new one comes."""
    return {
        NET: FileHandler(NET, cloud, frozenset({"cidr"})),
        BOX: FileHandler(BOX, cloud, frozenset({"net"})),
        LABEL: FileHandler(LABEL, cloud),
        STORE: FileHandler(STORE, cloud, frozenset({"kind"}), delete_first=True, refuses_while_used=False),
    }


class Thing(pulumi.CustomResource):
    """An object of the file cloud."""

    arn: pulumi.Output[str]

    def __init__(self, type_: str, name: str, /, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__(type_, name, {**inputs, "arn": None}, opts)


class Group(pulumi.ComponentResource):
    """A component without content of its own."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Group", name, None, opts)


@dataclass
class Bench:
    """A file cloud, an engine on it, and what its runs reported."""

    home: Path
    cloud: FileCloud
    boot_id: str = "boot-1"
    events: list[EngineEvent] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    # For the tests, which cannot import from here.
    Thing = Thing
    Group = Group
    CloudError = CloudError
    NET, BOX, LABEL, STORE = NET, BOX, LABEL, STORE

    @property
    def engine(self) -> LocalEngine:
        return LocalEngine(
            self.home,
            "http://127.0.0.1:1",
            self.boot_id,
            region="eu-central-1",
            clock=lambda: NOW,
            handlers=handlers_of(self.cloud),
            clients=lambda: None,  # type: ignore[arg-type,return-value]  # files need no client
            pause=self.pauses.append,
        )

    def up(self, program: Callable[[], None], stack: str = "dev") -> Result:
        """Bring the stack up; afterwards `calls` holds this run's calls only."""
        self.cloud.calls.clear()
        self.events.clear()
        return self.engine.up(stack, program, on_event=self.events.append, stop=self.stop)

    def preview(self, program: Callable[[], None], stack: str = "dev") -> Plan:
        self.cloud.calls.clear()
        return self.engine.preview(stack, program)

    def destroy(self, stack: str = "dev", *, data: bool = False) -> Result:
        self.cloud.calls.clear()
        self.events.clear()
        return self.engine.destroy(stack, on_event=self.events.append, stop=self.stop, data=data)

    @property
    def calls(self) -> list[tuple[str, str]]:
        return self.cloud.calls


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty cloud and an engine that knows nothing yet."""
    return Bench(tmp_path / "home", FileCloud(tmp_path / "cloud"))


@pytest.fixture(scope="session")
def new_bench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Bench]:
    """Makes as many benches as a test with examples needs."""

    directories = tmp_path_factory.mktemp("benches")
    numbers = itertools.count()

    def make() -> Bench:
        directory = directories / str(next(numbers))
        directory.mkdir()
        return Bench(directory / "home", FileCloud(directory / "cloud"))

    return make
