"""What becomes of checkov's findings: accepted by a rule, waived with a reason, or open."""

from trackstack_infra.graph import Graph
from trackstack_infra.policy.checkov import ScanFinding
from trackstack_infra.policy.model import Finding, Rule, Verdict
from trackstack_infra.policy.rules import RULES
from trackstack_infra.policy.scan import WAIVERS, Waiver, judge, unneeded

EMPTY = Graph("pragmatic", (), {})
NO_LOG = ScanFinding("CKV_AWS_18", "aws_s3_bucket.site", "Ensure the bucket has access logging enabled")


def rule(verdict: Verdict, *found: str) -> Rule:
    return Rule(
        id="s3-access-log",
        row=9,
        title="Access is logged.",
        verdict=verdict,
        checkov=("CKV_AWS_18",),
        reason="nobody reads it",
        price="$0.10",
        check=lambda graph: [Finding(urn, "no log") for urn in found],
    )


def test_a_rule_that_accepts_the_same_answers_checkov() -> None:
    """What one of our rules finds and accepts, checkov may find too."""
    accepting = rule(Verdict.ACCEPT, "urn")
    result = judge([NO_LOG], EMPTY, [accepting], waivers=())
    assert result.accepted == ((NO_LOG, accepting),)
    assert result.open == ()


def test_a_rule_that_finds_nothing_itself_accepts_nothing() -> None:
    """A rule accepts in the stack where it is open: elsewhere checkov has seen something that we have not."""
    assert judge([NO_LOG], EMPTY, [rule(Verdict.ACCEPT)], waivers=()).open == (NO_LOG,)


def test_a_rule_that_blocks_accepts_nothing() -> None:
    """What blocks has to be closed, also for checkov."""
    assert judge([NO_LOG], EMPTY, [rule(Verdict.BLOCK, "urn")], waivers=()).open == (NO_LOG,)


def test_an_answer_holds_for_the_resources_it_names() -> None:
    """A reason given for one bucket is none for the next."""
    waiver = Waiver("CKV_AWS_18", "aws_s3_bucket.site", "read by nobody")
    backups = ScanFinding("CKV_AWS_18", "aws_s3_bucket.backups", NO_LOG.title)
    result = judge([NO_LOG, backups], EMPTY, [], waivers=[waiver])
    assert result.waived == ((NO_LOG, waiver),)
    assert result.open == (backups,)


def test_an_answer_that_nothing_needs_is_named() -> None:
    """A reason for what checkov no longer finds, or what a rule accepts already, is to be taken away."""
    needed = Waiver("CKV_AWS_18", "aws_s3_bucket.site", "read by nobody")
    gone = Waiver("CKV_AWS_21", "aws_s3_bucket.site", "kept elsewhere")
    waivers = [needed, gone]
    assert unneeded([judge([NO_LOG], EMPTY, [], waivers)], waivers) == (gone,)
    assert unneeded([judge([NO_LOG], EMPTY, [rule(Verdict.ACCEPT, "urn")], waivers)], waivers) == (needed, gone)


def test_every_answer_has_a_reason_and_none_is_given_twice() -> None:
    """The table says of each check and resource once why it is left."""
    assert all(len(waiver.reason) > 20 for waiver in WAIVERS)
    assert len({(waiver.check, waiver.resources) for waiver in WAIVERS}) == len(WAIVERS)


def test_the_rules_name_checks_that_checkov_could_have() -> None:
    """Ids are spelled as checkov spells them, so that they match what it reports."""
    named = {check for each in RULES for check in each.checkov}
    assert all(check.startswith(("CKV_AWS_", "CKV2_AWS_")) for check in named)
