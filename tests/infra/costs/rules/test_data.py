"""What databases and secrets cost."""

from decimal import Decimal
from typing import Any

TABLE, RDS = "aws:dynamodb/table:Table", "aws:rds/instance:Instance"
SECRET, KEY, PARAMETER = "aws:secretsmanager/secret:Secret", "aws:kms/key:Key", "aws:ssm/parameter:Parameter"
KEPT = {"layer": "persistent"}
POSTGRES = {"engine": "postgres", "instanceClass": "db.t4g.micro", "allocatedStorage": 20, "storageType": "gp3"}


def test_reserved_capacity_is_billed_used_or_not(resource: Any, bill: Any) -> None:
    """A table of one write and one read unit, all month."""
    # 730 h × $0.0006; 730 h × $0.0001; 0.5 GB × $0.20
    table = resource(TABLE, billingMode="PROVISIONED", writeCapacity=1, readCapacity=1, tags=KEPT)
    assert bill(table, dynamodb__gb="0.5") == {
        "dynamodb.wcu_hour": Decimal("0.438"),
        "dynamodb.rcu_hour": Decimal("0.073"),
        "dynamodb.gb_month": Decimal("0.1"),
    }


def test_capacity_on_demand_is_unpriced(resource: Any, price: Any) -> None:
    """It has no free part, so nothing here uses it; a table that did would not count as free."""
    table = resource(TABLE, billingMode="PAY_PER_REQUEST", tags=KEPT)
    assert {each.why for each in price(table, dynamodb__gb=0).unpriced} == {
        "the snapshot has no price dynamodb.write for us-east-1",
        "the snapshot has no price dynamodb.read for us-east-1",
    }


def test_a_database_of_the_weekend(resource: Any, bill: Any) -> None:
    """Hours, disk, and the secret that RDS makes for its master's password."""
    # 73 h × $0.02; 20 GB × 73/730 × $0.10; 73/730 × $0.40; 1,000 × $0.000005
    assert bill(resource(RDS, manageMasterUserPassword=True, **POSTGRES), hours=73, secrets__calls=1_000) == {
        "rds.postgres.t4g.micro_hour": Decimal("1.46"),
        "rds.gp3_gb_month": Decimal("0.2"),
        "secrets.month": Decimal("0.04"),
        "secrets.call": Decimal("0.005"),
    }


def test_a_second_zone_doubles_it(resource: Any, bill: Any) -> None:
    """Machine and disk stand twice."""
    # 2 × 73 h × $0.02; 2 × 20 GB × 73/730 × $0.10
    assert bill(resource(RDS, multiAz=True, **POSTGRES), hours=73) == {
        "rds.postgres.t4g.micro_hour": Decimal("2.92"),
        "rds.gp3_gb_month": Decimal("0.4"),
    }


def test_secrets_and_keys_cost_and_parameters_do_not(resource: Any, bill: Any) -> None:
    """Which is why the stacks use parameters and AWS's own keys."""
    # a month of each; 2,000 calls × $0.000005; 10,000 × $0.000003
    kept = [resource(type_, tags=KEPT) for type_ in (SECRET, KEY, PARAMETER)]
    assert bill(*kept, secrets__calls=2_000, kms__requests=10_000) == {
        "secrets.month": Decimal("0.4"),
        "secrets.call": Decimal("0.01"),
        "kms.key_month": Decimal(1),
        "kms.request": Decimal("0.03"),
    }
