"""Local clouds over real HTTP. Only one runs in a process at a time, so each module starts its own and stops it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.cloud import Cloud, InvocationResult
from trackstack_infra.local.provider import Clients

REGION = "us-east-1"


@dataclass
class Bench:
    """A cloud, clients of it, and what it told others."""

    cloud: Cloud
    aws: Clients
    lambdas: "Lambdas"
    changes: list[str] = field(default_factory=list)

    def client(self, name: str) -> Any:
        return self.aws.client(name)


class Lambdas:
    """A runner that answers what the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], bytes]] = []
        self.work: Callable[[dict[str, Any], bytes], InvocationResult] = lambda function, payload: InvocationResult(
            payload, None, "first line\nsecond line\n"
        )

    def invoke(self, function: dict[str, Any], payload: bytes) -> InvocationResult:
        self.asked.append((function, payload))
        return self.work(function, payload)


def control(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Stands for the supervisor's own answers, with a bug at one address."""
    assert environ["PATH_INFO"] != "/_trackstack/broken" or 1 / 0
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({"path": environ["PATH_INFO"], "query": environ["QUERY_STRING"]}).encode()]


@pytest.fixture(scope="session")
def new_bench() -> Callable[..., Bench]:
    """Makes a cloud that is not started yet."""

    def make(folder: Path, **options: Any) -> Bench:
        lambdas = Lambdas()
        cloud = Cloud(
            port=0,
            region=REGION,
            boot_id="boot",
            s3_export=folder,
            lambda_runner=lambdas,
            control=control,
            **options,
        )
        bench = Bench(cloud, Clients(cloud.endpoint, REGION), lambdas)
        cloud.changed(bench.changes.append)
        return bench

    return make


@pytest.fixture(scope="module")
def bench(new_bench: Callable[..., Bench], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = new_bench(tmp_path_factory.mktemp("s3"))
    made.cloud.start()
    yield made
    made.cloud.stop()
