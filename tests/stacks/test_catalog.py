"""The catalog of resource types and the stacks: it has what they register, and nothing that nobody needs."""

import ast
from pathlib import Path

import pytest
from catalogued import gaps
from choices import ROOT, every_type

from trackstack_infra.catalog import CATALOG
from trackstack_infra.graph import Resource

# Whose code asks about types, registered or not.
ASKING = ("policy/rules", "costs/rules", "picture")


@pytest.fixture(scope="module")
def registered() -> list[Resource]:
    """A stack's resources for each choice that brings in types of its own."""
    graphs = [
        each.graph() if each.stack == "foundation" else each.graph(power="on", outputs="unknown")
        for each in every_type()
    ]
    return [resource for graph in graphs for resource in graph.resources]


def tokens(folder: Path) -> set[str]:
    """The types that the code in a folder names."""
    return {
        node.value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in CATALOG
    }


def test_every_type_that_a_stack_registers_has_an_entry(registered: list[Resource]) -> None:
    """Under any settings; tests/stacks/test_combinations.py holds it against every combination there is."""
    missing = gaps(registered)
    assert not missing, "\n".join(missing)


def test_who_registers_a_new_type_is_told_what_to_write_where() -> None:
    """The message names the token, the fields that are missing and the file."""
    kite = Resource("u", "aws:kites/kite:Kite", "k", None, True, {"kiteName": "ts-dev-kite"})
    assert gaps([kite]) == [
        "aws:kites/kite:Kite has no entry: add one to trackstack_infra/catalog/kites.py with fidelity=…, "
        'name=Name("kiteName", r"…"), tags=False (or tags in the program), '
        "free=… (or a rule in trackstack_infra/costs/rules); and drawn=…, unless it is a detail of a part"
    ]
    zone = Resource("u", "aws:route53/zone:Zone", "z", None, True, {"name": "example.org", "tags": {}})
    assert gaps([zone]) == ["aws:route53/zone:Zone lacks fidelity=… in trackstack_infra/catalog/route53.py"]
    assert gaps([Resource("u", "trackstack:api:Api", "a", None, False, {})]) == []


def test_every_entry_is_of_use(registered: list[Resource]) -> None:
    """A type that no stack registers has an entry only where a rule or a picture asks about it."""
    unregistered = CATALOG.keys() - {each.type for each in registered}
    asked = {token for folder in ASKING for token in tokens(ROOT / "trackstack_infra" / folder)}
    assert unregistered <= asked
    assert {token for token in unregistered if CATALOG[token].fidelity} == set()
