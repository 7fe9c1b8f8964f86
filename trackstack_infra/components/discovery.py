"""Cloud Map: how the API finds pragmatic's one task without a load balancer."""

from typing import Final

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.network import Network

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
        self.registry = aws.servicediscovery.Service(
            self.child("registry"),
            name=name,
            dns_config=aws.servicediscovery.ServiceDnsConfigArgs(
                namespace_id=namespace.id,
                routing_policy="MULTIVALUE",
                dns_records=[aws.servicediscovery.ServiceDnsConfigDnsRecordArgs(type="SRV", ttl=TTL_S)],
            ),
            health_check_custom_config=aws.servicediscovery.ServiceHealthCheckCustomConfigArgs(),
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
        self.register_outputs({"registry_arn": self.registry.arn})
