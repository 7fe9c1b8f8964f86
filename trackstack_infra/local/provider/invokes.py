"""The data functions of the provider: who and where the emulator says we are."""

from typing import Any, Final

from trackstack_infra.local.provider import route53
from trackstack_infra.local.provider.clients import Clients
from trackstack_infra.local.provider.errors import ProviderError

# AWS draws a password by lot. Nothing on this computer is kept from who can read this file, so nothing pretends to be.
PUBLIC: Final = "public-and-the-same-on-every-computer-"


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
        case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
            return {**args, **_prefix_list(aws, token, args["name"])}
        case "aws:ssm/getParameter:getParameter":
            found = aws.client("ssm").get_parameter(Name=args["name"], WithDecryption=True)["Parameter"]
            public = {} if found["Type"] == "SecureString" else {"insecureValue": found["Value"]}
            about = {"id": found["Name"], "arn": found["ARN"], "type": found["Type"], "version": found["Version"]}
            return {**args, **about, "value": found["Value"], **public}
        case "aws:route53/getZone:getZone":
            return route53.zone(args)
        case "aws:secretsmanager/getRandomPassword:getRandomPassword":
            length = int(args.get("passwordLength") or 32)
            return {**args, "id": aws.region, "randomPassword": (PUBLIC * length)[:length]}
    raise ProviderError(
        token,
        "invoke",
        "UnknownFunction",
        "the local provider does not answer it; "
        "write the value into the program, or teach it the function in trackstack_infra/local/provider/invokes.py",
    )


def _prefix_list(aws: Clients, token: str, name: str) -> dict[str, Any]:
    filters = [{"Name": "prefix-list-name", "Values": [name]}]
    lists = aws.client("ec2").describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    if not lists:
        raise ProviderError(token, "invoke", "NotFound", f"there is no prefix list {name!r}; AWS writes names in full")
    (found,) = lists
    return {
        "id": found["PrefixListId"],
        "arn": found["PrefixListArn"],
        "addressFamily": found["AddressFamily"],
        "ownerId": found["OwnerId"],
    }
