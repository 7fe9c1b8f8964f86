"""Lambda: functions from an image or from files of the checkout, and who may call them."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.handler import Outputs
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _request(inputs: Inputs) -> dict[str, Any]:
    """The parts of a function that Terraform spells otherwise."""
    image = inputs.get("imageConfig") or {}
    names = {"commands": "Command", "entryPoints": "EntryPoint", "workingDirectory": "WorkingDirectory"}
    vpc = inputs.get("vpcConfig")
    files = inputs.get("fileSystemConfig")
    network = vpc and {"SubnetIds": list(vpc["subnetIds"]), "SecurityGroupIds": list(vpc["securityGroupIds"])}
    return {
        "ImageConfig": {aws: image[ours] for ours, aws in names.items() if image.get(ours)} or None,
        "VpcConfig": network or None,
        "FileSystemConfigs": [{"Arn": files["arn"], "LocalMountPath": files["localMountPath"]}] if files else None,
    }


def _by_the_model(inputs: Inputs) -> Inputs:
    by_hand = ("imageConfig", "vpcConfig", "fileSystemConfig", "code")
    return {key: value for key, value in inputs.items() if key not in by_hand}


def _code(inputs: Inputs) -> dict[str, Any]:
    return {"ImageUri": inputs["imageUri"]} if "imageUri" in inputs else {"ZipFile": _zip(inputs["code"])}


def _zip(archive: Mapping[str, Any]) -> bytes:
    """The archive's files; the same files make the same bytes, whenever they were written."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, asset in sorted(archive["assets"].items()):
            body = Path(asset["path"]).read_bytes() if "path" in asset else str(asset["text"]).encode()
            into.writestr(zipfile.ZipInfo(name), body)
    return packed.getvalue()


def _make(client: Client, inputs: Inputs) -> Found:
    request = {
        "FunctionName": inputs["name"],
        "Code": _code(inputs),
        "Tags": tags(inputs, "map"),
        **_request(inputs),
    }
    call(client, "CreateFunction", _by_the_model(inputs), **request)
    _reserve(client, inputs["name"], inputs)
    return _look(client, inputs["name"], inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_function(FunctionName=ref)["Configuration"]
    return found


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    call(client, "UpdateFunctionConfiguration", _by_the_model(new), FunctionName=ref, **_request(new))
    _reserve(client, ref, new)
    # Of files only the paths stand here, so they are sent whenever something of the function changes.
    if "code" in new or old.get("imageUri") != new["imageUri"]:
        client.update_function_code(FunctionName=ref, **_code(new))


def _reserve(client: Client, ref: str, inputs: Inputs) -> None:
    reserved = inputs.get("reservedConcurrentExecutions")
    if reserved is None:
        client.delete_function_concurrency(FunctionName=ref)
    else:
        client.put_function_concurrency(FunctionName=ref, ReservedConcurrentExecutions=int(reserved))


def _outputs(found: Found, inputs: Inputs) -> Outputs:
    arn = str(found["FunctionArn"])
    region = arn.split(":")[3]
    call_it = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions"
    return {
        "arn": arn,
        "invokeArn": f"{call_it}/{arn}/invocations",
        "qualifiedArn": f"{arn}:{found['Version']}",
        "qualifiedInvokeArn": f"{call_it}/{arn}:{found['Version']}/invocations",
        "version": found["Version"],
        "lastModified": found["LastModified"],
        "sourceCodeSize": found["CodeSize"],
    }


FUNCTION = Recipe(
    "aws:lambda/function:Function",
    service="lambda",
    fixed="name packageType architectures",
    changes=(
        "role imageUri imageConfig code handler runtime memorySize timeout environment vpcConfig fileSystemConfig "
        "ephemeralStorage loggingConfig deadLetterConfig reservedConcurrentExecutions description"
    ),
    name_property="name",
    make=_make,
    look=_look,
    identify="FunctionName",
    shown=_outputs,
    change=_change,
    remove=lambda client, ref, outputs: client.delete_function(FunctionName=ref),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("Resource", "Tags", "TagKeys", "map"),
)


def _permit(client: Client, inputs: Inputs) -> Found:
    call(client, "AddPermission", inputs, FunctionName=inputs["function"])
    return {"Sid": inputs["statementId"]}


def _permission(client: Client, ref: str, inputs: Inputs) -> Found | None:
    policy = json.loads(client.get_policy(FunctionName=inputs["function"])["Policy"])
    return next(({"Sid": ref} for each in policy["Statement"] if each["Sid"] == ref), None)


PERMISSION = Recipe(
    "aws:lambda/permission:Permission",
    service="lambda",
    fixed="function statementId action principal sourceArn sourceAccount",
    make=_permit,
    look=_permission,
    identify="Sid",
    shown={},
    remove=lambda client, ref, outputs: client.remove_permission(FunctionName=outputs["function"], StatementId=ref),
    search=lambda client, inputs: _permission(client, inputs["statementId"], inputs),
    deletes_first=True,
)

RECIPES = (FUNCTION, PERMISSION)
