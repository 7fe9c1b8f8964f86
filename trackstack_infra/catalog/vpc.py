"""VPC: rules of security groups."""

from typing import Final

from trackstack_infra.catalog.fidelity import NETWORK
from trackstack_infra.catalog.resource_type import ResourceType, Terraform

_IN_A_VPC: Final = "costs nothing; what runs in a VPC does"

TYPES: Final = (
    ResourceType(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        fidelity=NETWORK,
        outputs={"id": "sgr-{hex}", "securityGroupRuleId": "{id}"},
        terraform=Terraform(absent=("cidr_ipv4", "cidr_ipv6")),
        free=_IN_A_VPC,
        shown=("securityGroupId", "referencedSecurityGroupId", "toPort"),
    ),
    ResourceType(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        fidelity=NETWORK,
        outputs={"id": "sgr-{hex}", "securityGroupRuleId": "{id}"},
        terraform=Terraform(absent=("cidr_ipv4", "cidr_ipv6")),
        free=_IN_A_VPC,
        shown=("securityGroupId", "referencedSecurityGroupId", "cidrIpv4", "toPort"),
    ),
)
