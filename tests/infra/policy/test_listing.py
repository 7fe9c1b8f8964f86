"""The rules as a list: each whole, none twice."""

import json
import re

from trackstack_infra.policy.listing import as_document, as_markdown
from trackstack_infra.policy.model import Rule, Verdict
from trackstack_infra.policy.rules import RULES


def test_every_rule_has_a_name_of_its_own() -> None:
    """Suppressions name rules, so a name is kebab case, and stands for one rule."""
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", id_) for id_ in ids)


def test_every_rule_says_what_is_required_in_a_sentence() -> None:
    """Titles read as sentences."""
    assert [rule.id for rule in RULES if not (rule.title[0].isupper() and rule.title.endswith("."))] == []


def test_what_is_accepted_has_a_reason_and_a_price() -> None:
    """And what blocks has neither: it is not left open."""
    for rule in RULES:
        accepted = rule.verdict is Verdict.ACCEPT
        assert bool(rule.reason) == accepted, rule.id
        assert rule.price.startswith("$") == accepted, rule.id


def test_the_rules_cover_the_rows_of_the_table_without_a_gap() -> None:
    """Rows 1 to 34 are about storage, the edge, images, tasks and services."""
    assert set(range(1, 35)) <= {rule.row for rule in RULES}


def test_ids_of_other_catalogues_are_written_as_those_write_them() -> None:
    """So that they can be looked up."""
    for rule in RULES:
        assert all(re.fullmatch(r"[A-Z][A-Za-z0-9]+\.\d+", id_) for id_ in rule.fsbp), rule.id
        assert all(re.fullmatch(r"CKV2?_AWS_\d+", id_) for id_ in rule.checkov), rule.id
        assert all(re.fullmatch(r"AWS-\d{4}", id_) for id_ in rule.trivy), rule.id


def test_the_markdown_lists_each_rule_once_in_order_of_rows() -> None:
    """Two tables: what blocks, then what is accepted with reason and price; a bar in a text breaks no table."""
    rules = (
        Rule(id="second-rule", row=2, title="B | b.", verdict=Verdict.BLOCK, fsbp=("S3.1",), check=lambda _: ()),
        Rule(id="first-rule", row=1, title="A.", verdict=Verdict.BLOCK, checkov=("CKV_AWS_1",), check=lambda _: ()),
        Rule(
            id="third-rule",
            row=3,
            title="C.",
            verdict=Verdict.ACCEPT,
            reason="Cheap.",
            price="$1",
            check=lambda _: (),
        ),
    )
    rows = [line for line in as_markdown(rules).splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert rows == [
        "| 1 | `first-rule` | A. | – | CKV_AWS_1 | – |",
        r"| 2 | `second-rule` | B \| b. | S3.1 | – | – |",
        "| 3 | `third-rule` | C. | Cheap. | $1 | – | – | – |",
    ]


def test_the_document_holds_what_the_rules_do() -> None:
    """As JSON, for whoever compares with another scanner."""
    document = json.loads(json.dumps(as_document(RULES)))
    assert {each["id"] for each in document} == {rule.id for rule in RULES}
    assert set(document[0]) == {"row", "id", "title", "verdict", "fsbp", "checkov", "trivy", "reason", "price"}
