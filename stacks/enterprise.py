"""Enterprise: three services on weekends, with the data of pragmatic's newest backup."""

import pulumi

from stacks.domains import LISTENS_TO
from trackstack_infra.components.api import ApiRoutes, HttpApi
from trackstack_infra.components.balancer import LoadBalancer, listener_port
from trackstack_infra.components.certificate import Certificate
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.data_bridge import BridgeRun, DataBridge
from trackstack_infra.components.egress import egress_of
from trackstack_infra.components.fallback import SpotFallback
from trackstack_infra.components.flowlog import FlowLog
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.messaging import EventBus, Subscription
from trackstack_infra.components.monitoring import MonitoringHost
from trackstack_infra.components.network import Network
from trackstack_infra.components.observability import ObservabilityService, ObservabilityTask
from trackstack_infra.components.origin import gateway_origin
from trackstack_infra.components.postgres import Postgres
from trackstack_infra.components.security_group import AllowTraffic, SecurityGroup
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.site import Site
from trackstack_infra.components.status import status_document
from trackstack_infra.components.task import PORT, ServiceTask
from trackstack_infra.components.volume import NFS_PORT, Volume
from trackstack_infra.names import DOMAINS
from trackstack_infra.settings.models import EnterpriseSettings, Power


def program(settings: EnterpriseSettings) -> None:
    """A service a domain, in private subnets behind API and load balancer, talking through events only."""
    foundation = Foundation()
    region, own_name, azs = settings.region, settings.domain, settings.azs

    network = Network(
        "network", region=region, cidr=settings.cidr, azs=azs, tasks_in="private", internet=settings.egress
    )
    FlowLog("flows", network=network, region=region)
    volume = Volume("data", network=network)
    bus = EventBus("events")
    queues = {domain: Subscription(domain, bus=bus, events=LISTENS_TO[domain]).queue for domain in DOMAINS}
    cluster = Cluster("cluster", ipv6=network.ipv6)
    api = HttpApi("api", settings=settings, network=network, tokens=foundation.tokens)
    site = Site(
        "site",
        folder=settings.root / "apps" / "web",
        api=gateway_origin(api.url),
        login_url=foundation.login_url(region),
        status=status_document("enterprise", settings.power, settings.schedule),
        domain=own_name,
    )
    bridge = DataBridge(
        "bridge", settings=settings, network=network, volume=volume, backups=foundation.backups, queues=queues
    )
    # Inside the VPC the load balancer proves who it is to the API under a name that nobody else has to resolve.
    inner_name = f"origin.{own_name.name}" if own_name else None
    certificate = Certificate("inside", domain=own_name, host=inner_name, region=region) if own_name else None

    task_group = SecurityGroup("tasks", network=network, purpose="Tasks of the services", calls_aws=True)
    balancer_group = SecurityGroup("balancer", network=network, purpose="Load balancer")
    port = listener_port(tls=own_name is not None)
    allowed = [
        AllowTraffic("link-to-balancer", source=api.security_group, target=balancer_group, port=port),
        AllowTraffic("balancer-to-tasks", source=balancer_group, target=task_group, port=PORT),
        AllowTraffic("tasks-to-files", source=task_group, target=volume.security_group, port=NFS_PORT),
        AllowTraffic("bridge-to-files", source=bridge.security_group, target=volume.security_group, port=NFS_PORT),
    ]
    definitions = {
        name: ServiceTask(
            name,
            settings=settings,
            database="bridge",
            volume=volume,
            path=f"{bridge.path}/{name}",
            queue=queues[name],
            publishes_to=bus,
            tokens=foundation.tokens,
            dual_stack=network.ipv6,
        )
        for name in DOMAINS
    }

    watcher: ObservabilityTask | None = None
    if settings.observability == "task":
        watcher = ObservabilityTask("observability", settings=settings, network=network)
    if on_spot := [task for task in definitions.values() if task.size.spot]:
        SpotFallback("fallback", settings=settings, cluster=cluster, tasks=on_spot)

    services: list[FargateService] = []
    report: pulumi.Input[str] | None = None
    if settings.power is Power.ON:
        egress = egress_of("nat", network=network, callers=[task_group, bridge.security_group])
        balancer = LoadBalancer(
            "balancer", network=network, security_group=balancer_group, domains=DOMAINS, certificate=certificate
        )
        clients: dict[str, SecurityGroup] = {}
        if settings.database == "postgres":
            clients = Postgres("database", region=region, network=network, services=definitions).clients
        run = BridgeRun("bridge-run", bridge=bridge, backup=settings.backup, after=[*egress, *allowed])
        report = run.report
        services = [
            FargateService(
                name,
                cluster=cluster,
                task=task,
                network=network,
                security_groups=[task_group, *([clients[name]] if name in clients else [])],
                target_group=balancer.target_groups[name],
                after=[run, *egress, *balancer.rules],
            )
            for name, task in definitions.items()
        ]
        ApiRoutes("routes", api=api, target=balancer.listener.arn, domains=DOMAINS, server_name=inner_name)
        if settings.observability == "lightsail":
            MonitoringHost("monitoring", region=region)
        if watcher:
            ObservabilityService("monitoring", task=watcher, cluster=cluster, network=network)

    pulumi.export("power", settings.power.value)
    pulumi.export("api_url", api.url)
    pulumi.export("site_url", site.url)
    pulumi.export("cluster", cluster.cluster.name)
    pulumi.export("services", [each.service.name for each in services])
    pulumi.export("log_groups", {name: task.log_group.name for name, task in definitions.items()})
    pulumi.export("queue_urls", {name: queue.url for name, queue in queues.items()})
    pulumi.export("dead_letter_urls", {name: queue.dead_letters.url for name, queue in queues.items()})
    pulumi.export("topic_arn", bus.topic.arn)
    pulumi.export("backup", settings.backup)
    pulumi.export("bridge_report", report)
