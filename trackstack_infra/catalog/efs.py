"""EFS: file systems."""

from typing import Final

from trackstack_infra.catalog.fidelity import FILES, NETWORK, PERMISSIONS
from trackstack_infra.catalog.resource_type import Data, DataRole, Drawn, Family, Name, ResourceType

_ARN: Final = "arn:aws:elasticfilesystem:{region}:{account}:"

TYPES: Final = (
    ResourceType(
        "aws:efs/fileSystem:FileSystem",
        drawn=Drawn("EFS", Family.DATA, rank=120),
        name=Name("creationToken", r".{1,64}"),
        data=Data(DataRole.HOLDS, "files"),
        fidelity=FILES,
        outputs={"id": "fs-{hex}", "arn": _ARN + "file-system/{id}", "dnsName": "{id}.efs.{region}.amazonaws.com"},
        shown=("throughputMode", "encrypted"),
    ),
    ResourceType(
        "aws:efs/accessPoint:AccessPoint",
        data=Data(DataRole.POINTS_AT, "files"),
        fidelity=FILES,
        outputs={"id": "fsap-{hex}", "arn": _ARN + "access-point/{id}"},
        free="a way into the file system, which is billed by what lies in it",
        shown=("rootDirectory",),
    ),
    ResourceType(
        "aws:efs/mountTarget:MountTarget",
        tags=False,
        fidelity=NETWORK,
        outputs={"id": "fsmt-{hex}", "ipAddress": "10.0.0.9", "networkInterfaceId": "eni-{hex}"},
        free="an address of the file system, which is billed by what lies in it",
        shown=("subnetId",),
    ),
    ResourceType("aws:efs/fileSystemPolicy:FileSystemPolicy", tags=False, fidelity=PERMISSIONS, free="a right"),
    # No program registers one; rules watch for it.
    ResourceType("aws:efs/backupPolicy:BackupPolicy", tags=False, free="no copies are made while it is off"),
)
