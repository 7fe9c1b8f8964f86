"""The same on the emulator, with the provider that is shipped: a run of pragmatic, and its destroy, killed on the way.

This file is also the program that is killed, see `main`.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.local.engine import LocalEngine
from trackstack_infra.settings.load import load_settings

ROOT = Path(__file__).parents[4]
STACK = "pragmatic"
PORT_BASE = 9700


def engine(home: Path, endpoint: str, boot_id: str) -> LocalEngine:
    return LocalEngine(home, endpoint, boot_id, region="us-east-1", clock=lambda: datetime.now(UTC))


def program(stack: str) -> Callable[[], None]:
    from stacks import PROGRAMS

    return partial(PROGRAMS[stack], load_settings(stack, ROOT))


def run(one: LocalEngine, verb: str, stack: str = STACK) -> Any:
    to_nobody: dict[str, Any] = {"on_event": lambda event: None, "stop": threading.Event()}
    return (
        one.destroy(stack, data=True, **to_nobody) if verb == "destroy" else one.up(stack, program(stack), **to_nobody)
    )


@pytest.fixture(scope="module")
def supervisor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running emulator with the foundation in it."""
    from trackstack_infra.local.supervisor.client import Supervisor

    started = Supervisor.start(tmp_path_factory.mktemp("state") / "local", PORT_BASE)
    try:
        run(engine(started.home, started.endpoint, started.boot_id), "up", "foundation")
        yield started
    finally:
        started.stop()


def inventory(endpoint: str) -> Counter[str]:
    """How many objects of each kind exist, as the emulator tells."""
    from trackstack_infra.local.provider import Clients

    client = Clients(endpoint, "us-east-1").client
    ec2, gateway = client("ec2"), client("apigatewayv2")
    apis = [api["ApiId"] for api in gateway.get_apis()["Items"]]
    return Counter(
        {
            "vpcs": len(ec2.describe_vpcs()["Vpcs"]),
            "subnets": len(ec2.describe_subnets()["Subnets"]),
            "gateways": len(ec2.describe_internet_gateways()["InternetGateways"]),
            "route tables": len(ec2.describe_route_tables()["RouteTables"]),
            "groups": len(ec2.describe_security_groups()["SecurityGroups"]),
            "rules": len(ec2.describe_security_group_rules()["SecurityGroupRules"]),
            "queues": len(client("sqs").list_queues().get("QueueUrls", [])),
            "buckets": len(client("s3").list_buckets()["Buckets"]),
            "file systems": len(client("efs").describe_file_systems()["FileSystems"]),
            "access points": len(client("efs").describe_access_points()["AccessPoints"]),
            "apis": len(apis),
            "links": len(gateway.get_vpc_links()["Items"]),
            "routes": sum(len(gateway.get_routes(ApiId=api)["Items"]) for api in apis),
            "integrations": sum(len(gateway.get_integrations(ApiId=api)["Items"]) for api in apis),
            "roles": len(client("iam").list_roles()["Roles"]),
            "log groups": len(client("logs").describe_log_groups()["logGroups"]),
            "distributions": len(client("cloudfront").list_distributions()["DistributionList"].get("Items", [])),
            "namespaces": len(client("servicediscovery").list_namespaces()["Namespaces"]),
        }
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nothing_is_left_or_doubled_in_the_emulator(supervisor: Any) -> None:
    """Killed at every 17th point before and after a call, `up` and `destroy` are each finished by the next run: the
    emulator holds as many objects of each kind as after a run that nobody disturbed, and none after a destroy."""
    mine = engine(supervisor.home, supervisor.endpoint, supervisor.boot_id)
    without = inventory(supervisor.endpoint)
    run(mine, "up")
    with_stack = inventory(supervisor.endpoint)
    run(mine, "destroy")
    assert inventory(supervisor.endpoint) == without
    point, killed = 1, 0
    while kill(supervisor, "up", point):
        killed += 1
        run(mine, "up")
        assert inventory(supervisor.endpoint) == with_stack, f"after a kill at point {point} of up"
        assert run(mine, "up").actual == ()
        kill(supervisor, "destroy", point)
        run(mine, "destroy")
        assert inventory(supervisor.endpoint) == without, f"after a kill at point {point} of destroy"
        point += 17
    assert killed > 10


def kill(supervisor: Any, verb: str, point: int) -> bool:
    """Start a run in a process of its own, which kills itself at its n-th point; false when it ended before that."""
    arguments = [str(supervisor.home), supervisor.endpoint, supervisor.boot_id, verb, str(point)]
    command = [sys.executable, __file__, *arguments]
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    settle(supervisor.endpoint)
    return ended.returncode != 0


def settle(endpoint: str) -> None:
    """Wait for the calls that the killed process had sent: the emulator may carry one out after its caller is gone,
    and then the next run, which looked before, would create a second object. On a busy machine that was seen."""
    before = inventory(endpoint)
    while True:
        time.sleep(0.3)
        now = inventory(endpoint)
        if now == before:
            return
        before = now


def main() -> None:
    """Run `up` or `destroy` and die before or after a call to the provider."""
    from trackstack_infra.local.provider.clients import Clients

    home, endpoint, boot_id, verb, point = sys.argv[1:]
    passed, lock = [0], threading.Lock()

    def pass_point() -> None:
        with lock:
            passed[0] += 1
            if passed[0] == int(point):
                os.kill(os.getpid(), signal.SIGKILL)

    class Dying:
        """A handler that passes a point before and after each call."""

        def __init__(self, handler: Any) -> None:
            self._handler = handler

        def __getattr__(self, name: str) -> Any:
            value = getattr(self._handler, name)
            if name not in ("create", "read", "update", "delete", "find"):
                return value

            def call(*arguments: Any) -> Any:
                pass_point()
                result = value(*arguments)
                pass_point()
                return result

            return call

    from trackstack_infra.local.provider import HANDLERS

    clients = Clients(endpoint, "us-east-1")
    handlers = {token: Dying(handler) for token, handler in HANDLERS.items()}
    dying = LocalEngine(
        Path(home),
        endpoint,
        boot_id,
        region="us-east-1",
        clock=lambda: datetime.now(UTC),
        handlers=handlers,
        clients=lambda: clients,
    )
    run(dying, verb)


if __name__ == "__main__":
    main()
