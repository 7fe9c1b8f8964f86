"""EC2: instances. The emulator keeps the record; no machine runs, so nothing passes through one that does NAT."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.ec2_kind import ec2_tags
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped, tags

_OVER = ("shutting-down", "terminated")


def _request(inputs: Inputs) -> dict[str, Any]:
    """What RunInstances spells otherwise than Terraform."""
    disk = dict(inputs.get("rootBlockDevice") or {})
    specifications = [{"ResourceType": "instance", "Tags": tags(inputs)}] if tags(inputs) else []
    if disk.get("tags"):
        specifications.append({"ResourceType": "volume", "Tags": shaped(disk["tags"], "Key")})
    ebs = {
        "Encrypted": disk.get("encrypted"),
        "VolumeType": disk.get("volumeType"),
        "VolumeSize": int(disk["volumeSize"]) if disk.get("volumeSize") else None,
        "DeleteOnTermination": True,
    }
    mapping = {"DeviceName": "/dev/xvda", "Ebs": {key: value for key, value in ebs.items() if value is not None}}
    return {
        "ImageId": inputs["ami"],
        "MinCount": 1,
        "MaxCount": 1,
        "SecurityGroupIds": inputs.get("vpcSecurityGroupIds"),
        "BlockDeviceMappings": [mapping] if disk else None,
        "TagSpecifications": specifications or None,
    }


def _make(client: Client, inputs: Inputs) -> Found:
    made: Found = call(client, "RunInstances", inputs, **_request(inputs))["Instances"][0]
    _check_addresses(client, made["InstanceId"], {}, inputs)
    return made


def _check_addresses(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    wanted = new.get("sourceDestCheck")
    if wanted is not None and wanted != old.get("sourceDestCheck"):
        client.modify_instance_attribute(InstanceId=ref, SourceDestCheck={"Value": wanted})


def _look(client: Client, ref: str, inputs: Inputs) -> Found | None:
    return _first(client.describe_instances(InstanceIds=[ref]))


def _search(client: Client, inputs: Inputs) -> Found | None:
    marks = {f"tag:{key}": value for key, value in (inputs.get("tags") or {}).items()}
    filters = [{"Name": name, "Values": [value]} for name, value in marks.items()]
    place = {"Name": "subnet-id", "Values": [inputs["subnetId"]]}
    return _first(client.describe_instances(Filters=[*filters, place]))


def _first(answer: Any) -> Found | None:
    every: list[Found] = [each for reservation in answer["Reservations"] for each in reservation["Instances"]]
    return next((found for found in every if found["State"]["Name"] not in _OVER), None)


def _shown(found: Found, inputs: Inputs) -> Outputs:
    interface: Found = next(iter(found.get("NetworkInterfaces") or []), {})
    zone = found["Placement"]["AvailabilityZone"]
    return {
        "arn": f"arn:aws:ec2:{zone[:-1]}:{interface.get('OwnerId', '')}:instance/{found['InstanceId']}",
        "availabilityZone": zone,
        "instanceState": "running",
        "primaryNetworkInterfaceId": interface.get("NetworkInterfaceId", ""),
        "privateIp": found.get("PrivateIpAddress", ""),
        "privateDns": found.get("PrivateDnsName", ""),
    }


INSTANCE = Recipe(
    "aws:ec2/instance:Instance",
    service="ec2",
    fixed=(
        "ami instanceType subnetId vpcSecurityGroupIds metadataOptions rootBlockDevice creditSpecification userData "
        "userDataReplaceOnChange"
    ),
    changes="sourceDestCheck",
    make=_make,
    look=_look,
    identify="InstanceId",
    shown=_shown,
    change=_check_addresses,
    remove=lambda client, ref, outputs: client.terminate_instances(InstanceIds=[ref]),
    search=_search,
    tagging=ec2_tags,
)

RECIPES = (INSTANCE,)
