"""The table of leases: which process may write which database, decided outside every file system."""

import pulumi_aws as aws

from trackstack_infra.components.base import Component, Opts


class LeaseTable(Component):
    """One item a database, taken by conditional write; 1/1 provisioned is inside the always-free tier."""

    def __init__(self, name: str, opts: Opts = None) -> None:
        super().__init__(name, opts)
        self.table = aws.dynamodb.Table(
            self.child("table"),
            name=self.physical(name),
            billing_mode="PROVISIONED",
            read_capacity=1,
            write_capacity=1,
            hash_key="database",
            attributes=[aws.dynamodb.TableAttributeArgs(name="database", type="S")],
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires_at", enabled=True),
            deletion_protection_enabled=True,
            tags=self.tags(),
            opts=self.owned(protect=True),
        )
        self.register_outputs({"table": self.table.name})
