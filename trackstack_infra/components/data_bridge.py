"""The data bridge: a function that makes the services' databases from a backup, and its run before they start."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra import names
from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import allow, plain
from trackstack_infra.components.log import log_group, may_write
from trackstack_infra.components.messaging import Queue
from trackstack_infra.components.network import Network
from trackstack_infra.components.role import Role
from trackstack_infra.components.security_group import SecurityGroup
from trackstack_infra.components.storage import Backups
from trackstack_infra.components.task import short_version
from trackstack_infra.components.volume import Directory, Volume
from trackstack_infra.names import Layer
from trackstack_infra.settings.models import EnterpriseSettings

MOUNT_PATH: Final = "/mnt/data"
# The parent of the services' directories. Not the file system's root: that belongs to user 0, and the app is another.
SERVICES_PATH: Final = "/services"
TIMEOUT_S: Final = 900  # Lambda's maximum
# It builds the databases on its own disk and copies them to EFS when they are verified.
DISK_MIB: Final = 4096


class DataBridge(Component):
    """The function, on the file system's mount. It stays when the power goes off: AWS takes 20 to 45 minutes to free
    the network interfaces of a function that is deleted.
    """

    def __init__(
        self,
        name: str,
        *,
        settings: EnterpriseSettings,
        network: Network,
        volume: Volume,
        backups: Backups,
        queues: Mapping[str, Queue],
        opts: Opts = None,
    ) -> None:
        super().__init__(name, opts)
        self.log_group = log_group(self, name=names.lambda_log_group(self.physical(name)), days=settings.log_days)
        self.security_group = SecurityGroup(
            name, network=network, purpose="Data bridge", calls_aws=True, dual_stack=True, opts=self.owned()
        )
        self.path = SERVICES_PATH
        directory = Directory(name, volume=volume, path=self.path, opts=self.owned())
        role = self._role(settings.region, directory, backups, list(queues.values()))
        self.function = self._function(settings, network, directory, role, backups, list(queues.values()))
        self.register_outputs({"function": self.function.name})

    def _role(self, region: str, directory: Directory, backups: Backups, queues: Sequence[Queue]) -> Role:
        interfaces = [
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ]
        # Of whatever kind: a new interface is asked for with its subnet and its security groups.
        here = pulumi.Output.concat(f"arn:aws:ec2:{region}:", account_id(), ":*/*")
        return Role(
            self.name,
            service="lambda.amazonaws.com",
            statements=[
                directory.may_mount(),
                backups.may_keep(),  # of sample data, where there is no other
                backups.may_list(),
                allow(
                    "PurgeQueues",
                    ["sqs:PurgeQueue", "sqs:GetQueueAttributes"],
                    [queue.arn for queue in queues],
                ),
                may_write(self.log_group),
                allow("JoinTheNetwork", interfaces, [here]),
                allow(
                    "SeeTheNetwork", ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], ["*"]
                ),  # AWS has no ARN for what is only described
            ],
            opts=self.owned(),
        )

    def _function(
        self,
        settings: EnterpriseSettings,
        network: Network,
        directory: Directory,
        role: Role,
        backups: Backups,
        queues: Sequence[Queue],
    ) -> aws.lambda_.Function:
        image = settings.image("bridge")
        queue_urls = pulumi.Output.all(*(queue.url for queue in queues)).apply(",".join)
        return aws.lambda_.Function(
            self.child("function"),
            name=self.physical(self.name),
            package_type="Image",
            image_uri=image,
            image_config=aws.lambda_.FunctionImageConfigArgs(commands=["apps.bridge.handler.handler"]),
            architectures=[settings.bridge.architecture],
            memory_size=settings.bridge.memory_mib,
            ephemeral_storage=aws.lambda_.FunctionEphemeralStorageArgs(size=DISK_MIB),
            timeout=TIMEOUT_S,
            reserved_concurrent_executions=1,  # two runs would write the same directories
            role=role.arn,
            vpc_config=aws.lambda_.FunctionVpcConfigArgs(
                # Where there is IPv6, these have IPv4 too: a function cannot live without.
                subnet_ids=[subnet.id for subnet in network.mount_subnets],
                security_group_ids=[self.security_group.id],
                ipv6_allowed_for_dual_stack=network.ipv6 or None,
            ),
            file_system_config=aws.lambda_.FunctionFileSystemConfigArgs(
                arn=directory.access_point.arn, local_mount_path=MOUNT_PATH
            ),
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={
                    "DATA_DIR": MOUNT_PATH,
                    "BACKUP_BUCKET": backups.bucket,
                    "QUEUE_URLS": queue_urls,
                    "APP_VERSION": short_version(image),
                    **({"AWS_USE_DUALSTACK_ENDPOINT": "true"} if network.ipv6 else {}),
                }
            ),
            tags=self.tags(),
            opts=self.owned(after=[role.policy, self.log_group, *directory.ready], delete_first=True),
        )


class BridgeRun(Component):
    """One run of the bridge with one backup; services come after it. The same backup again changes nothing.

    Of the runtime layer, as it purges the queues, whose API is out of reach
    where egress is gone with the power.
    """

    layer = Layer.RUNTIME

    def __init__(
        self, name: str, *, bridge: DataBridge, backup: str, after: Sequence[pulumi.Resource], opts: Opts = None
    ) -> None:
        super().__init__(name, opts)
        run = aws.lambda_.Invocation(
            self.child("invocation"),
            function_name=bridge.function.name,
            input=plain({"backup": backup}),
            opts=self.owned(after=after),
        )
        self.report = run.result
        self.register_outputs({"report": self.report})
