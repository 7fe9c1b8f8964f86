"""Lambda: functions."""

from typing import Final

from trackstack_infra.catalog.fidelity import FUNCTIONS, PERMISSIONS
from trackstack_infra.catalog.resource_type import Data, DataRole, Drawn, Family, Name, ResourceType, Terraform

TYPES: Final = (
    ResourceType(
        "aws:lambda/function:Function",
        drawn=Drawn("Lambda", Family.COMPUTE, rank=80),
        name=Name("name", r"[\w-]{1,64}"),
        fidelity=FUNCTIONS,
        outputs={
            "id": "{name}",
            "arn": "arn:aws:lambda:{region}:{account}:function:{name}",
            "invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{name}/invocations",
        },
        terraform=Terraform(
            properties={
                "code": "filename",
                "commands": "command",
                "entryPoints": "entry_point",
                "name": "function_name",
            }
        ),
        free="costs nothing while nobody calls it",
        shown=("name", "imageUri", "runtime", "memorySize", "timeout"),
    ),
    ResourceType(
        "aws:lambda/invocation:Invocation",
        tags=False,
        data=Data(DataRole.WRITES, "what the function writes"),
        fidelity=FUNCTIONS,
        outputs={"id": "{hex}", "result": "{{}}"},
        free="a call of a function, among that function's calls",
        shown=("input",),
    ),
    ResourceType(
        "aws:lambda/permission:Permission",
        tags=False,
        fidelity=PERMISSIONS,
        outputs={"id": "{hex}"},
        terraform=Terraform(properties={"function": "function_name"}),
        free="a right",
    ),
    # No program registers one; rules watch for it.
    ResourceType("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", tags=False),
    # No program registers one; rules watch for it.
    ResourceType("aws:lambda/functionUrl:FunctionUrl", tags=False),
)
