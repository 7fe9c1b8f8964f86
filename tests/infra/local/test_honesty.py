"""The honesty table."""

from pathlib import Path

from trackstack_infra.local.honesty import CLAIMS, claims_for

CHECKOUT = Path(__file__).resolve().parents[3]


def test_the_documentation_holds_the_table_that_up_prints() -> None:
    """docs/local.md and `up` tell the same about every kind of resource, from one source."""
    rows = [f"| {claim.kind} | {claim.fidelity} | {claim.by} |" for claim in CLAIMS]
    table = "\n".join(["| kind | class | by |", "|---|---|---|", *rows])
    assert table in (CHECKOUT / "docs" / "local.md").read_text()


def test_no_type_stands_in_two_rows() -> None:
    """Each resource type has one class, or a reader could pick the kinder one."""
    types = [type_ for claim in CLAIMS for type_ in claim.types]
    assert len(types) == len(set(types))


def test_only_rows_about_the_stack_are_shown() -> None:
    """A stack of one queue is told about queues and about the app's code, and about nothing else."""
    shown = claims_for(frozenset({"aws:sqs/queue:Queue"}))
    assert [claim.kind for claim in shown] == [
        "App code in tasks and Lambda; SQLite",
        "SNS, SQS: filters, dead letters",
    ]
