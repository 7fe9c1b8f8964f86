"""EC2: the ways out of a VPC, and its endpoints."""

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.ec2_kind import ec2_kind
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found
from trackstack_infra.local.provider.shapes import Inputs


def _place(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    """Give an address to an instance, or to none; a NAT gateway takes its own."""
    if new.get("instance") and old.get("instance") != new["instance"]:
        client.associate_address(AllocationId=ref, InstanceId=new["instance"], AllowReassociation=True)
    elif old.get("instance") and not new.get("instance"):
        _free(client, ref)


def _free(client: Client, ref: str) -> None:
    association = client.describe_addresses(AllocationIds=[ref])["Addresses"][0].get("AssociationId")
    if association:
        client.disassociate_address(AssociationId=association)


def _release(client: Client, ref: str, outputs: Outputs) -> None:
    if outputs.get("instance"):
        _free(client, ref)
    client.release_address(AllocationId=ref)


EIP = ec2_kind(
    "aws:ec2/eip:Eip",
    kind="elastic-ip",
    one="",
    many="Addresses",
    id_key="AllocationId",
    create="AllocateAddress",
    describe="DescribeAddresses",
    delete="ReleaseAddress",
    filters={},
    fixed="domain",
    changes="instance",
    after=_place,
    remove=_release,
    shown=lambda found, inputs: {
        "allocationId": found["AllocationId"],
        "associationId": found.get("AssociationId", ""),
        "publicIp": found["PublicIp"],
        "privateIp": found.get("PrivateIpAddress", ""),
    },
)


def _nat_outputs(found: Found, inputs: Inputs) -> Outputs:
    address = found["NatGatewayAddresses"][0]
    return {
        "publicIp": address.get("PublicIp", ""),
        "privateIp": address.get("PrivateIp", ""),
        "networkInterfaceId": address.get("NetworkInterfaceId", ""),
    }


NAT_GATEWAY = ec2_kind(
    "aws:ec2/natGateway:NatGateway",
    kind="natgateway",
    one="NatGateway",
    many="NatGateways",
    id_key="NatGatewayId",
    create="CreateNatGateway",
    describe="DescribeNatGateways",
    delete="DeleteNatGateway",
    filters={"subnet-id": "subnetId"},
    fixed="subnetId allocationId connectivityType privateIp",
    shown=_nat_outputs,
)


EGRESS_ONLY = ec2_kind(
    "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
    kind="egress-only-internet-gateway",
    one="EgressOnlyInternetGateway",
    many="EgressOnlyInternetGateways",
    id_key="EgressOnlyInternetGatewayId",
    create="CreateEgressOnlyInternetGateway",
    describe="DescribeEgressOnlyInternetGateways",
    delete="DeleteEgressOnlyInternetGateway",
    filters={},
    same=lambda found, inputs: found["Attachments"][0]["VpcId"] == inputs["vpcId"],
    fixed="vpcId",
    shown={},
)


def _endpoint_outputs(found: Found, inputs: Inputs) -> Outputs:
    return {
        "arn": found["Arn"],
        "state": found["State"],
        "ownerId": found.get("OwnerId", ""),
        "networkInterfaceIds": found.get("NetworkInterfaceIds", []),
        "dnsEntries": [{"dnsName": each["DnsName"]} for each in found.get("DnsEntries", [])],
    }


def _change_endpoint(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    if not old:
        return  # CreateVpcEndpoint took everything
    change: dict[str, object] = {}
    if old.get("policy") != new.get("policy"):
        change |= {"PolicyDocument": new["policy"]} if new.get("policy") else {"ResetPolicy": True}
    for ours, parameter in (("routeTableIds", "RouteTableIds"), ("subnetIds", "SubnetIds")):
        before, after = set(old.get(ours) or []), set(new.get(ours) or [])
        change |= {f"Add{parameter}": sorted(after - before)} if after - before else {}
        change |= {f"Remove{parameter}": sorted(before - after)} if before - after else {}
    if change:
        client.modify_vpc_endpoint(VpcEndpointId=ref, **change)


VPC_ENDPOINT = ec2_kind(
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    kind="vpc-endpoint",
    one="VpcEndpoint",
    many="VpcEndpoints",
    id_key="VpcEndpointId",
    create="CreateVpcEndpoint",
    describe="DescribeVpcEndpoints",
    delete="DeleteVpcEndpoints",
    filters={"vpc-id": "vpcId", "service-name": "serviceName"},
    fixed="vpcId serviceName vpcEndpointType ipAddressType securityGroupIds privateDnsEnabled",
    changes="routeTableIds subnetIds policy",
    shown=_endpoint_outputs,
    before=lambda inputs: {"PolicyDocument": inputs.get("policy")},
    after=_change_endpoint,
    remove=lambda client, ref, outputs: client.delete_vpc_endpoints(VpcEndpointIds=[ref]),
)

RECIPES = (EIP, NAT_GATEWAY, EGRESS_ONLY, VPC_ENDPOINT)
