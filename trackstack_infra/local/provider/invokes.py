"""The data functions of the provider: who and where the emulator says we are."""

from typing import Any

from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError


def invoke(aws: Clients, token: str, args: dict[str, Any]) -> dict[str, Any]:
    """The answer of data function TOKEN."""
    match token:
        case "aws:index/getCallerIdentity:getCallerIdentity":
            who = aws.client("sts").get_caller_identity()
            return {"accountId": who["Account"], "arn": who["Arn"], "userId": who["UserId"], "id": who["Account"]}
        case "aws:index/getRegion:getRegion":
            return {
                "name": aws.region,
                "id": aws.region,
                "region": aws.region,
                "endpoint": f"ec2.{aws.region}.amazonaws.com",
                "description": aws.region,
            }
        case "aws:index/getPartition:getPartition":
            return {
                "partition": "aws",
                "id": "aws",
                "dnsSuffix": "amazonaws.com",
                "reverseDnsPrefix": "com.amazonaws",
            }
        case "aws:index/getAvailabilityZones:getAvailabilityZones":
            zones = aws.client("ec2").describe_availability_zones()["AvailabilityZones"]
            return {
                **args,
                "id": aws.region,
                "names": [zone["ZoneName"] for zone in zones],
                "zoneIds": [zone["ZoneId"] for zone in zones],
                "groupNames": [aws.region],
            }
    raise ProviderError(
        token,
        "invoke",
        "UnknownFunction",
        "the local provider answers getCallerIdentity, getRegion, getPartition and getAvailabilityZones; "
        "write the value into the program, or teach it the function in trackstack_infra/local/provider/invokes.py",
    )
