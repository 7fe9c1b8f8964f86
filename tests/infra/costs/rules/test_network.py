"""What ingress and egress of a VPC cost."""

from decimal import Decimal
from typing import Any

NAT, EIP, ALB = "aws:ec2/natGateway:NatGateway", "aws:ec2/eip:Eip", "aws:lb/loadBalancer:LoadBalancer"
IGW, VPC, ENDPOINT = "aws:ec2/internetGateway:InternetGateway", "aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint"


def test_a_nat_gateway_bills_hours_gigabytes_and_its_address(resource: Any, bill: Any) -> None:
    """The address is a line of its own: half a cent an hour that calculators forget."""
    # 112 h × $0.04; 5 GB × $0.04; 112 h × $0.005
    assert bill(resource(NAT), resource(EIP), nat__gb=5) == {
        "nat.hour": Decimal("4.48"),
        "nat.gb": Decimal("0.20"),
        "ipv4.hour": Decimal("0.56"),
    }


def test_two_nat_gateways_share_the_gigabytes(resource: Any, bill: Any) -> None:
    """A gateway in each zone doubles the hours, not the bytes."""
    # 2 × 112 h × $0.04; 5 GB × $0.04 in all
    assert bill(resource(NAT, "a"), resource(NAT, "b"), nat__gb=5) == {
        "nat.hour": Decimal("8.96"),
        "nat.gb": Decimal("0.20"),
    }


def test_an_internal_balancer_has_no_addresses(resource: Any, bill: Any) -> None:
    """Behind API Gateway it costs its hours and its capacity units only."""
    # 112 h × $0.02; 112 h × 0.05 units × $0.008
    assert bill(resource(ALB, internal=True, subnets=["a", "b"]), alb__lcu="0.05") == {
        "alb.hour": Decimal("2.24"),
        "alb.lcu_hour": Decimal("0.0448"),
    }


def test_a_public_balancer_has_an_address_in_each_zone(resource: Any, price: Any) -> None:
    """No resource of the program says so, so the line does, and names the balancer."""
    # 3 zones × 112 h × $0.005
    implied = [each for each in price(resource(ALB, subnets=["a", "b", "c"]), alb__lcu=0).lines if each.meter.implied]
    assert [(each.price.id, each.exact, each.type) for each in implied] == [("ipv4.hour", Decimal("1.68"), ALB)]


def test_a_balancer_without_public_ipv4_has_none(resource: Any, bill: Any) -> None:
    """IPv6 addresses are free."""
    balancer = resource(ALB, subnets=["a", "b"], ipAddressType="dualstack-without-public-ipv4")
    assert "ipv4.hour" not in bill(balancer, alb__lcu=0)


def test_gateway_endpoints_are_free_and_interface_endpoints_bill_each_zone(
    resource: Any, bill: Any, price: Any
) -> None:
    """Which is why only S3 has one."""
    gateway = price(resource(ENDPOINT, vpcEndpointType="Gateway"))
    assert (gateway.lines, gateway.unpriced) == ((), ())
    assert gateway.free == ((ENDPOINT, "gateway endpoints, to S3 and DynamoDB, cost nothing"),)
    # 2 zones × 112 h × $0.01; 5 GB × $0.01
    interface = resource(ENDPOINT, vpcEndpointType="Interface", subnetIds=["a", "b"])
    assert bill(interface, endpoint__gb=5) == {"vpc.endpoint_hour": Decimal("2.24"), "vpc.endpoint_gb": Decimal("0.05")}


def test_what_crosses_zones_is_billed_on_both_sides(resource: Any, bill: Any) -> None:
    """A cent a GB on leaving and one on arriving."""
    # 10 GB × 2 × $0.01; 7 GB × $0.09
    assert bill(resource(VPC), resource(IGW), data__inter_az_gb=10, data__out_gb=7) == {
        "data.inter_az_gb": Decimal("0.20"),
        "data.out_gb": Decimal("0.63"),
    }
