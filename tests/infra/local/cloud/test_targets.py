"""Targets of a load balancer on one computer."""

from typing import Any

import pytest


def test_tasks_on_one_address_are_two_targets(bench: Any) -> None:
    """Two tasks of a service, at 127.0.0.1 on ports of their own, are registered and taken out one by one."""
    elb = bench.client("elbv2")
    vpc = bench.client("ec2").create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    how = {"Protocol": "HTTP", "Port": 8000, "TargetType": "ip", "VpcId": vpc}
    group = elb.create_target_group(Name="two", **how)["TargetGroups"][0]["TargetGroupArn"]
    first, second = {"Id": "127.0.0.1", "Port": 1001}, {"Id": "127.0.0.1", "Port": 1002}

    def healthy() -> list[int]:
        described = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return [each["Target"]["Port"] for each in described if each["TargetHealth"]["State"] == "healthy"]

    elb.register_targets(TargetGroupArn=group, Targets=[first])
    elb.register_targets(TargetGroupArn=group, Targets=[second])
    assert healthy() == [1001, 1002]
    elb.deregister_targets(TargetGroupArn=group, Targets=[first])
    assert healthy() == [1002]
    with pytest.raises(elb.exceptions.InvalidTargetException):
        elb.deregister_targets(TargetGroupArn=group, Targets=[first])
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "127.0.0.1"}])
    assert healthy() == []
