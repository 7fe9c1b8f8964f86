"""Heating's SQL speaks of heating's tables alone, and in the subset both databases understand."""

import ast
import re
from pathlib import Path

FOLDER = Path(__file__).parents[3] / "apps" / "heating"
FOREIGN = ("expenses_", "gym_")
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|ON|REFERENCES)\s+([a-z]+_[a-z_]+)")


def sql_texts() -> list[tuple[str, str]]:
    """Every text that looks like SQL, with the file it is in."""
    found = [(path.name, path.read_text(encoding="utf-8")) for path in FOLDER.rglob("*.sql")]
    for path in FOLDER.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found += [(path.name, text) for text in texts if re.search(r"\b[A-Z]{4,}\b", text)]
    return found


def test_no_statement_names_a_table_of_another_domain() -> None:
    """No SQL of heating reads or writes a table of another domain: they talk by events alone."""
    wrong = [(name, text) for name, text in sql_texts() for prefix in FOREIGN if prefix in text]
    assert wrong == []


def test_every_table_has_the_prefix_of_the_domain() -> None:
    """Every table is named heating_…, so that a split moves whole tables by their prefix."""
    tables = {table for _, text in sql_texts() for table in TABLE.findall(text)}
    assert {"heating_meter", "heating_reading", "heating_bill"} <= tables
    assert {table for table in tables if not table.startswith("heating_")} == set()
