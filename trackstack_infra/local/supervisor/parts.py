"""Puts emulator, agent and router together, starts them in order and stops them in reverse."""

import logging
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trackstack_infra.local.agent import Agent, SubprocessLambdas, TaskFile
from trackstack_infra.local.agent.volumes import Volumes
from trackstack_infra.local.cloud import Cloud
from trackstack_infra.local.provider import Clients
from trackstack_infra.local.router import Router
from trackstack_infra.local.state_dir.run_file import LOOPBACK, NoFreePort, Ports
from trackstack_infra.local.supervisor.control import Control

log = logging.getLogger(__name__)

BIND_ATTEMPTS = 5


class Parts:
    """The local cloud of one state directory, from `start` to `stop`."""

    def __init__(
        self,
        *,
        home: Path,
        port_base: int,
        region: str,
        root: Path,
        images: Mapping[str, Sequence[str]],
        about: dict[str, Any],
        stop: Callable[[], None],
    ) -> None:
        self.boot_id = uuid.uuid4().hex
        self._home = home
        self._region = region
        self._root = root
        self._ports = Ports(home / "ports.json", port_base)
        self._task_file = TaskFile(home / "tasks.json")
        self._cloud = self._make_cloud()
        self.endpoint: str = self._cloud.endpoint
        aws = Clients(self.endpoint, region)
        self._router = Router(aws=aws, endpoint=self.endpoint, region=region, ports=self._ports)
        self._agent = Agent(
            aws=aws,
            records=self._cloud,
            endpoint=self.endpoint,
            region=region,
            home=home,
            root=root,
            task_file=self._task_file,
            traffic=self._router,
            images=images,
        )
        self._control = Control(self._agent, self._router, {"boot_id": self.boot_id, **about}, stop)

    def _make_cloud(self) -> Cloud:
        for _ in range(BIND_ATTEMPTS):
            with self._ports.listen("emulator") as probe:
                port: int = probe.getsockname()[1]
            endpoint = f"http://{LOOPBACK}:{port}"
            lambdas = SubprocessLambdas(
                aws=Clients(endpoint, self._region),
                endpoint=endpoint,
                region=self._region,
                root=self._root,
                volumes=Volumes(self._home),
                task_file=self._task_file,
                inherited=dict(os.environ),
            )
            try:
                return Cloud(
                    port=port,
                    region=self._region,
                    boot_id=self.boot_id,
                    s3_export=self._home / "s3",
                    lambda_runner=lambdas,
                    control=lambda environ, start_response: self._control(environ, start_response),
                )
            except (OSError, SystemExit):  # werkzeug exits where it cannot bind
                log.info("port %d was taken in the last moment; trying the next one", port)
        raise NoFreePort(f"{BIND_ATTEMPTS} ports in a row were taken while the emulator started; run the command again")

    @property
    def ports(self) -> dict[str, int]:
        """The ports that are in use now, by what uses them."""
        return self._ports.kept()

    def start(self) -> None:
        """Return when the emulator answers and the others follow it."""
        self._cloud.changed(self._agent.changed)
        self._cloud.changed(self._router.changed)
        self._cloud.start()
        self._agent.start()
        self._router.start()

    def stop_at_once(self) -> None:
        """Do not wait for tasks to drain."""
        self._agent.stop_at_once()

    def stop(self) -> None:
        """Drain and end the tasks, while everything they need still answers; then the rest."""
        self._control.status = "stopping"
        self._agent.stop()
        self._task_file.end_all()
        self._router.stop()
        self._cloud.stop()
