"""The table of how faithful the local target is."""

from pathlib import Path

from trackstack_infra.catalog.fidelity import ROWS
from trackstack_infra.local.observe.fidelity import fidelity_of

CHECKOUT = Path(__file__).resolve().parents[4]


def test_the_documentation_holds_the_table_that_up_prints() -> None:
    """docs/local.md and `up` tell the same about every kind of resource, from one source."""
    rows = [f"| {row.kind} | {row.fidelity} | {row.by} |" for row in ROWS]
    table = "\n".join(["| kind | class | by |", "|---|---|---|", *rows])
    assert table in (CHECKOUT / "docs" / "local.md").read_text()


def test_only_rows_about_the_stack_are_shown() -> None:
    """A stack of one queue is told about queues and about the app's code, and about nothing else."""
    shown = fidelity_of({"aws:sqs/queue:Queue"})
    assert [row.kind for row in shown] == [
        "App code in tasks and Lambda; SQLite",
        "SNS, SQS: filters, dead letters",
    ]
