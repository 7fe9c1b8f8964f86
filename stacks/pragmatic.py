"""Pragmatic: one process on Spot, always on, for a few dollars a month."""

import pulumi

from trackstack_infra.components.alarms import Alarms
from trackstack_infra.components.api import ApiRoutes
from trackstack_infra.components.cluster import Cluster
from trackstack_infra.components.dashboard import Dashboard
from trackstack_infra.components.fallback import SpotFallback
from trackstack_infra.components.foundation import Foundation
from trackstack_infra.components.ingress import ingress_of
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.network import Network
from trackstack_infra.components.nightly import NightlyBackup
from trackstack_infra.components.security_group import AllowTraffic, SecurityGroup
from trackstack_infra.components.service import FargateService
from trackstack_infra.components.site import Site
from trackstack_infra.components.status import status_document
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.components.volume import NFS_PORT, Volume
from trackstack_infra.names import DOMAINS
from trackstack_infra.settings.models import Power, PragmaticSettings


def program(settings: PragmaticSettings) -> None:
    """All three domains in one task; no NAT, no load balancer. What calls it is API Gateway, or CloudFront itself."""
    foundation = Foundation()

    network = Network(
        "network",
        region=settings.region,
        cidr=settings.cidr,
        azs=settings.azs,
        tasks_in="public",
        internet=settings.ingress,
    )
    volume = Volume("data", network=network)
    queue = Queue("monolith")
    cluster = Cluster("cluster", ipv6=network.ipv6)

    task_group = SecurityGroup("tasks", network=network, purpose="Task of the monolith", calls_aws=True)
    to_files = AllowTraffic("tasks-to-files", source=task_group, target=volume.security_group, port=NFS_PORT)
    ingress = ingress_of(settings, network=network, tasks=task_group, tokens=foundation.tokens)
    site = Site(
        "site",
        folder=settings.root / "apps" / "web",
        api=ingress.origin,
        login_url=foundation.login_url(settings.region),
        status=status_document("pragmatic", settings.power, None),
        domain=settings.domain,
    )
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
        secrets=ingress.secrets,
        dual_stack=network.ipv6,
    )

    dead_letters = {"dead-letters": queue.dead_letters}
    if task.size.spot:
        fallback = SpotFallback("fallback", settings=settings, cluster=cluster, tasks=[task])
        dead_letters["fallback-dead-letters"] = fallback.dead_letters

    Dashboard(
        "dashboard",
        region=settings.region,
        cluster=cluster,
        task=task,
        queue=queue,
        dead_letters=dead_letters,
        volume=volume,
    )

    services: list[FargateService] = []
    if settings.power is Power.ON:
        monolith = FargateService(
            "monolith",
            cluster=cluster,
            task=task,
            network=network,
            security_groups=[task_group],
            registry=ingress.discovery.registry,
            after=[to_files, ingress.rule],
        )
        services.append(monolith)
        if ingress.api:
            ApiRoutes("routes", api=ingress.api, target=ingress.discovery.registry.arn, domains=DOMAINS)
        NightlyBackup("nightly", backup=settings.nightly_backup, queue=queue)
        Alarms(
            "alarms",
            topic=foundation.alerts_topic,
            cluster=cluster,
            service=monolith,
            task=task,
            volume=volume,
            dead_letters=dead_letters,
        )

    pulumi.export("power", settings.power.value)
    pulumi.export("api_url", ingress.api.url if ingress.api else site.url)
    pulumi.export("site_url", site.url)
    pulumi.export("cluster", cluster.cluster.name)
    pulumi.export("services", [each.service.name for each in services])
    pulumi.export("log_groups", {"monolith": task.log_group.name})
    pulumi.export("queue_url", queue.url)
