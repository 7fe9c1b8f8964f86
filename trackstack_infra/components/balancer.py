"""The internal load balancer between the API and the services; billed by the hour, hence gone with the power."""

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.certificate import Certificate
from trackstack_infra.components.iam_policy import plain
from trackstack_infra.components.network import Network
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.components.task import PORT
from trackstack_infra.names import Layer

LISTENER_PORT: Final = 80
TLS_PORT: Final = 443
# AWS recommends it: TLS 1.3, the forward-secret ciphers of 1.2, and a key exchange that outlasts quantum computers.
TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
# Longer than a request may take; ECS's default of 300 s would make every stop wait.
DEREGISTRATION_S: Final = 15
NOT_FOUND: Final = plain({"type": "about:blank", "title": "Not Found", "status": 404})


def listener_port(*, tls: bool) -> int:
    """Where the balancer listens; who lets callers through to it has to know before there is one."""
    return TLS_PORT if tls else LISTENER_PORT


class LoadBalancer(Component):
    """Sends `/api/v1/<domain>/*` to that domain's tasks; everything else is a 404 of its own.

    Its callers come over IPv4, as a VPC link has nothing else; to tasks without IPv4 it speaks IPv6.
    """

    layer = Layer.RUNTIME

    def __init__(
        self,
        name: str,
        *,
        network: Network,
        security_group: SecurityGroup,
        domains: Sequence[str],
        certificate: Certificate | None = None,
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.listener = self._listener(self._balancer(network, security_group), certificate)
        self.target_groups = {domain: self._target_group(domain, network) for domain in domains}
        self.rules = [self._rule(priority, domain) for priority, domain in enumerate(domains, start=1)]
        self.register_outputs({"listener_arn": self.listener.arn})

    def _balancer(self, network: Network, security_group: SecurityGroup) -> aws.lb.LoadBalancer:
        return aws.lb.LoadBalancer(
            self.name,
            name=self.physical(),
            internal=True,
            load_balancer_type="application",
            ip_address_type="dualstack" if network.ipv6 else "ipv4",
            subnets=[subnet.id for subnet in network.private_subnets],
            security_groups=[security_group.id],
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=False,  # it is deleted each time the power goes off
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _listener(self, balancer: aws.lb.LoadBalancer, certificate: Certificate | None) -> aws.lb.Listener:
        """HTTPS where a domain was certified. Without one, HTTP: only the API's link can reach it, inside the VPC.

        The body is problem+json; the type says application/json because that is all a fixed response may say.
        """
        return aws.lb.Listener(
            self.child("listener"),
            load_balancer_arn=balancer.arn,
            port=listener_port(tls=certificate is not None),
            protocol="HTTP" if certificate is None else "HTTPS",
            ssl_policy=None if certificate is None else TLS_POLICY,
            certificate_arn=certificate.arn if certificate else None,
            default_actions=[
                aws.lb.ListenerDefaultActionArgs(
                    type="fixed-response",
                    fixed_response=aws.lb.ListenerDefaultActionFixedResponseArgs(
                        content_type="application/json", message_body=NOT_FOUND, status_code="404"
                    ),
                )
            ],
            tags=self.tags(),
            opts=self.owned(),
        )

    def _target_group(self, domain: str, network: Network) -> aws.lb.TargetGroup:
        return aws.lb.TargetGroup(
            self.child(domain),
            name=self.physical(domain),
            port=PORT,
            protocol="HTTP",
            target_type="ip",
            ip_address_type="ipv6" if network.ipv6 else None,
            vpc_id=network.vpc.id,
            deregistration_delay=DEREGISTRATION_S,
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                path="/readyz",
                protocol="HTTP",
                matcher="200",
                interval=10,
                timeout=5,
                healthy_threshold=2,
                unhealthy_threshold=3,
            ),
            tags={**self.tags(), "domain": domain},
            opts=self.owned(delete_first=True),
        )

    def _rule(self, priority: int, domain: str) -> pulumi.Resource:
        return aws.lb.ListenerRule(
            self.child(f"{domain}-rule"),
            listener_arn=self.listener.arn,
            priority=priority * 10,
            conditions=[
                aws.lb.ListenerRuleConditionArgs(
                    path_pattern=aws.lb.ListenerRuleConditionPathPatternArgs(values=[f"/api/v1/{domain}/*"])
                )
            ],
            actions=[aws.lb.ListenerRuleActionArgs(type="forward", target_group_arn=self.target_groups[domain].arn)],
            tags={**self.tags(), "domain": domain},
            opts=self.owned(),
        )
