"""The network, and the NAT instance: ids are drawn by lot, so the tag `project` is the limit."""

from typing import Final

from trackstack_infra.components.ci_permissions.permission import OURS, TAGGED_AS_OURS, Permission

_EC2 = "arn:aws:ec2:{region}:{account}:"
_NEW = " ".join(
    _EC2 + f"{kind}/*"
    for kind in (
        "vpc",
        "subnet",
        "internet-gateway",
        "egress-only-internet-gateway",
        "route-table",
        "elastic-ip",
        "natgateway",
        "vpc-endpoint",
        "security-group",
        "security-group-rule",
        "vpc-flow-log",
        "instance",
    )
)
_CREATE = (
    "CreateVpc CreateSubnet CreateInternetGateway CreateEgressOnlyInternetGateway CreateRouteTable AllocateAddress "
    "CreateNatGateway CreateVpcEndpoint CreateSecurityGroup AuthorizeSecurityGroupIngress "
    "AuthorizeSecurityGroupEgress CreateFlowLogs RunInstances"
)

NETWORK: Final = (
    Permission(
        "Network",
        "network",
        "ec2",
        "*",  # Describe calls have no ARN
        reads="DescribeAddresses DescribeAddressesAttribute DescribeAvailabilityZones "
        "DescribeEgressOnlyInternetGateways DescribeFlowLogs DescribeImages "
        "DescribeInstanceCreditSpecifications DescribeInstances DescribeInstanceTypes DescribeInternetGateways "
        "DescribeManagedPrefixLists DescribeNatGateways DescribeNetworkAcls DescribeNetworkInterfaces "
        "DescribePrefixLists DescribeRouteTables DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets "
        "DescribeTags DescribeVolumes DescribeVpcEndpoints DescribeVpcs",
    ),
    Permission(
        "NetworkAttributes",
        "network",
        "ec2",
        _EC2 + "vpc/* " + _EC2 + "instance/*",
        reads="DescribeInstanceAttribute DescribeVpcAttribute",
    ),
    Permission("NewNetwork", "network", "ec2", _NEW, changes=_CREATE, condition=TAGGED_AS_OURS),
    Permission(
        "OwnNetwork",
        "network",
        "ec2",
        _EC2 + "*/*",  # of whatever kind, if it is tagged as ours
        changes=f"{_CREATE} AssociateRouteTable AssociateSubnetCidrBlock AssociateVpcCidrBlock AssociateAddress "
        "AttachInternetGateway CreateRoute DeleteEgressOnlyInternetGateway DeleteFlowLogs DeleteInternetGateway "
        "DeleteNatGateway DeleteNetworkInterface DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet "
        "DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateAddress DisassociateRouteTable "
        "ModifyInstanceAttribute ModifySecurityGroupRules ModifySubnetAttribute ModifyVpcAttribute "
        "ModifyVpcEndpoint ReleaseAddress ReplaceRoute RevokeSecurityGroupEgress RevokeSecurityGroupIngress "
        "StartInstances StopInstances TerminateInstances UpdateSecurityGroupRuleDescriptionsEgress "
        "UpdateSecurityGroupRuleDescriptionsIngress CreateTags DeleteTags",
        condition=OURS,
    ),
    Permission(
        "TagsOfNewNetwork",
        "network",
        "ec2",
        _NEW,
        changes="CreateTags",
        condition={"StringEquals": {"ec2:CreateAction": _CREATE.split(), "aws:RequestTag/project": "trackstack"}},
    ),
    # AWS makes a VPC's default group, without tags: it is emptied, which can only close, and tagged.
    Permission(
        "DefaultGroup",
        "network",
        "ec2",
        _EC2 + "security-group/*",
        changes="CreateTags RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        condition={"Null": {"aws:ResourceTag/project": "true"}},
    ),
    Permission(
        "PartsOfInstances",
        "network",
        "ec2",
        # AWS's images are nobody's, and an instance's disk and network interface get no tags of their own.
        f"arn:aws:ec2:{{region}}::image/* {_EC2}volume/* {_EC2}network-interface/*",
        changes="RunInstances",
    ),
)
