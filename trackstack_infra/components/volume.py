"""The file system that holds the databases, and the directories of it that tasks may mount."""

from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow, document, tls_only
from trackstack_infra.components.network import Network
from trackstack_infra.components.security_group import SecurityGroup

NFS_PORT: Final = 2049
APP_USER: Final = 1000  # the images' user
_ANY_CLIENT_ACTION: Final = [
    "elasticfilesystem:ClientMount",
    "elasticfilesystem:ClientWrite",
    "elasticfilesystem:ClientRootAccess",
]


def _address_type(network: Network) -> str | None:
    """What the mount targets' subnets have; None is AWS's own default, IPv4."""
    if not network.ipv6:
        return None
    return "DUAL_STACK" if network.private_subnets else "IPV6_ONLY"


class Volume(Component):
    """An encrypted regional EFS, reachable in every zone that tasks use, through access points and TLS only."""

    def __init__(self, name: str, *, network: Network, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.security_group = SecurityGroup("files", network=network, purpose="NFS of the databases", opts=self.owned())
        self.file_system = self._file_system()
        self._policy()
        self.mount_targets = [
            aws.efs.MountTarget(
                self.child(f"mount-{index}"),
                file_system_id=self.file_system.id,
                subnet_id=subnet.id,
                ip_address_type=_address_type(network),
                security_groups=[self.security_group.id],
                opts=self.owned(),
            )
            for index, subnet in enumerate(network.mount_subnets)
        ]
        self.register_outputs({"file_system_id": self.file_system.id})

    def _file_system(self) -> aws.efs.FileSystem:
        physical = self.physical(self.name)
        return aws.efs.FileSystem(
            self.child("files"),
            creation_token=physical,
            encrypted=True,
            performance_mode="generalPurpose",
            # Not elastic: it meters each 4-KiB page of SQLite as 32 KiB, where bursting asks nothing for I/O.
            throughput_mode="bursting",
            tags=self.tags(physical),
            opts=self.owned(protect=True),
        )

    def _policy(self) -> None:
        """A policy of denials only: with it in place, just roles that are allowed by name get in at all."""
        arn = self.file_system.arn
        without_access_point: Statement = {
            "Sid": "DenyWithoutAccessPoint",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": _ANY_CLIENT_ACTION,
            "Resource": arn,
            "Condition": {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
        }
        aws.efs.FileSystemPolicy(
            self.child("policy"),
            file_system_id=self.file_system.id,
            policy=document({**tls_only("*", [arn]), "Principal": {"AWS": "*"}}, without_access_point),
            opts=self.owned(),
        )


class Directory(Component):
    """A directory of the volume as one task or function sees it: as its root, and as the app's user."""

    def __init__(self, name: str, *, volume: Volume, path: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.volume = volume
        self.access_point = aws.efs.AccessPoint(
            self.child("directory"),
            file_system_id=volume.file_system.id,
            posix_user=aws.efs.AccessPointPosixUserArgs(uid=APP_USER, gid=APP_USER),
            root_directory=aws.efs.AccessPointRootDirectoryArgs(
                path=path,
                creation_info=aws.efs.AccessPointRootDirectoryCreationInfoArgs(
                    owner_uid=APP_USER, owner_gid=APP_USER, permissions="0750"
                ),
            ),
            tags=self.tags(self.physical(name)),
            opts=self.owned(),
        )
        self.register_outputs({"access_point_arn": self.access_point.arn})

    def may_mount(self) -> Statement:
        """Read and write below this directory."""
        return allow(
            "MountOwnDirectory",
            ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            [self.volume.file_system.arn],
            {"StringEquals": {"elasticfilesystem:AccessPointArn": self.access_point.arn}},
        )

    @property
    def ready(self) -> list[pulumi.Resource]:
        """What must exist before anything can mount the directory."""
        return [self.access_point, *self.volume.mount_targets]
