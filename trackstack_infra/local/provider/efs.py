"""EFS: file systems, the mount targets of their subnets, and access points."""

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags

_TAGGING = TagResource("ResourceId", "Tags", "TagKeys", "Key", by="id")


def _dns_name(client: Client, file_system: str) -> str:
    return f"{file_system}.efs.{client.meta.region_name}.amazonaws.com"


def _make_file_system(client: Client, inputs: Inputs) -> Found:
    found = call(client, "CreateFileSystem", inputs, Tags=tags(inputs))
    if inputs.get("lifecyclePolicies"):
        _put_lifecycle(client, found["FileSystemId"], inputs)
    return {**found, "DnsName": _dns_name(client, found["FileSystemId"])}


def _put_lifecycle(client: Client, ref: str, inputs: Inputs) -> None:
    call(
        client,
        "PutLifecycleConfiguration",
        {"lifecyclePolicies": inputs.get("lifecyclePolicies") or []},
        FileSystemId=ref,
    )


def _file_system(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_file_systems(FileSystemId=ref)["FileSystems"][0]
    return {**found, "DnsName": _dns_name(client, ref)}


def _change_file_system(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    how = ("throughputMode", "provisionedThroughputInMibps")
    if [old.get(key) for key in how] != [new.get(key) for key in how]:
        call(client, "UpdateFileSystem", {key: new.get(key) for key in how}, FileSystemId=ref)
    if old.get("lifecyclePolicies") != new.get("lifecyclePolicies"):
        _put_lifecycle(client, ref, new)


def _by_creation_token(client: Client, inputs: Inputs) -> Found | None:
    found = client.describe_file_systems(CreationToken=inputs["creationToken"])["FileSystems"]
    return _file_system(client, found[0]["FileSystemId"], inputs) if found else None


FILE_SYSTEM = Recipe(
    "aws:efs/fileSystem:FileSystem",
    service="efs",
    fixed="creationToken encrypted kmsKeyId performanceMode availabilityZoneName",
    changes="throughputMode provisionedThroughputInMibps lifecyclePolicies",
    name_property="creationToken",
    make=_make_file_system,
    look=_file_system,
    identify="FileSystemId",
    shown={
        "arn": "FileSystemArn",
        "dnsName": "DnsName",
        "name": "Name",
        "ownerId": "OwnerId",
        "numberOfMountTargets": "NumberOfMountTargets",
    },
    change=_change_file_system,
    remove=lambda client, ref, outputs: client.delete_file_system(FileSystemId=ref),
    search=_by_creation_token,
    tagging=_TAGGING,
)


def _complete_target(client: Client, found: Found) -> Found:
    file_system = client.describe_file_systems(FileSystemId=found["FileSystemId"])["FileSystems"][0]
    zone = found.get("AvailabilityZoneName", "")
    name = _dns_name(client, found["FileSystemId"])
    return {**found, "DnsName": name, "OwnName": f"{zone}.{name}", "FileSystemArn": file_system["FileSystemArn"]}


def _target_in_subnet(client: Client, inputs: Inputs) -> Found | None:
    targets = client.describe_mount_targets(FileSystemId=inputs["fileSystemId"])["MountTargets"]
    here = [found for found in targets if found["SubnetId"] == inputs["subnetId"]]
    return _complete_target(client, here[0]) if here else None


MOUNT_TARGET = Recipe(
    "aws:efs/mountTarget:MountTarget",
    service="efs",
    fixed="fileSystemId subnetId ipAddress ipAddressType",
    changes="securityGroups",
    make=lambda client, inputs: _complete_target(client, call(client, "CreateMountTarget", inputs)),
    look=lambda client, ref, inputs: _complete_target(
        client, client.describe_mount_targets(MountTargetId=ref)["MountTargets"][0]
    ),
    identify="MountTargetId",
    shown={
        "dnsName": "DnsName",
        "mountTargetDnsName": "OwnName",
        "fileSystemArn": "FileSystemArn",
        "ipAddress": "IpAddress",
        "networkInterfaceId": "NetworkInterfaceId",
        "availabilityZoneId": "AvailabilityZoneId",
        "availabilityZoneName": "AvailabilityZoneName",
        "ownerId": "OwnerId",
    },
    change=lambda client, ref, old, new: client.modify_mount_target_security_groups(
        MountTargetId=ref, SecurityGroups=list(new.get("securityGroups") or [])
    ),
    remove=lambda client, ref, outputs: client.delete_mount_target(MountTargetId=ref),
    search=_target_in_subnet,
    deletes_first=True,  # a subnet has one mount target of a file system
)


def _make_access_point(client: Client, inputs: Inputs) -> Found:
    made: Found = call(client, "CreateAccessPoint", inputs, Tags=tags(inputs))
    return _access_point(client, made["AccessPointId"], inputs)


def _access_point(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_access_points(AccessPointId=ref)["AccessPoints"][0]
    return _with_file_system_arn(client, found)


def _with_file_system_arn(client: Client, found: Found) -> Found:
    arn = str(found["AccessPointArn"]).rpartition(":access-point/")[0]
    return {**found, "FileSystemArn": f"{arn}:file-system/{found['FileSystemId']}"}


def _same_access_point(client: Client, inputs: Inputs) -> Found | None:
    path = (inputs.get("rootDirectory") or {}).get("path", "/")
    wanted = inputs.get("tags") or {}
    for found in client.describe_access_points(FileSystemId=inputs["fileSystemId"])["AccessPoints"]:
        marks = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        if found.get("RootDirectory", {}).get("Path", "/") == path and marks == wanted:
            return _with_file_system_arn(client, found)
    return None


ACCESS_POINT = Recipe(
    "aws:efs/accessPoint:AccessPoint",
    service="efs",
    fixed="fileSystemId posixUser rootDirectory",
    make=_make_access_point,
    look=_access_point,
    identify="AccessPointId",
    shown={"arn": "AccessPointArn", "fileSystemArn": "FileSystemArn", "ownerId": "OwnerId"},
    remove=lambda client, ref, outputs: client.delete_access_point(AccessPointId=ref),
    search=_same_access_point,
    tagging=_TAGGING,
)


def _put_policy(client: Client, inputs: Inputs) -> Found:
    call(client, "PutFileSystemPolicy", inputs, FileSystemId=inputs["fileSystemId"])
    return {"FileSystemId": inputs["fileSystemId"]}


def _policy(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_file_system_policy(FileSystemId=ref)
    return found


def _delete_policy(client: Client, ref: str, outputs: Outputs) -> None:
    client.delete_file_system_policy(FileSystemId=ref)


FILE_SYSTEM_POLICY = Recipe(
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    service="efs",
    fixed="fileSystemId",
    changes="policy bypassPolicyLockoutSafetyCheck",
    make=_put_policy,
    look=_policy,
    identify="FileSystemId",
    shown={},
    change=lambda client, ref, old, new: _put_policy(client, new),
    remove=_delete_policy,
    search=lambda client, inputs: _policy(client, inputs["fileSystemId"], inputs),
)

RECIPES = (FILE_SYSTEM, MOUNT_TARGET, ACCESS_POINT, FILE_SYSTEM_POLICY)
