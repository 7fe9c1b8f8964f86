"""EC2: flow logs. Stubs: nothing is written into their log group, as no packet passes the emulator."""

from trackstack_infra.local.provider.clients import ACCOUNT, Client
from trackstack_infra.local.provider.ec2_kind import ec2_tags
from trackstack_infra.local.provider.recipe import Found, Recipe
from trackstack_infra.local.provider.shapes import Inputs, call
from trackstack_infra.local.provider.tagging import tags


def _make(client: Client, inputs: Inputs) -> Found:
    marked = tags(inputs)
    made = call(
        client,
        "CreateFlowLogs",
        inputs,
        ResourceIds=[inputs["vpcId"]],
        ResourceType="VPC",
        DeliverLogsPermissionArn=inputs.get("iamRoleArn"),
        TagSpecifications=[{"ResourceType": "vpc-flow-log", "Tags": marked}] if marked else None,
    )
    return _look(client, made["FlowLogIds"][0], inputs) or {}


def _look(client: Client, ref: str, inputs: Inputs) -> Found | None:
    return _first(client, {"flow-log-id": ref})


def _first(client: Client, wanted: dict[str, str]) -> Found | None:
    filters = [{"Name": name, "Values": [value]} for name, value in wanted.items()]
    found = client.describe_flow_logs(Filters=filters)["FlowLogs"]
    if not found:
        return None
    arn = f"arn:aws:ec2:{client.meta.region_name}:{ACCOUNT}:vpc-flow-log/{found[0]['FlowLogId']}"
    return {**found[0], "Arn": arn}


FLOW_LOG = Recipe(
    "aws:ec2/flowLog:FlowLog",
    service="ec2",
    fixed="vpcId trafficType logDestination logDestinationType iamRoleArn maxAggregationInterval logFormat",
    make=_make,
    look=_look,
    identify="FlowLogId",
    shown={"arn": "Arn"},
    remove=lambda client, ref, outputs: client.delete_flow_logs(FlowLogIds=[ref]),
    search=lambda client, inputs: _first(client, {"resource-id": inputs["vpcId"]}),
    tagging=ec2_tags,
    deletes_first=True,  # a VPC has one flow log into the same group
)

RECIPES = (FLOW_LOG,)
