"""The rules as a list for people: the table of docs/policy.md is this text."""

from collections.abc import Sequence
from typing import Final

from trackstack_infra.policy.model import Rule, Verdict

NONE: Final = "–"


def in_order(rules: Sequence[Rule]) -> list[Rule]:
    """By row, and within a row by id."""
    return sorted(rules, key=lambda rule: (rule.row, rule.id))


def as_markdown(rules: Sequence[Rule]) -> str:
    """Two tables: what blocks, and what is accepted with its reason and the price of closing it."""
    ordered = in_order(rules)
    blocking = [rule for rule in ordered if rule.verdict is Verdict.BLOCK]
    accepted = [rule for rule in ordered if rule.verdict is Verdict.ACCEPT]
    lines = [
        f"## What blocks: {len(blocking)} rules",
        "",
        *_table(
            ("row", "rule", "required", "FSBP", "checkov", "trivy"),
            [(*_head(rule), *_others(rule)) for rule in blocking],
        ),
        "",
        f"## What is accepted: {len(accepted)} rules",
        "",
        *_table(
            ("row", "rule", "left open", "why", "closing it costs a month", "FSBP", "checkov", "trivy"),
            [(*_head(rule), rule.reason, rule.price, *_others(rule)) for rule in accepted],
        ),
    ]
    return "\n".join(lines) + "\n"


def as_document(rules: Sequence[Rule]) -> list[dict[str, object]]:
    """Every rule as JSON has it."""
    return [
        {
            "row": rule.row,
            "id": rule.id,
            "title": rule.title,
            "verdict": rule.verdict.value,
            "fsbp": list(rule.fsbp),
            "checkov": list(rule.checkov),
            "trivy": list(rule.trivy),
            "reason": rule.reason,
            "price": rule.price,
        }
        for rule in in_order(rules)
    ]


def _head(rule: Rule) -> tuple[str, str, str]:
    return str(rule.row), f"`{rule.id}`", rule.title


def _others(rule: Rule) -> tuple[str, str, str]:
    return _ids(rule.fsbp), _ids(rule.checkov), _ids(rule.trivy)


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(ids) or NONE


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [[cell.replace("|", r"\|") for cell in row] for row in rows]
    return [_line(header), _line(["---"] * len(header)), *(_line(row) for row in cells)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
