"""docs/policy.md is what the rules say."""

from pathlib import Path

from trackstack_infra.policy.listing import as_markdown
from trackstack_infra.policy.rules import RULES

ROOT = Path(__file__).parents[3]


def test_the_tables_of_the_documentation_are_the_rules() -> None:
    """`trackstack policy rules --format markdown` wrote them."""
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    assert text.endswith(as_markdown(RULES)), "run: trackstack policy rules --format markdown, and put it at the end"
