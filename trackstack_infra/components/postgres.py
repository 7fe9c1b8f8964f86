"""PostgreSQL in SQLite's place: one small instance with a database and a role for each domain."""

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_aws as aws

from trackstack_infra.components.account import account_id
from trackstack_infra.components.base import Component, Opts
from trackstack_infra.components.iam_policy import Statement, allow, document
from trackstack_infra.components.network import Network
from trackstack_infra.components.security_group import AllowTraffic, SecurityGroup
from trackstack_infra.components.task import ServiceTask
from trackstack_infra.names import Layer

POSTGRES_PORT: Final = 5432
INSTANCE_CLASS: Final = "db.t4g.micro"
STORAGE_GB: Final = 20  # the least that gp3 has
ENGINE: Final = "postgres"
ENGINE_VERSION: Final = "17"  # RDS takes the newest minor version of it
FAMILY: Final = "postgres17"


class Postgres(Component):
    """One instance, reached only by the services given, each with a token of its role in place of a password.

    $0.016 an hour and $0.115 a month for each GB (us-east-1, https://aws.amazon.com/rds/postgresql/pricing/, read
    2026-11): hence gone with the power, without a last snapshot and without protection from deletion: the
    data comes from pragmatic's backup each weekend, so nothing is lost. A domain's database and role, both of the
    domain's name, are made by whoever fills them, with the master password that RDS keeps in Secrets Manager.
    """

    layer = Layer.RUNTIME

    def __init__(
        self, name: str, *, region: str, network: Network, services: Mapping[str, ServiceTask], opts: Opts = None
    ) -> None:
        """`services` are the services' tasks by their domains; RDS wants IPv4 subnets in two zones."""
        super().__init__(name, opts)
        self._region = region
        self.security_group = SecurityGroup(name, network=network, purpose="PostgreSQL", opts=self.owned())
        self.instance = self._instance(self._subnets(network), self._parameters())
        self.address = self.instance.address
        self.clients = {domain: self._let_in(domain, task, network) for domain, task in services.items()}
        self.register_outputs({"address": self.address})

    def _let_in(self, domain: str, task: ServiceTask, network: Network) -> SecurityGroup:
        """The service's own security group for the database, which it reaches as its own role."""
        group = SecurityGroup(
            f"{domain}-{self.name}", network=network, purpose=f"{domain} to PostgreSQL", opts=self.owned()
        )
        AllowTraffic(
            f"{domain}-to-{self.name}", source=group, target=self.security_group, port=POSTGRES_PORT, opts=self.owned()
        )
        aws.iam.RolePolicy(
            self.child(f"{domain}-signs-in"),
            role=task.task_role.role.name,
            policy=document(self.may_connect(domain)),
            opts=self.owned(),
        )
        return group

    def may_connect(self, domain: str) -> Statement:
        """Sign in as the domain's role, which owns the domain's database and sees no other."""
        user = pulumi.Output.concat(
            f"arn:aws:rds-db:{self._region}:", account_id(), ":dbuser:", self.instance.resource_id, f"/{domain}"
        )
        return allow("ConnectToOwnDatabase", ["rds-db:connect"], [user])

    def _subnets(self, network: Network) -> aws.rds.SubnetGroup:
        return aws.rds.SubnetGroup(
            self.child("subnets"),
            name=self.physical(self.name),
            description="Private subnets",
            subnet_ids=[subnet.id for subnet in network.private_subnets],
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _parameters(self) -> aws.rds.ParameterGroup:
        return aws.rds.ParameterGroup(
            self.child("parameters"),
            name=self.physical(self.name),
            family=FAMILY,
            description="TLS only",
            parameters=[aws.rds.ParameterGroupParameterArgs(name="rds.force_ssl", value="1")],
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )

    def _instance(self, subnets: aws.rds.SubnetGroup, parameters: aws.rds.ParameterGroup) -> aws.rds.Instance:
        return aws.rds.Instance(
            self.child("database"),
            identifier=self.physical(self.name),
            engine=ENGINE,
            engine_version=ENGINE_VERSION,
            instance_class=INSTANCE_CLASS,
            allocated_storage=STORAGE_GB,
            storage_type="gp3",
            storage_encrypted=True,
            username="master",
            manage_master_user_password=True,
            iam_database_authentication_enabled=True,
            port=POSTGRES_PORT,
            db_subnet_group_name=subnets.name,
            parameter_group_name=parameters.name,
            vpc_security_group_ids=[self.security_group.id],
            publicly_accessible=False,
            multi_az=False,
            auto_minor_version_upgrade=True,
            backup_retention_period=1,
            delete_automated_backups=True,
            copy_tags_to_snapshot=True,
            skip_final_snapshot=True,
            deletion_protection=False,
            apply_immediately=True,  # else a changed setting waits for a maintenance window that no weekend may reach
            tags=self.tags(),
            opts=self.owned(delete_first=True),
        )
