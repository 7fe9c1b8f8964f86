"""Rules for logs and parameters (rows 61 and 62): logs end, and secrets are kept as secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from trackstack_infra.graph import Graph, Resource, is_secret
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import refers

LOG_GROUP: Final = "aws:cloudwatch/logGroup:LogGroup"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
FUNCTION: Final = "aws:lambda/function:Function"
PARAMETER: Final = "aws:ssm/parameter:Parameter"
DAYS: Final = range(7, 30 + 1)
FLOW_DAYS: Final = range(3, 30 + 1)  # flows are many, and are looked at on the day after
YEAR: Final = 365


def _of_flows(graph: Graph, group: Resource) -> bool:
    return any(
        refers(revealed(each.inputs.get(key)), group)
        for each in graph.all(FLOW_LOG)
        for key in ("logDestination", "logGroupName")
    )


def _retention(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(LOG_GROUP):
        kept = each.inputs.get("retentionInDays")
        wanted = FLOW_DAYS if _of_flows(graph, each) else DAYS
        if not kept:
            yield Finding(each.urn, "it keeps logs for ever")
        elif kept not in wanted:
            yield Finding(each.urn, f"it keeps logs for {kept} days, not {wanted.start} to {wanted.stop - 1}")


def _function_logs(graph: Graph) -> Iterator[Finding]:
    names = {each.inputs.get("name") for each in graph.all(LOG_GROUP)}
    for each in graph.all(FUNCTION):
        wanted = f"/aws/lambda/{each.outputs.get('name')}"
        if wanted not in names and not each.inputs.get("loggingConfig"):
            yield Finding(each.urn, f"Lambda creates {wanted} itself and keeps its logs for ever")


def _a_year(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(LOG_GROUP):
        if 0 < int(each.inputs.get("retentionInDays") or 0) < YEAR:
            yield Finding(each.urn, f"it keeps logs for {each.inputs['retentionInDays']} days")


def _secure(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(PARAMETER):
        if each.inputs.get("type") != "SecureString":
            yield Finding(each.urn, f"it is a {each.inputs.get('type')}, which SSM stores in clear text")
        elif each.inputs.get("value") is not None and not is_secret(each.inputs["value"]):
            yield Finding(each.urn, "its value is not marked as secret, so state and previews show it")


RULES: Final = (
    Rule(
        id="logs-end",
        row=61,
        title="Every log group keeps logs for 7 to 30 days; one for flow logs, for 3 to 30.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_66",),
        check=_retention,
    ),
    Rule(
        id="logs-of-functions",
        row=61,
        title="A function's log group is in the program, because one that Lambda creates keeps logs for ever.",
        verdict=Verdict.BLOCK,
        check=_function_logs,
    ),
    Rule(
        id="logs-year",
        row=61,
        title="Logs are kept for a year.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_338",),
        reason="Logs serve to find last week's faults. What must be known later is in the data.",
        price="$0.03 a GB",
        check=_a_year,
    ),
    Rule(
        id="ssm-secret",
        row=62,
        title="Every parameter is a SecureString, and its value is marked as secret.",
        verdict=Verdict.BLOCK,
        checkov=("CKV2_AWS_34",),
        check=_secure,
    ),
)
