"""Pragmatic: one process on Spot, always on, for a few dollars a month."""

import pulumi

from stacks.domains import NAMES
from trackstack_infra.components.api import ApiRoutes, HttpApi
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.discovery import Discovery
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.gate import Gate, Passage
from trackstack_infra.components.messaging import Inbox
from trackstack_infra.components.network import Network
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.site import Site
from trackstack_infra.components.task import PORT, ServiceTask
from trackstack_infra.components.volume import NFS_PORT, Volume
from trackstack_infra.settings import Power, PragmaticSettings


def program(settings: PragmaticSettings) -> None:
    """All three domains in one task, which the API finds through Cloud Map; no NAT, no load balancer."""
    foundation = Foundation()

    network = Network("network", region=settings.region, cidr=settings.cidr, azs=settings.azs, tasks_in="public")
    volume = Volume("data", network=network)
    inbox = Inbox("monolith")
    cluster = Cluster("cluster")
    site = Site("site", folder=settings.root / "apps" / "web")
    api = HttpApi("api", settings=settings, network=network, tokens=foundation.tokens, site_url=site.url)
    discovery = Discovery("monolith", network=network)

    tasks = Gate("tasks", network=network, purpose="Task of the monolith", calls_aws=True)
    passages = [
        Passage("link-to-tasks", source=api.gate, target=tasks, port=PORT),
        Passage("tasks-to-files", source=tasks, target=volume.gate, port=NFS_PORT),
    ]
    task = ServiceTask(
        "monolith",
        settings=settings,
        database="own",
        volume=volume,
        path="/monolith",
        inbox=inbox,
        publishes_to=inbox,
        tokens=foundation.tokens,
        backups=foundation.backups,
    )

    services: list[FargateService] = []
    if settings.power is Power.ON:
        monolith = FargateService(
            "monolith",
            cluster=cluster,
            task=task,
            network=network,
            gate=tasks,
            registry=discovery.registry,
            after=passages,
        )
        services.append(monolith)
        ApiRoutes("routes", api=api, target=discovery.registry.arn, domains=NAMES)

    pulumi.export("power", settings.power.value)
    pulumi.export("api_url", api.url)
    pulumi.export("site_url", site.url)
    pulumi.export("cluster", cluster.cluster.name)
    pulumi.export("services", [each.service.name for each in services])
    pulumi.export("log_groups", {"monolith": task.log_group.name})
    pulumi.export("queue_url", inbox.queue.url)
