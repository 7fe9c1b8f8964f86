"""Lambda: functions from an image."""

from typing import Any

from trackstack_infra.local.provider.clients import Client
from trackstack_infra.local.provider.recipe import Found, Outputs, Recipe
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
    by_hand = ("imageConfig", "vpcConfig", "fileSystemConfig")
    return {key: value for key, value in inputs.items() if key not in by_hand}


def _make(client: Client, inputs: Inputs) -> Found:
    request = {
        "FunctionName": inputs["name"],
        "Code": {"ImageUri": inputs["imageUri"]},
        "Tags": tags(inputs, "map"),
        **_request(inputs),
    }
    call(client, "CreateFunction", _by_the_model(inputs), **request)
    return _look(client, inputs["name"], inputs)


def _look(client: Client, ref: str, inputs: Inputs) -> Found:
    found: Found = client.get_function(FunctionName=ref)["Configuration"]
    return found


def _change(client: Client, ref: str, old: Inputs, new: Inputs) -> None:
    call(client, "UpdateFunctionConfiguration", _by_the_model(new), FunctionName=ref, **_request(new))
    if old.get("imageUri") != new["imageUri"]:
        client.update_function_code(FunctionName=ref, ImageUri=new["imageUri"])


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
        "role imageUri imageConfig memorySize timeout environment vpcConfig fileSystemConfig ephemeralStorage "
        "loggingConfig description"
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

RECIPES = (FUNCTION,)
