"""Small programs made of a few components, and what they come to."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.network import Internet, Network
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.components.volume import Volume
from trackstack_infra.settings.load import load_settings
from trackstack_infra.settings.models import PragmaticSettings


@pytest.fixture(scope="session")
def private_network() -> Any:
    """Makes enterprise's network inside a program, with one egress or another."""

    def make(internet: Internet, azs: int = 2) -> Network:
        cidr = IPv4Network("10.30.0.0/16")
        return Network("network", region="us-east-1", cidr=cidr, azs=azs, tasks_in="private", internet=internet)

    return make


@pytest.fixture(scope="session")
def public_network() -> Any:
    """Makes pragmatic's network inside a program."""

    def make(internet: Internet) -> Network:
        cidr = IPv4Network("10.20.0.0/16")
        return Network("network", region="us-east-1", cidr=cidr, azs=2, tasks_in="public", internet=internet)

    return make


@dataclass(frozen=True)
class Monolith:
    """Pragmatic's service with what it needs, and nothing that people reach it by."""

    settings: PragmaticSettings
    volume: Volume
    queue: Queue
    cluster: Cluster
    task: ServiceTask
    service: FargateService


@pytest.fixture(scope="session")
def monolith(public_network: Any) -> Any:
    """Makes pragmatic's service inside a program."""

    def make() -> Monolith:
        settings = load_settings("pragmatic", Path(__file__).parents[3], power="on")
        assert isinstance(settings, PragmaticSettings)
        foundation = Foundation()
        network = public_network("ipv4")
        volume, queue, cluster = Volume("data", network=network), Queue("monolith"), Cluster("cluster")
        task = ServiceTask(
            "monolith",
            settings=settings,
            database="own",
            volume=volume,
            path="/monolith",
            queue=queue,
            publishes_to=queue,
            tokens=foundation.tokens,
            backups=foundation.backups,
        )
        group = SecurityGroup("tasks", network=network, purpose="Task of the monolith", calls_aws=True)
        service = FargateService("monolith", cluster=cluster, task=task, network=network, security_groups=[group])
        return Monolith(settings, volume, queue, cluster, task, service)

    return make
