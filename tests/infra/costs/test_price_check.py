"""Which prices a snapshot is checked for: all that any billing rule can ask for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trackstack_infra.costs import rules
from trackstack_infra.costs.price_check import IDS, OPEN, OTHERS, can_be_asked, known_of, loose_ends, nowhere
from trackstack_infra.costs.snapshot import Snapshot
from trackstack_infra.costs.usage import UNSHIPPED, Usage

RULES = sorted(Path(rules.__file__).parent.glob("*.py"))
DOTTED = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9_]+)+")
ALL = (*IDS, *OTHERS, *(each.lower() for each in OPEN))


def literals(tree: ast.AST) -> Iterator[str]:
    """Each text that may name a price, as a pattern: what an input stands for matches anything."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            shape = "".join(re.escape(each.value) if isinstance(each, ast.Constant) else "\0" for each in node.values)
            if re.fullmatch(r"[a-z0-9]+\\\.[a-z0-9_.\\\0]+", shape):
                yield shape.replace("\0", "[a-z0-9_.-]*")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield from (re.escape(found) for found in [node.value] if DOTTED.fullmatch(found))


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_no_rule_asks_for_a_price_that_no_check_knows(file: Path, usage: Usage) -> None:
    """Every text of a rule that looks like a price or an assumption is one that is known."""
    for pattern in literals(ast.parse(file.read_text())):
        stated = (*usage.assumptions, *UNSHIPPED)
        known = [each for each in (*ALL, *stated) if re.fullmatch(rf"{pattern}(\..*)?", each)]
        assert known, f"{file.name} asks for {pattern}, which `cost prices verify` does not look for"


def test_the_scan_sees_what_rules_ask_for() -> None:
    """Plain names, names with a part from an input, and nothing else."""
    source = "Meter(price='nat.hour'), f'ec2.{kind}_hour', f'{a} of a month', 'aws:ec2/eip:Eip', 'Hello. World'"
    found = list(literals(ast.parse(source)))
    assert sorted(found) == [r"ec2\.[a-z0-9_.-]*_hour", r"nat\.hour"]


def test_rules_may_ask_for_more_than_stacks_do(prices: Snapshot) -> None:
    """A WebSocket API has no price yet, in no region; any instance type may be asked for, and few are known."""
    assert "api.websocket.request" in nowhere(prices)
    assert "nat.hour" not in nowhere(prices)
    assert known_of(prices)["ec2.TYPE_hour"] == ("ec2.t4g.nano_hour",)
    assert can_be_asked("ec2.m7g.large_hour")
    assert can_be_asked("rds.postgres.t4g.micro_hour")
    assert not can_be_asked("ec2.nano_day")
    assert not can_be_asked("nat.hours")


def test_a_price_that_a_rule_may_ask_for_is_not_strange(prices: Snapshot) -> None:
    """Somebody who adds an instance type to a snapshot of their own has not slipped."""
    nano = prices.find("ec2.t4g.nano_hour", "us-east-1")
    assert nano is not None
    added = (nano.model_copy(update={"id": id_}) for id_ in ("ec2.m7g.large_hour", "cognito.plus_mau", "ec2.large"))
    more = prices.model_copy(update={"entries": (*prices.entries, *added)})
    assert list(loose_ends(more)) == ["ec2.large: no billing rule uses this price"]
