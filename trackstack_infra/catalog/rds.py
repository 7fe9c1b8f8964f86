"""RDS: databases."""

from typing import Final

from trackstack_infra.catalog.fidelity import HOSTS
from trackstack_infra.catalog.resource_type import Data, DataRole, Drawn, Family, Name, ResourceType, Terraform

_ARN: Final = "arn:aws:rds:{region}:{account}:"
_OF_A_DATABASE: Final = "a setting of the database"

TYPES: Final = (
    ResourceType(
        "aws:rds/instance:Instance",
        drawn=Drawn("PostgreSQL", Family.DATA, rank=110),
        name=Name("identifier", r"(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]"),
        data=Data(DataRole.HOLDS, "tables"),
        fidelity=HOSTS,
        outputs={
            "id": "db-{hex}",
            "resourceId": "{id}",
            "arn": _ARN + "db:{name}",
            "address": "{name}.{hex}.{region}.rds.amazonaws.com",
        },
    ),
    ResourceType(
        "aws:rds/parameterGroup:ParameterGroup",
        name=Name("name", r"(?!.*--)[a-z][a-z0-9-]{0,253}[a-z0-9]"),
        fidelity=HOSTS,
        outputs={"id": "{name}", "arn": _ARN + "pg:{name}"},
        free=_OF_A_DATABASE,
    ),
    ResourceType(
        "aws:rds/subnetGroup:SubnetGroup",
        name=Name("name", r"[a-z0-9 ._-]{1,255}"),
        fidelity=HOSTS,
        outputs={"id": "{name}", "arn": _ARN + "subgrp:{name}"},
        free=_OF_A_DATABASE,
    ),
    # No program registers one; rules watch for it.
    ResourceType("aws:rds/cluster:Cluster", terraform=Terraform("aws_rds_cluster")),
)
