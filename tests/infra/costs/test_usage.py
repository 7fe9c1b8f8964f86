"""Assumptions: what the shipped file says, and what a file of one's own must say."""

from decimal import Decimal
from pathlib import Path

import pytest

from trackstack_infra.costs.usage import Level, Usage, read_usage
from trackstack_infra.errors import UsageError
from trackstack_infra.names import STACKS

IDS = """
nat.gb alb.lcu api.requests api.kb_per_request efs.gb efs.backup_gb s3.gb s3.puts s3.gets ecr.gb cloudfront.gb
cloudfront.requests logs.gb logs.stored_gb sqs.messages sns.publishes dynamodb.gb cognito.users bridge.runs
bridge.seconds endpoint.gb secrets.calls kms.requests
data.out_gb data.inter_az_gb schedule.warmup_min schedule.cooldown_min dns.queries
"""
OWN = """\
schema: 1
assumptions:
  nat.gb:
    unit: GB a month
    why: a guess
    each:
      any: {low: 1, expected: 0.1, high: 20}
"""


def test_everything_a_rule_may_assume_is_stated(usage: Usage) -> None:
    """Each of the figures is there for each stack, with a unit and a reason."""
    assert set(IDS.split()) <= set(usage.assumptions)
    for id_, assumption in usage.assumptions.items():
        assert assumption.unit, id_
        assert assumption.why, id_
        for stack in STACKS:
            assert usage.of(id_, stack) >= 0


@pytest.mark.parametrize(
    ("id_", "stack", "low", "expected", "high"),
    [
        ("nat.gb", "enterprise", "1", "5", "20"),
        ("nat.gb", "pragmatic", "0", "0", "0"),
        ("alb.lcu", "enterprise", "0.01", "0.05", "0.5"),
        ("api.requests", "pragmatic", "10000", "100000", "1000000"),
    ],
)
def test_a_figure_has_three_levels(usage: Usage, id_: str, stack: str, low: str, expected: str, high: str) -> None:
    """The expected figure lies between a low and a high one; a fraction is exact."""
    assert usage.at(Level.LOW).of(id_, stack) == Decimal(low)
    assert usage.of(id_, stack) == Decimal(expected)
    assert usage.at(Level.HIGH).of(id_, stack) == Decimal(high)


def test_expected_use_stays_in_the_free_parts(usage: Usage) -> None:
    """Expected logs of all stacks, kept and new, are below the 5 GB that are free; so are users, below 10,000."""
    logs = sum(usage.of(id_, stack) for id_ in ("logs.gb", "logs.stored_gb") for stack in STACKS)
    assert logs == Decimal("3.02")  # 1 and 0.5 in each architecture, 0.01 and 0.01 in the foundation
    assert usage.of("cognito.users", "foundation") == 5


def test_figures_out_of_order_are_refused(tmp_path: Path) -> None:
    """A low figure above the expected one is a slip."""
    path = tmp_path / "usage.yaml"
    path.write_text(OWN)
    with pytest.raises(UsageError, match=r"low 1, expected 0\.1 and high 20 are not in order"):
        read_usage(path)


def test_an_assumption_needs_a_reason(tmp_path: Path) -> None:
    """A figure nobody can argue with is none."""
    path = tmp_path / "usage.yaml"
    path.write_text(OWN.replace("    why: a guess\n", "").replace("low: 1", "low: 0"))
    with pytest.raises(UsageError, match="why"):
        read_usage(path)


def test_a_size_may_be_a_distribution(tmp_path: Path) -> None:
    """Its figure is the mean, 0.99 × 2 + 0.01 × 200 = 3.98 KB; a level that is one figure is one size."""
    path = tmp_path / "usage.yaml"
    path.write_text(
        OWN.replace("{low: 1, expected: 0.1, high: 20}", "{low: 1, expected: {2: 0.99, 200: 0.01}, high: 20}")
    )
    usage = read_usage(path)
    assert usage.of("nat.gb", "pragmatic") == Decimal("3.98")
    assert usage.sizes("nat.gb", "pragmatic") == ((2, Decimal("0.99")), (200, Decimal("0.01")))
    assert usage.at(Level.HIGH).sizes("nat.gb", "pragmatic") == ((20, 1),)


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ("{2: 0.99, 200: 0.1}", r"the shares of expected add up to 1\.09, not to 1"),
        ("{}", "the shares of expected add up to 0, not to 1"),
        ("{2: much}", "share"),
        ("{many: 1}", "kb"),
        ("{100: 1}", r"low 1, expected 100 and high 20 are not in order"),
    ],
)
def test_a_distribution_must_be_one(tmp_path: Path, sizes: str, why: str) -> None:
    """Shares of a whole, of sizes in KB, and a mean between the other levels."""
    path = tmp_path / "usage.yaml"
    path.write_text(OWN.replace("expected: 0.1", f"expected: {sizes}"))
    with pytest.raises(UsageError, match=why):
        read_usage(path)


def test_what_is_not_assumed_is_an_error(usage: Usage) -> None:
    """A rule that asks for an unknown figure is a bug, not a zero."""
    with pytest.raises(LookupError):
        usage.of("unicorns.fed", "pragmatic")
