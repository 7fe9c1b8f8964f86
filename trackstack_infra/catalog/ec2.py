"""EC2 and VPC: networks, gateways, instances."""

from typing import Final

from trackstack_infra.catalog.fidelity import NETWORK
from trackstack_infra.catalog.resource_type import Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:ec2:{region}:{account}:"
_IN_A_VPC: Final = "costs nothing; what runs in a VPC does"
_OUT: Final = "internet gateways cost nothing; what leaves AWS through them does"

TYPES: Final = (
    ResourceType(
        "aws:ec2/vpc:Vpc",
        drawn=Drawn("VPC", Family.NETWORK, rank=260),
        fidelity=NETWORK,
        outputs={
            "id": "vpc-{hex}",
            "arn": _ARN + "vpc/{id}",
            "defaultSecurityGroupId": "sg-{hex}",
            "ipv6CidrBlock": "2600:1f18:1234:5600::/56",
        },
        free=_IN_A_VPC,
        shown=("cidrBlock",),
    ),
    ResourceType(
        "aws:ec2/subnet:Subnet",
        fidelity=NETWORK,
        outputs={"id": "subnet-{hex}", "arn": _ARN + "subnet/{id}"},
        free=_IN_A_VPC,
        shown=("availabilityZone", "cidrBlock"),
    ),
    ResourceType(
        "aws:ec2/internetGateway:InternetGateway",
        fidelity=NETWORK,
        outputs={"id": "igw-{hex}", "arn": _ARN + "internet-gateway/{id}"},
        free=_OUT,
    ),
    ResourceType(
        "aws:ec2/routeTable:RouteTable",
        fidelity=NETWORK,
        outputs={"id": "rtb-{hex}", "arn": _ARN + "route-table/{id}"},
        free=_IN_A_VPC,
    ),
    ResourceType(
        "aws:ec2/route:Route",
        tags=False,
        fidelity=NETWORK,
        free=_IN_A_VPC,
        shown=("routeTableId", "destinationCidrBlock", "gatewayId", "natGatewayId"),
    ),
    ResourceType(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        tags=False,
        fidelity=NETWORK,
        free=_IN_A_VPC,
        shown=("subnetId", "routeTableId"),
    ),
    ResourceType(
        "aws:ec2/eip:Eip",
        fidelity=NETWORK,
        outputs={"id": "eipalloc-{hex}", "allocationId": "{id}", "publicIp": "198.51.100.7"},
        shown=("domain",),
    ),
    ResourceType(
        "aws:ec2/natGateway:NatGateway",
        drawn=Drawn("NAT gateway", Family.NETWORK, rank=240),
        fidelity=NETWORK,
        outputs={"id": "nat-{hex}", "publicIp": "198.51.100.7"},
        shown=("subnetId", "allocationId"),
    ),
    ResourceType(
        "aws:ec2/instance:Instance",
        drawn=Drawn("EC2 instance", Family.NETWORK, rank=250),
        fidelity=NETWORK,
        outputs={
            "id": "i-{hex}",
            "arn": _ARN + "instance/{id}",
            "primaryNetworkInterfaceId": "eni-{hex}",
            "privateIp": "10.0.0.8",
        },
    ),
    ResourceType(
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        fidelity=NETWORK,
        outputs={"id": "eigw-{hex}"},
        free=_OUT,
    ),
    ResourceType(
        "aws:ec2/flowLog:FlowLog",
        drawn=Drawn("flow log", Family.WATCH, rank=270),
        fidelity=NETWORK,
        outputs={"id": "fl-{hex}", "arn": _ARN + "vpc-flow-log/{id}"},
        free="what it records is billed as the log group's data",
        costs_with={"has a price by gigabyte that the snapshot lacks": "logDestinationType=cloud-watch-logs"},
        shown=("trafficType", "maxAggregationInterval"),
    ),
    ResourceType(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        fidelity=NETWORK,
        outputs={"id": "vpce-{hex}", "arn": _ARN + "vpc-endpoint/{id}"},
        free="gateway endpoints, to S3 and DynamoDB, cost nothing",
        shown=("serviceName", "vpcEndpointType"),
    ),
    ResourceType(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        fidelity=NETWORK,
        outputs={"id": "sg-{hex}", "arn": _ARN + "security-group/{id}"},
        free=_IN_A_VPC,
    ),
    ResourceType(
        "aws:ec2/securityGroup:SecurityGroup",
        name=Name("name", r"(?!sg-)[\w .:/()#,@\[\]+=&;{}!$*-]{1,255}"),
        fidelity=NETWORK,
        outputs={"id": "sg-{hex}", "arn": _ARN + "security-group/{id}"},
        free=_IN_A_VPC,
        shown=("name",),
    ),
)
