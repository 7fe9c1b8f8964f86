"""`trackstack policy`: what a reader sees, and what a pipeline can rely on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackstack_infra.cli.__main__ import main
from trackstack_infra.cli.verbs import policy
from trackstack_infra.graph import Graph, Resource
from trackstack_infra.graph.urns import make_urn
from trackstack_infra.policy import rules
from trackstack_infra.policy.rules import RULES, images

Check = Callable[..., tuple[int, str, str]]
SUPPRESSION = """
- rule: {rule}
  stack: {stack}
  resource: images
  reason: the move to the new registry
  expires: {expires}
"""


def repository(stack: str, **inputs: Any) -> Graph:
    """A stack of one component with one repository, which immutable tags, scanning and a lifecycle would keep."""
    parent = make_urn(stack, "trackstack", None, "trackstack:registry:Registry", "registry")
    urn = make_urn(stack, "trackstack", parent, "aws:ecr/repository:Repository", "images")
    scanned = {"imageScanningConfiguration": {"scanOnPush": True}, "imageTagMutability": "IMMUTABLE", **inputs}
    outputs = {"id": "images", "name": "images"}
    lifecycle = {"repository": "images", "policy": json.dumps({"rules": [{"action": {"type": "expire"}}]})}
    tags = {"project": "trackstack", "stack": stack, "layer": "persistent", "component": "registry", "domain": "shared"}
    return Graph(
        stack,
        (
            Resource(parent, "trackstack:registry:Registry", "registry", None, custom=False, inputs={}),
            Resource(
                urn,
                "aws:ecr/repository:Repository",
                "images",
                parent,
                custom=True,
                inputs={"name": "images", "tags": tags, **scanned},
                outputs=outputs,
            ),
            Resource(
                make_urn(stack, "trackstack", parent, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "lifecycle"),
                "aws:ecr/lifecyclePolicy:LifecyclePolicy",
                "lifecycle",
                parent,
                custom=True,
                inputs=lifecycle,
            ),
        ),
        {},
    )


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Hold the rules about images against stacks made of that repository; returns exit code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str, suppressions: str = "", **inputs: Any) -> tuple[int, str, str]:
        (tmp_path / "policy.yaml").write_text(suppressions)
        monkeypatch.setattr(policy, "ROOT", tmp_path)
        monkeypatch.setattr(rules, "RULES", images.RULES)
        monkeypatch.setattr(policy, "record_stack", lambda stack, _pairs, _files: repository(stack, **inputs))
        code = main(["policy", "check", *arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_a_stack_that_holds_every_rule_passes_and_lists_what_is_accepted(check: Check) -> None:
    """Exit 0; the last line is the count; what is left open stands there with its price and reason."""
    code, out, err = check("pragmatic")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "6 rules: 0 violated, 1 accepted, 0 suppressed"
    assert "customer-keys" in out
    assert "$1.00 a key" in out


def test_what_blocks_is_shown_by_component_and_exits_5(check: Check) -> None:
    """Rule, verdict, resource, sentence and the ids other catalogues use, within 80 columns; then the way on."""
    code, out, err = check("pragmatic", imageTagMutability="MUTABLE")
    assert code == 5
    assert out.splitlines()[0] == "registry"
    for part in ("block ecr-immutable-tags", "images: its tags can be", "ECR.2 CKV_AWS_51"):
        assert part in out
    assert out.splitlines()[-1] == "6 rules: 1 violated, 1 accepted, 0 suppressed"
    assert all(len(line) <= 80 for line in out.splitlines())
    assert "\x1b[" not in out
    assert err == (
        "error: pragmatic violates the policy\n"
        "  → fix the resources listed above, or add a suppression to policy.yaml (see docs/policy.md)\n"
    )


def test_without_a_stack_all_three_are_checked(check: Check) -> None:
    """One command for a pipeline; each stack has its own count."""
    code, out, _ = check()
    assert code == 0
    assert [line for line in out.splitlines() if line in ("foundation", "pragmatic", "enterprise")] == [
        "foundation",
        "pragmatic",
        "enterprise",
    ]
    assert out.count("0 violated") == 3


def test_a_suppression_lets_it_pass_until_it_expires(check: Check) -> None:
    """Up to its last day the suppression is shown; after it the command fails and names the entry."""
    entry = {"rule": "ecr-immutable-tags", "stack": "pragmatic"}
    code, out, _ = check(
        "pragmatic", imageTagMutability="MUTABLE", suppressions=SUPPRESSION.format(**entry, expires="2999-12-31")
    )
    assert code == 0
    assert "suppressed until 2999-12-31: ecr-immutable-tags on images, the move to the new" in out
    assert out.splitlines()[-1] == "6 rules: 0 violated, 1 accepted, 1 suppressed"
    code, out, err = check("pragmatic", suppressions=SUPPRESSION.format(**entry, expires="2020-01-01"))
    assert code == 5
    assert out.splitlines()[-1] == "6 rules: 0 violated, 1 accepted, 0 suppressed, 1 expired"
    assert "a suppression expired on 2020-01-01: ecr-immutable-tags for images in pragmatic" in err


def test_a_suppression_that_is_not_needed_is_named_and_passes(check: Check) -> None:
    """It may be removed, which nobody is forced to do today."""
    suppressions = SUPPRESSION.format(rule="ecr-immutable-tags", stack="pragmatic", expires="2999-12-31")
    code, out, _ = check("pragmatic", suppressions=suppressions)
    assert code == 0
    assert "unused: the suppression of ecr-immutable-tags for images in pragmatic" in " ".join(out.split())


def test_a_suppression_of_a_rule_that_does_not_exist_is_a_settings_error(check: Check) -> None:
    """Exit 2 before anything is checked: a mistyped suppression suppresses nothing."""
    code, out, err = check(
        suppressions=SUPPRESSION.format(rule="ecr-immutable-tag", stack="pragmatic", expires="2999-12-31")
    )
    assert (code, out) == (2, "")
    assert "there is no rule 'ecr-immutable-tag'; did you mean ecr-immutable-tags?" in err


def test_json_is_one_document_with_the_same_exit_code(check: Check) -> None:
    """Violations, accepted rules with reason and price, and suppressions, for whoever reads on."""
    code, out, err = check("pragmatic", "--json", imageTagMutability="MUTABLE")
    document = json.loads(out)
    assert (code, err, document["passes"]) == (5, "", False)
    (stack,) = document["stacks"]
    (violation,) = stack["violations"]
    assert violation == {
        "rule": "ecr-immutable-tags",
        "row": 19,
        "title": "Image tags are immutable.",
        "verdict": "block",
        "fsbp": ["ECR.2"],
        "checkov": ["CKV_AWS_51"],
        "component": "registry",
        "resource": "images",
        "urn": stack["violations"][0]["urn"],
        "message": "its tags can be moved to other images",
    }
    assert [(each["rule"], each["price"]) for each in stack["accepted"]] == [("customer-keys", "$1.00 a key")]
    code, out, _ = check("pragmatic", "--json")
    assert (code, json.loads(out)["passes"]) == (0, True)


def test_settings_by_hand_are_about_one_stack(check: Check) -> None:
    """--set without a stack would mean three different things."""
    code, _, err = check("--set", "power=off")
    assert code == 2
    assert "run `trackstack policy check STACK --set power=off`" in err


def test_a_real_stack_is_checked_without_an_account(trackstack: Any) -> None:
    """The program runs against nothing at all, with other settings where wanted."""
    shown = trackstack("policy", "check", "enterprise", "--set", "power=off", "--json")
    document = json.loads(shown.stdout)
    assert document["stacks"][0]["stack"] == "enterprise"
    assert shown.returncode == (0 if document["passes"] else 5)


def test_an_unknown_stack_is_a_usage_error(trackstack: Any) -> None:
    """As with every other verb."""
    shown = trackstack("policy", "check", "enterprize")
    assert shown.returncode == 2
    assert "the stacks are foundation, pragmatic, enterprise" in shown.stderr


def test_the_rules_can_be_listed_as_text_markdown_and_json(trackstack: Any) -> None:
    """The same rules three times; text stays within 80 columns."""
    text, markdown, document = (
        trackstack("policy", "rules"),
        trackstack("policy", "rules", "--format", "markdown"),
        trackstack("policy", "rules", "--json"),
    )
    assert {each["id"] for each in json.loads(document.stdout)} == {rule.id for rule in RULES}
    assert all(f"| `{rule.id}` |" in markdown.stdout for rule in RULES)
    assert all(rule.id in text.stdout for rule in RULES)
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
