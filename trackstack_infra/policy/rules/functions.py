"""Rules for Lambda functions (rows 44 to 48): who may call them, on what they run, and what happens when they fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.values import revealed
from trackstack_infra.policy.documents import as_list
from trackstack_infra.policy.literals import secrets_in
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.relations import all_of, block, refers, settings_of
from trackstack_infra.policy.zones import mount_zones, zones_of

FUNCTION: Final = "aws:lambda/function:Function"
PERMISSION: Final = "aws:lambda/permission:Permission"
URL: Final = "aws:lambda/functionUrl:FunctionUrl"
RETRIES: Final = ("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",)
# What calls a function and does not wait for it: type -> property that names the function.
_CALLERS: Final = {
    "aws:cloudwatch/eventTarget:EventTarget": "arn",
    "aws:sns/topicSubscription:TopicSubscription": "endpoint",
}
_SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
# Those that AWS still mends, and until when: Python 3.11 2027-06, 3.12 2028-10, 3.13 and 3.14 2029-06, Node.js 22
# 2027-04, 24 2028-04. Read 2026-11. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
RUNTIMES: Final = frozenset(
    {"python3.11", "python3.12", "python3.13", "python3.14", "nodejs22.x", "nodejs24.x", "provided.al2023"}
)


def _permissions(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(PERMISSION):
        who, source = str(each.inputs.get("principal")), str(each.inputs.get("sourceArn") or "*")
        if who == "*":
            yield Finding(each.urn, "everybody may call the function")
        elif source == "*":
            yield Finding(each.urn, f"{who} may call the function for whoever asks: no source is named")
        elif who == "s3.amazonaws.com" and not each.inputs.get("sourceAccount"):
            yield Finding(each.urn, "a bucket's name may go to another account, and no account is named")
    for each in graph.all(URL):
        if each.inputs.get("authorizationType") != "AWS_IAM":
            yield Finding(each.urn, "everybody in the internet may call the function")


def _runtime(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        runtime = each.inputs.get("runtime")
        if each.inputs.get("packageType") != "Image" and runtime not in RUNTIMES:
            yield Finding(each.urn, f"its runtime {runtime} is none that AWS still mends")


def _concurrency(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        reserved = each.inputs.get("reservedConcurrentExecutions")
        if not isinstance(reserved, int) or reserved < 0:
            yield Finding(each.urn, "it may use up what the account can run at once")


def _called_without_waiting(graph: Graph, function: Resource) -> bool:
    called = [revealed(each.inputs.get(key)) for type_, key in _CALLERS.items() for each in graph.all(type_)]
    called += [block(each, "target").get("arn") for each in graph.all(_SCHEDULE)]
    return any(refers(target, function) for target in called)


def _keeps_failures(graph: Graph, function: Resource) -> bool:
    if block(function, "deadLetterConfig").get("targetArn"):
        return True
    return any(
        block(block(each, "destinationConfig"), "onFailure").get("destination")
        for each in settings_of(graph, RETRIES, "functionName", function)
    )


def _failures(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if _called_without_waiting(graph, each) and not _keeps_failures(graph, each):
            yield Finding(each.urn, "whoever calls it does not wait, and what fails is lost")


def _failures_reported(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if not _called_without_waiting(graph, each) and not _keeps_failures(graph, each):
            yield Finding(each.urn, "what fails is told to its caller only")


def _zones(graph: Graph) -> Iterator[Finding]:
    mounted = mount_zones(graph)
    for each in graph.all(FUNCTION):
        network = block(each, "vpcConfig")
        if not network:
            if each.inputs.get("fileSystemConfig"):
                yield Finding(each.urn, "it mounts a file system, and is not in the network where that is")
            continue
        zones = zones_of(graph, as_list(network.get("subnetIds")))
        if not each.inputs.get("fileSystemConfig"):
            yield Finding(each.urn, "it is in the network without need: it mounts nothing there")
        elif zones - mounted:
            yield Finding(each.urn, f"the file system is not mounted in {', '.join(sorted(zones - mounted))}")
        elif len(zones) < min(2, len(mounted)):
            yield Finding(each.urn, "it stands in one zone, though its file system is in more")


def _outside(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if not block(each, "vpcConfig"):
            yield Finding(each.urn, "it runs in AWS's network, not in ours")


def _no_secrets(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        for name in secrets_in(block(block(each, "environment"), "variables")):
            yield Finding(each.urn, f"its environment holds a secret: {name}")


def _without(key: str, message: str) -> Any:
    """A check that each function has a property."""

    def check(graph: Graph) -> Iterator[Finding]:
        for each in all_of(graph, (FUNCTION,)):
            if not each.inputs.get(key):
                yield Finding(each.urn, message)

    return check


def _traced(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if block(each, "tracingConfig").get("mode") != "Active":
            yield Finding(each.urn, "X-Ray does not trace its calls")


RULES: Final = (
    Rule(
        id="lambda-named-callers",
        row=44,
        title="A function is called by those only who are named.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.1",),
        checkov=("CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_364"),
        trivy=("AWS-0067",),
        check=_permissions,
    ),
    Rule(
        id="lambda-runtime",
        row=45,
        title="A function runs on a runtime that AWS still mends.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.2",),
        checkov=("CKV_AWS_363",),
        check=_runtime,
    ),
    Rule(
        id="lambda-concurrency",
        row=46,
        title="A function's concurrency is reserved, so that it cannot run away nor be starved.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_115",),
        check=_concurrency,
    ),
    Rule(
        id="lambda-failures-kept",
        row=46,
        title="What a function fails to do while nobody waits for it is kept.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_116",),
        check=_failures,
    ),
    Rule(
        id="lambda-failures-kept-too",
        row=46,
        title="What a function fails to do is kept, also where its caller waits for the answer.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_116",),
        reason="Lambda uses the destination only when nobody waits; a deployment that waits fails with the error.",
        price="$0",
        check=_failures_reported,
    ),
    Rule(
        id="lambda-zones",
        row=47,
        title="A function is in the network only for a file system, and in two zones where that is in two.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.5",),
        check=_zones,
    ),
    Rule(
        id="lambda-in-network",
        row=47,
        title="A function runs in one's own network.",
        verdict=Verdict.ACCEPT,
        fsbp=("Lambda.3",),
        checkov=("CKV_AWS_117",),
        reason="It calls AWS's APIs only. In the network it would need a NAT gateway, and hold subnets for an hour.",
        price="$32.85",
        check=_outside,
    ),
    Rule(
        id="lambda-no-secrets",
        row=48,
        title="No function's environment holds a secret.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_45",),
        check=_no_secrets,
    ),
    Rule(
        id="lambda-tracing",
        row=48,
        title="X-Ray traces a function's calls.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_50",),
        trivy=("AWS-0066",),
        reason="Each function does one thing once in a while, and says in its log what it did.",
        price="$0 to 100,000 traces, then $5.00 a million",  # https://aws.amazon.com/xray/pricing/
        check=_traced,
    ),
    Rule(
        id="lambda-signed",
        row=48,
        title="A function runs signed code only.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_272",),
        reason="Images are named by digest and zip files made from the checkout; Lambda cannot check images at all.",
        price="$0",
        check=_without("codeSigningConfigArn", "nothing but its digest says where its code comes from"),
    ),
    Rule(
        id="lambda-environment-key",
        row=48,
        title="A function's environment is encrypted with a key of one's own.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_173",),
        reason="It holds names and addresses, no secrets; AWS's key encrypts them.",
        price="$1.00 a key",
        check=_without("kmsKeyArn", "its environment is encrypted with AWS's key"),
    ),
)
