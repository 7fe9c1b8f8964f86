"""Databases, and secrets with their keys."""

from collections.abc import Iterator
from decimal import Decimal

from trackstack_infra.costs.meter import Billing, Meter
from trackstack_infra.costs.rules.rule import BillingContext, Rule
from trackstack_infra.graph import Resource


def table(table: Resource, context: BillingContext) -> Iterator[Meter]:
    """Capacity by the hour, used or not, where it is reserved; and what lies in it."""
    share = context.share(table.type)
    if table.inputs.get("billingMode", "PROVISIONED") == "PROVISIONED":
        for unit, capacity in (("wcu", "writeCapacity"), ("rcu", "readCapacity")):
            units = Decimal(table.inputs[capacity])
            yield Meter(price=f"dynamodb.{unit}_hour", count=units, billing=Billing.EACH_HOUR)
    else:
        for kind in ("write", "read"):
            yield Meter(price=f"dynamodb.{kind}", count=share, billing=Billing.BY_USE, usage=f"dynamodb.{kind}s")
    yield Meter(price="dynamodb.gb_month", count=share, billing=Billing.PART_OF_MONTH, usage="dynamodb.gb")


def relational(database: Resource, context: BillingContext) -> Iterator[Meter]:
    """Its hours, its disk, and the secret that RDS makes for its master's password; its backups are no larger."""
    inputs = database.inputs
    machines = Decimal(2 if inputs.get("multiAz") else 1)
    size = str(inputs["instanceClass"]).removeprefix("db.")
    yield Meter(price=f"rds.{inputs['engine']}.{size}_hour", count=machines, billing=Billing.BY_SECOND)
    yield Meter(
        price=f"rds.{inputs.get('storageType', 'gp2')}_gb_month",
        count=machines * Decimal(inputs["allocatedStorage"]),
        billing=Billing.PART_OF_MONTH,
    )
    if inputs.get("manageMasterUserPassword"):
        why = "RDS stores the master password in a secret"
        yield Meter(price="secrets.month", billing=Billing.PART_OF_MONTH, implied=why)


def secret(secret: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists."""
    yield Meter(price="secrets.month", billing=Billing.PART_OF_MONTH)


def key(key: Resource, context: BillingContext) -> Iterator[Meter]:
    """By the part of the month it exists; AWS's own keys cost nothing and are no resources."""
    yield Meter(price="kms.key_month", billing=Billing.PART_OF_MONTH)


def parameter(parameter: Resource, context: BillingContext) -> Iterator[Meter]:
    """Advanced ones cost by the month."""
    if parameter.inputs.get("tier", "Standard") != "Standard":
        yield Meter(price="ssm.advanced_month", billing=Billing.PART_OF_MONTH)


RULES: dict[str, Rule] = {
    "aws:dynamodb/table:Table": table,
    "aws:rds/instance:Instance": relational,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:kms/key:Key": key,
    "aws:ssm/parameter:Parameter": parameter,
}
