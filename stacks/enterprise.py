"""Enterprise: three services on weekends, with the data of pragmatic's newest backup."""

import pulumi

from stacks.domains import DOMAINS, NAMES
from trackstack_infra.components.api import ApiRoutes, HttpApi
from trackstack_infra.components.balancer import LISTENER_PORT, LoadBalancer
from trackstack_infra.components.bridge import BridgeRun, DataBridge
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.gate import Gate, Passage
from trackstack_infra.components.messaging import EventBus, Subscription
from trackstack_infra.components.network import NatGateway, Network
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.site import Site
from trackstack_infra.components.task import PORT, ServiceTask
from trackstack_infra.components.volume import NFS_PORT, Volume
from trackstack_infra.settings import EnterpriseSettings, Power


def program(settings: EnterpriseSettings) -> None:
    """A service a domain, in private subnets behind API and load balancer, talking through events only."""
    foundation = Foundation()

    network = Network("network", region=settings.region, cidr=settings.cidr, azs=settings.azs, tasks_in="private")
    volume = Volume("data", network=network)
    bus = EventBus("events")
    inboxes = {domain.name: Subscription(domain.name, bus=bus, events=domain.listens_to).inbox for domain in DOMAINS}
    cluster = Cluster("cluster")
    site = Site("site", folder=settings.root / "apps" / "web")
    api = HttpApi("api", settings=settings, network=network, tokens=foundation.tokens, site_url=site.url)
    bridge = DataBridge(
        "bridge", settings=settings, network=network, volume=volume, backups=foundation.backups, inboxes=inboxes
    )

    tasks = Gate("tasks", network=network, purpose="Tasks of the services", calls_aws=True)
    balancer_gate = Gate("balancer", network=network, purpose="Load balancer")
    passages = [
        Passage("link-to-balancer", source=api.gate, target=balancer_gate, port=LISTENER_PORT),
        Passage("balancer-to-tasks", source=balancer_gate, target=tasks, port=PORT),
        Passage("tasks-to-files", source=tasks, target=volume.gate, port=NFS_PORT),
        Passage("bridge-to-files", source=bridge.gate, target=volume.gate, port=NFS_PORT),
    ]
    definitions = {
        name: ServiceTask(
            name,
            settings=settings,
            database="bridge",
            volume=volume,
            path=f"{bridge.path}/{name}",
            inbox=inboxes[name],
            publishes_to=bus,
            tokens=foundation.tokens,
        )
        for name in NAMES
    }

    services: list[FargateService] = []
    report: pulumi.Input[str] | None = None
    if settings.power is Power.ON:
        nat = NatGateway("nat", network=network)
        balancer = LoadBalancer("balancer", network=network, gate=balancer_gate, domains=NAMES)
        run = BridgeRun("bridge-run", bridge=bridge, backup=settings.backup, after=[nat, *passages])
        report = run.report
        services = [
            FargateService(
                name,
                cluster=cluster,
                task=task,
                network=network,
                gate=tasks,
                target_group=balancer.target_groups[name],
                after=[run, nat, *balancer.rules],
            )
            for name, task in definitions.items()
        ]
        ApiRoutes("routes", api=api, target=balancer.listener.arn, domains=NAMES)

    pulumi.export("power", settings.power.value)
    pulumi.export("api_url", api.url)
    pulumi.export("site_url", site.url)
    pulumi.export("cluster", cluster.cluster.name)
    pulumi.export("services", [each.service.name for each in services])
    pulumi.export("log_groups", {name: task.log_group.name for name, task in definitions.items()})
    pulumi.export("queue_urls", {name: inbox.queue.url for name, inbox in inboxes.items()})
    pulumi.export("dead_letter_urls", {name: inbox.dead_letters.url for name, inbox in inboxes.items()})
    pulumi.export("topic_arn", bus.topic.arn)
    pulumi.export("backup", settings.backup)
    pulumi.export("bridge_report", report)
