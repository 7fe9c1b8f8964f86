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
            yield Finding(each.urn, "anyone can invoke the function")
        elif source == "*":
            yield Finding(
                each.urn, f"{who} can invoke the function on behalf of anyone: the permission names no source"
            )
        elif who == "s3.amazonaws.com" and not each.inputs.get("sourceAccount"):
            yield Finding(
                each.urn, "the permission names no account, and another account could take over the bucket's name"
            )
    for each in graph.all(URL):
        if each.inputs.get("authorizationType") != "AWS_IAM":
            yield Finding(each.urn, "anyone on the internet can invoke the function")


def _runtime(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        runtime = each.inputs.get("runtime")
        if each.inputs.get("packageType") != "Image" and runtime not in RUNTIMES:
            yield Finding(each.urn, f"its runtime {runtime} is not one that AWS still patches")


def _concurrency(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        reserved = each.inputs.get("reservedConcurrentExecutions")
        if not isinstance(reserved, int) or reserved < 0:
            yield Finding(each.urn, "it can use up the account's concurrency")


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
            yield Finding(each.urn, "its failed asynchronous invocations are lost")


def _failures_reported(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if not _called_without_waiting(graph, each) and not _keeps_failures(graph, each):
            yield Finding(each.urn, "only its caller learns of a failed invocation")


def _zones(graph: Graph) -> Iterator[Finding]:
    mounted = mount_zones(graph)
    for each in graph.all(FUNCTION):
        network = block(each, "vpcConfig")
        if not network:
            if each.inputs.get("fileSystemConfig"):
                yield Finding(each.urn, "it mounts a file system but is not in that file system's VPC")
            continue
        zones = zones_of(graph, as_list(network.get("subnetIds")))
        if not each.inputs.get("fileSystemConfig"):
            yield Finding(each.urn, "it is in the VPC without need: it mounts no file system")
        elif zones - mounted:
            yield Finding(each.urn, f"its file system has no mount target in {', '.join(sorted(zones - mounted))}")
        elif len(zones) < min(2, len(mounted)):
            yield Finding(each.urn, "it runs in one zone, though its file system is in more")


def _outside(graph: Graph) -> Iterator[Finding]:
    for each in graph.all(FUNCTION):
        if not block(each, "vpcConfig"):
            yield Finding(each.urn, "it runs outside the stack's VPC")


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
            yield Finding(each.urn, "X-Ray does not trace its invocations")


RULES: Final = (
    Rule(
        id="lambda-named-callers",
        row=44,
        title="Only named callers can invoke a function.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.1",),
        checkov=("CKV_AWS_258", "CKV_AWS_301", "CKV_AWS_364"),
        trivy=("AWS-0067",),
        check=_permissions,
    ),
    Rule(
        id="lambda-runtime",
        row=45,
        title="A function uses a runtime that AWS still patches.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.2",),
        checkov=("CKV_AWS_363",),
        check=_runtime,
    ),
    Rule(
        id="lambda-concurrency",
        row=46,
        title="A function has reserved concurrency: it can neither use up the account's nor be starved.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_115",),
        check=_concurrency,
    ),
    Rule(
        id="lambda-failures-kept",
        row=46,
        title="A function's failed asynchronous invocations are kept.",
        verdict=Verdict.BLOCK,
        checkov=("CKV_AWS_116",),
        check=_failures,
    ),
    Rule(
        id="lambda-failures-kept-too",
        row=46,
        title="A function's failed synchronous invocations are kept too.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_116",),
        reason="Lambda sends only asynchronous failures to a destination; a deployment fails with the error itself.",
        price="$0",
        check=_failures_reported,
    ),
    Rule(
        id="lambda-zones",
        row=47,
        title="A function is in the VPC only to mount a file system, and in two zones if the file system is in two.",
        verdict=Verdict.BLOCK,
        fsbp=("Lambda.5",),
        check=_zones,
    ),
    Rule(
        id="lambda-in-network",
        row=47,
        title="A function runs in the stack's VPC.",
        verdict=Verdict.ACCEPT,
        fsbp=("Lambda.3",),
        checkov=("CKV_AWS_117",),
        reason="It calls only AWS APIs. In the VPC it would need a NAT gateway, and would block subnets for an hour.",
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
        title="X-Ray traces a function's invocations.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_50",),
        trivy=("AWS-0066",),
        reason="Each function does one thing, rarely, and logs what it did.",
        price="$0 up to 100,000 traces, then $5.00 a million",  # https://aws.amazon.com/xray/pricing/
        check=_traced,
    ),
    Rule(
        id="lambda-signed",
        row=48,
        title="A function runs only signed code.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_272",),
        reason="Images are pinned by digest and zip files built from the checkout; Lambda cannot verify signed images.",
        price="$0",
        check=_without("codeSigningConfigArn", "its code is not signed: only its digest says where it comes from"),
    ),
    Rule(
        id="lambda-environment-key",
        row=48,
        title="A function's environment is encrypted with a customer managed key.",
        verdict=Verdict.ACCEPT,
        checkov=("CKV_AWS_173",),
        reason="It holds names and addresses, no secrets; the AWS managed key encrypts them.",
        price="$1.00 a key",
        check=_without("kmsKeyArn", "its environment is encrypted with the AWS managed key"),
    ),
)
