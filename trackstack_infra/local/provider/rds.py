"""RDS: instances, and the subnets and parameters they are made with. Locally no database listens."""

from collections.abc import Mapping
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import shaped, tags


def _tag(client: Client, ref: str, outputs: Outputs, put: Mapping[str, str], drop: list[str]) -> None:
    if put:
        client.add_tags_to_resource(ResourceName=outputs["arn"], Tags=shaped(put, "Key"))
    if drop:
        client.remove_tags_from_resource(ResourceName=outputs["arn"], TagKeys=drop)


def _subnets(inputs: Inputs) -> dict[str, Any]:
    return {
        "DBSubnetGroupName": inputs["name"],
        "DBSubnetGroupDescription": inputs.get("description", "Managed by Pulumi"),
        "SubnetIds": list(inputs["subnetIds"]),
    }


def _make_subnet_group(client: Client, inputs: Inputs) -> Found:
    found: Found = client.create_db_subnet_group(**_subnets(inputs), Tags=tags(inputs) or [])["DBSubnetGroup"]
    return found


def _subnet_group(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_db_subnet_groups(DBSubnetGroupName=ref)["DBSubnetGroups"][0]
    return found


SUBNET_GROUP = Recipe(
    "aws:rds/subnetGroup:SubnetGroup",
    service="rds",
    fixed="name",
    changes="subnetIds description",
    name_property="name",
    make=_make_subnet_group,
    look=_subnet_group,
    identify="DBSubnetGroupName",
    shown={"arn": "DBSubnetGroupArn", "vpcId": "VpcId"},
    change=lambda client, ref, old, new: client.modify_db_subnet_group(**_subnets(new)),
    remove=lambda client, ref, outputs: client.delete_db_subnet_group(DBSubnetGroupName=ref),
    search=lambda client, inputs: _subnet_group(client, inputs["name"], inputs),
    tagging=_tag,
)


def _make_parameter_group(client: Client, inputs: Inputs) -> Found:
    found: Found = client.create_db_parameter_group(
        DBParameterGroupName=inputs["name"],
        DBParameterGroupFamily=inputs["family"],
        Description=inputs.get("description", "Managed by Pulumi"),
        Tags=tags(inputs) or [],
    )["DBParameterGroup"]
    _set_parameters(client, inputs["name"], {}, inputs)
    return found


def _set_parameters(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    parameters = [
        {
            "ParameterName": each["name"],
            "ParameterValue": each["value"],
            "ApplyMethod": each.get("applyMethod", "immediate"),
        }
        for each in new.get("parameters") or ()
    ]
    if parameters:
        client.modify_db_parameter_group(DBParameterGroupName=ref, Parameters=parameters)


def _parameter_group(client: Client, ref: str, inputs: Inputs) -> Found | None:
    found = client.describe_db_parameter_groups(DBParameterGroupName=ref)["DBParameterGroups"]
    return found[0] if found else None


PARAMETER_GROUP = Recipe(
    "aws:rds/parameterGroup:ParameterGroup",
    service="rds",
    fixed="name family description",
    changes="parameters",
    name_property="name",
    make=_make_parameter_group,
    look=_parameter_group,
    identify="DBParameterGroupName",
    shown={"arn": "DBParameterGroupArn"},
    change=_set_parameters,
    remove=lambda client, ref, outputs: client.delete_db_parameter_group(DBParameterGroupName=ref),
    search=lambda client, inputs: _parameter_group(client, inputs["name"], inputs),
    tagging=_tag,
)


def _spelt_otherwise(inputs: Inputs) -> dict[str, Any]:
    return {
        "DBInstanceIdentifier": inputs["identifier"],
        "DBInstanceClass": inputs.get("instanceClass"),
        "DBParameterGroupName": inputs.get("parameterGroupName"),
        "EnableIAMDatabaseAuthentication": inputs.get("iamDatabaseAuthenticationEnabled"),
    }


def _make(client: Client, inputs: Inputs) -> Found:
    asked = {**_spelt_otherwise(inputs), "MasterUsername": inputs.get("username"), "Tags": tags(inputs)}
    found: Found = call(client, "CreateDBInstance", inputs, **asked)["DBInstance"]
    return found


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.describe_db_instances(DBInstanceIdentifier=ref)["DBInstances"][0]
    return found


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    call(client, "ModifyDBInstance", changed, **_spelt_otherwise(new), ApplyImmediately=True)


def _outputs(found: Found, inputs: Inputs) -> Outputs:
    endpoint = found.get("Endpoint") or {}
    address, port = endpoint.get("Address", ""), endpoint.get("Port") or 5432
    secret = found.get("MasterUserSecret") or {}
    return {
        "arn": found["DBInstanceArn"],
        "resourceId": found["DbiResourceId"],
        "address": address,
        "endpoint": f"{address}:{port}",
        "status": found["DBInstanceStatus"],
        "masterUserSecrets": [{"secretArn": secret["SecretArn"]}] if secret.get("SecretArn") else [],
    }


INSTANCE = Recipe(
    "aws:rds/instance:Instance",
    service="rds",
    fixed="identifier engine storageEncrypted username dbSubnetGroupName port",
    changes=(
        "allocatedStorage applyImmediately autoMinorVersionUpgrade backupRetentionPeriod copyTagsToSnapshot "
        "deleteAutomatedBackups deletionProtection engineVersion iamDatabaseAuthenticationEnabled instanceClass "
        "manageMasterUserPassword multiAz parameterGroupName publiclyAccessible skipFinalSnapshot storageType "
        "vpcSecurityGroupIds"
    ),
    name_property="identifier",
    make=_make,
    look=_look,
    identify="DBInstanceIdentifier",
    shown=_outputs,
    change=_change,
    remove=lambda client, ref, outputs: client.delete_db_instance(DBInstanceIdentifier=ref, SkipFinalSnapshot=True),
    search=lambda client, inputs: _look(client, inputs["identifier"], inputs),
    tagging=_tag,
)

RECIPES = (SUBNET_GROUP, PARAMETER_GROUP, INSTANCE)
