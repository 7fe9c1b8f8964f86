"""Elastic Load Balancing."""

from typing import Final

from trackstack_infra.catalog.fidelity import ROUTING
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType, Terraform

_ARN: Final = "arn:aws:elasticloadbalancing:{region}:{account}:"
_OF_THE_BALANCER: Final = "part of the load balancer's price"

TYPES: Final = (
    ResourceType(
        "aws:lb/loadBalancer:LoadBalancer",
        drawn=Drawn("load balancer", Family.EDGE, rank=40),
        name=Name("name", r"(?!internal-)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?"),
        fidelity=ROUTING,
        outputs={
            "id": _ARN + "loadbalancer/app/{name}/{hex}",
            "arn": "{id}",
            "arnSuffix": "app/{name}/{hex}",
            "dnsName": "internal-{name}-{hex}.{region}.elb.amazonaws.com",
            "zoneId": "Z35SXDOTRQ7X7K",
        },
        terraform=Terraform("aws_lb"),
        shown=("name", "internal"),
    ),
    ResourceType(
        "aws:lb/listener:Listener",
        fidelity=ROUTING,
        outputs={"id": _ARN + "listener/app/{name}/{hex}", "arn": "{id}"},
        free=_OF_THE_BALANCER,
        costs_with={"asks a trust store, which is billed by the hour": "mutualAuthentication.mode=off|passthrough"},
        shown=("port", "protocol"),
    ),
    ResourceType(
        "aws:lb/listenerRule:ListenerRule",
        fidelity=ROUTING,
        outputs={"id": _ARN + "listener-rule/app/{name}/{hex}", "arn": "{id}"},
        free=_OF_THE_BALANCER,
        shown=("priority", "conditions"),
    ),
    ResourceType(
        "aws:lb/targetGroup:TargetGroup",
        name=Name("name", r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?"),
        fidelity=ROUTING,
        outputs={"id": _ARN + "targetgroup/{name}/{hex}", "arn": "{id}", "arnSuffix": "targetgroup/{name}/{hex}"},
        free=_OF_THE_BALANCER,
        shown=("name", "port", "deregistrationDelay"),
    ),
)
