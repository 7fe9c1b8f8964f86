"""policy.yaml: checked to the last key, because a mistyped suppression would cover nothing, or too much."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from trackstack_infra.errors import SettingsError
from trackstack_infra.policy.rules import RULES
from trackstack_infra.policy.suppressions import Suppression, Suppressions, load_suppressions

ROOT = Path(__file__).parents[3]
WHOLE = """
- rule: s3-object-lock
  stack: foundation
  resource: backups-*
  reason: the account's first week
  expires: 2026-12-31
"""
Load = Callable[[str], Suppressions]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Read a policy.yaml of this text."""

    def read(text: str) -> Suppressions:
        (tmp_path / "policy.yaml").write_text(text)
        return load_suppressions(tmp_path, RULES)

    return read


def test_an_entry_names_rule_stack_resource_reason_and_last_day(load: Load) -> None:
    """All five, and nothing else."""
    assert load(WHOLE).entries == (
        Suppression(
            rule="s3-object-lock",
            stack="foundation",
            resource="backups-*",
            reason="the account's first week",
            expires=date(2026, 12, 31),
        ),
    )


def test_no_file_and_an_empty_file_suppress_nothing(load: Load, tmp_path: Path) -> None:
    """The file may be missing, or hold comments only."""
    assert load_suppressions(tmp_path, RULES).entries == ()
    assert load("# nothing yet\n").entries == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (WHOLE.replace("s3-object", "s3-objet"), "there is no rule 's3-objet-lock'; did you mean s3-object-lock?"),
        (WHOLE.replace("s3-object-lock", "s3-access-log"), "s3-access-log is already accepted for every resource"),
        (WHOLE.replace("foundation", "fundation"), "there is no stack 'fundation'; did you mean foundation?"),
        (WHOLE.replace("  expires: 2026-12-31\n", ""), "expires: Field required"),
        (WHOLE + "  owner: me\n", "owner: Extra inputs are not permitted"),
        (WHOLE.replace("2026-12-31", "soon"), "expires: Input should be a valid date"),
        (WHOLE.replace("the account's first week", "because"), "reason: String should have at least 10 characters"),
        (WHOLE.replace("backups-*", '""'), "resource: String should have at least 1 character"),
        ("- s3-object-lock\n", "Input should be a valid dictionary"),
    ],
)  # fmt: skip
def test_an_entry_that_is_not_whole_is_an_error_that_names_it(load: Load, text: str, message: str) -> None:
    """Which entry, which key, and what to write."""
    with pytest.raises(SettingsError) as error:
        load(text)
    assert str(error.value).startswith("policy.yaml, entry 1: ")
    assert message in str(error.value)
    assert error.value.hint


@pytest.mark.parametrize(("text", "message"), [("rule: x\n", "policy.yaml is not a list"), ("- [", "is not YAML")])
def test_a_file_that_is_no_list_is_refused(load: Load, text: str, message: str) -> None:
    """The file is a list of entries."""
    with pytest.raises(SettingsError, match=message):
        load(text)


def test_the_projects_own_file_can_be_read() -> None:
    """policy.yaml of this repository is whole."""
    assert isinstance(load_suppressions(ROOT, RULES), Suppressions)
