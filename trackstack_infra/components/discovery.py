"""Cloud Map: how the API, or CloudFront, finds pragmatic's one task without a load balancer."""

from typing import Final, Literal

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.network import Network
from trackstack_infra.settings.groups import DomainSettings

_LABEL: Final = "origin"
DELEGATION_TTL_S: Final = 3600
TTL_S: Final = 10  # a new task has a new address: how long the old one may be remembered


class Discovery(Component):
    """A private namespace and the name under which ECS registers a service's task, address and port.

    Never in the runtime layer: each creation of the namespace's zone is billed as a full month.
    """

    def __init__(self, name: str, *, network: Network, opts: Opts = None) -> None:
        super().__init__(name, opts)
        namespace = aws.servicediscovery.PrivateDnsNamespace(
            self.child("namespace"),
            name=f"{self.physical()}.internal",
            vpc=network.vpc.id,
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        self.registry = _registry(self, namespace.id, "SRV")
        self.register_outputs({"registry_arn": self.registry.arn})


class PublicDiscovery(Component):
    """A public namespace, `origin.<domain>`, and the name in it that resolves to the task's IPv6 address.

    ECS always registers a task's private address; of IPv6 that is one the whole internet can reach. The owner's zone
    delegates the namespace to the zone that Cloud Map makes for it.
    Never in the runtime layer: each creation of the namespace's zone is billed as a full month.
    """

    def __init__(self, name: str, *, domain: DomainSettings, opts: Opts = None) -> None:
        super().__init__(name, opts)
        origin = f"{_LABEL}.{domain.name}"
        namespace = aws.servicediscovery.PublicDnsNamespace(
            self.child("namespace"), name=origin, tags=self.tags(), opts=self.owned(delete_first=True)
        )
        aws.route53.Record(
            self.child("delegation"),
            zone_id=aws.route53.get_zone_output(name=domain.zone).zone_id,
            name=origin,
            type="NS",
            ttl=DELEGATION_TTL_S,
            records=aws.route53.get_zone_output(zone_id=namespace.hosted_zone).name_servers,
            opts=self.owned(after=[namespace]),  # a first preview, which cannot look its zone up, knows it by this only
        )
        self.registry = _registry(self, namespace.id, "AAAA")
        self.hostname = f"{name}.{origin}"
        self.register_outputs({"registry_arn": self.registry.arn, "hostname": self.hostname})


def _registry(
    owner: Component, namespace_id: pulumi.Input[str], record: Literal["SRV", "AAAA"]
) -> aws.servicediscovery.Service:
    """Where ECS registers a service's task: `SRV` tells address and port, `AAAA` the address alone."""
    return aws.servicediscovery.Service(
        owner.child("registry"),
        name=owner.name,
        dns_config=aws.servicediscovery.ServiceDnsConfigArgs(
            namespace_id=namespace_id,
            routing_policy="MULTIVALUE",
            dns_records=[aws.servicediscovery.ServiceDnsConfigDnsRecordArgs(type=record, ttl=TTL_S)],
        ),
        health_check_custom_config=aws.servicediscovery.ServiceHealthCheckCustomConfigArgs(),
        tags=owner.tags(),
        opts=owner.owned(delete_first=True),
    )
