"""A domain's SQL speaks of the domain's tables alone: gym's of gym's, heating's of heating's."""

import ast
import re
from pathlib import Path

import pytest

APPS = Path(__file__).parents[2] / "apps"
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON|REFERENCES)\s+([a-z]+_[a-z_]+)")


def sql_texts(domain: str) -> list[tuple[str, str]]:
    """Every text that looks like SQL, with the file it is in."""
    found = [(path.name, path.read_text(encoding="utf-8")) for path in (APPS / domain).rglob("*.sql")]
    for path in (APPS / domain).rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found += [(path.name, text) for text in texts if re.search(r"\b[A-Z]{4,}\b", text)]
    return found


@pytest.mark.parametrize(
    ("domain", "foreign"), [("gym", ("expenses_", "heating_")), ("heating", ("expenses_", "gym_"))]
)
def test_no_statement_names_a_table_of_another_domain(domain: str, foreign: tuple[str, ...]) -> None:
    """No SQL of gym or heating reads or writes a table of another domain: they talk by events alone."""
    wrong = [(name, text) for name, text in sql_texts(domain) for prefix in foreign if prefix in text]
    assert wrong == []


@pytest.mark.parametrize(
    ("domain", "some"),
    [
        ("gym", {"gym_workout", "gym_set", "gym_exercise"}),
        ("heating", {"heating_meter", "heating_reading", "heating_bill"}),
    ],
)
def test_every_table_has_the_prefix_of_the_domain(domain: str, some: set[str]) -> None:
    """Every table is named after its domain, so that a split moves whole tables by their prefix."""
    tables = {table for _, text in sql_texts(domain) for table in TABLE.findall(text)}
    assert some <= tables
    assert {table for table in tables if not table.startswith(f"{domain}_")} == set()
