"""CloudWatch Logs: log groups."""

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import TagResource, tags


def _make(client: Client, inputs: Inputs) -> Found:
    call(client, "CreateLogGroup", inputs, logGroupName=inputs["name"], tags=tags(inputs, "map"))
    if inputs.get("retentionInDays"):
        _keep_for(client, inputs["name"], inputs)
    # CreateLogGroup answers nothing; a group's ARN follows from its name.
    arn = f"arn:aws:logs:{client.meta.region_name}:{ACCOUNT}:log-group:{inputs['name']}"
    return {"logGroupName": inputs["name"], "bareArn": arn}


def _keep_for(client: Client, ref: str, inputs: Inputs) -> None:
    days = int(inputs.get("retentionInDays") or 0)
    if days:
        client.put_retention_policy(logGroupName=ref, retentionInDays=days)
    else:
        client.delete_retention_policy(logGroupName=ref)


def _look(client: Client, ref: str, inputs: Inputs) -> Found | None:
    for found in client.describe_log_groups(logGroupNamePrefix=ref)["logGroups"]:
        if found["logGroupName"] == ref:
            # As Terraform has it: without the ":*" that stands for the group's streams.
            return {**found, "bareArn": str(found["arn"]).removesuffix(":*")}
    return None


LOG_GROUP = Recipe(
    "aws:cloudwatch/logGroup:LogGroup",
    service="logs",
    fixed="name logGroupClass kmsKeyId",
    changes="retentionInDays skipDestroy",
    name_property="name",
    make=_make,
    look=_look,
    identify="logGroupName",
    shown={"arn": "bareArn"},
    change=lambda client, ref, old, new: _keep_for(client, ref, new),
    remove=lambda client, ref, outputs: client.delete_log_group(logGroupName=ref),
    search=lambda client, inputs: _look(client, inputs["name"], inputs),
    tagging=TagResource("resourceArn", "tags", "tagKeys", "map"),
)

RECIPES = (LOG_GROUP,)
