"""Versions, preconditions and cursors."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.http import cursor_key, cursor_of, etag, matches, require_if_match
from apps.common.problem import PreconditionFailed, PreconditionRequired, Unprocessable

TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=50)
INTEGERS = st.integers(-(2**63), 2**63 - 1)


def test_a_change_must_name_the_present_version() -> None:
    """Without If-Match a change is refused with 428, with an old version with 412 and the present one as ETag."""
    require_if_match('"3"', 3)
    require_if_match("*", 3)
    require_if_match('"1", "3"', 3)
    with pytest.raises(PreconditionRequired):
        require_if_match(None, 3)
    for stale in ('"2"', "3", 'W/"3"', "", '"33"'):
        with pytest.raises(PreconditionFailed) as refused:
            require_if_match(stale, 3)
        assert refused.value.headers == {"ETag": '"3"'}


def test_what_the_caller_has_is_not_sent_again() -> None:
    """If-None-Match with the present version, also a weak one, matches; another or none does not."""
    assert etag(3) == '"3"'
    assert [matches(each, 3) for each in ('"3"', 'W/"3"', '"1", "3"', "*")] == [True] * 4
    assert [matches(each, 3) for each in (None, '"2"', "3", "")] == [False] * 4


@given(day=TEXTS, number=INTEGERS)
def test_a_cursor_gives_its_key_back(day: str, number: int) -> None:
    """Whatever the sort key is, the cursor made of it gives it back, and is safe in an address."""
    cursor = cursor_of(day, number)
    assert cursor_key(cursor, str, int) == (day, number)
    assert cursor.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=60))
def test_a_forged_cursor_is_refused(text: str) -> None:
    """Any other text is answered 422, never an error of ours."""
    with pytest.raises(Unprocessable):
        cursor_key(text, str, str)


@pytest.mark.parametrize(
    "key",
    [
        [],
        ["2026-11-24"],
        ["2026-11-24", 1],
        ["a", "b", "c"],
        {"a": 1},
        None,
        ["a", None],
        ["a\0", "b"],
        ["\ud800", "b"],
        ["a", ["b"]],
    ],
)
def test_a_cursor_of_another_list_is_refused(key: object) -> None:
    """Too few parts, parts of the wrong kind or with control characters are refused."""
    text = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    with pytest.raises(Unprocessable):
        cursor_key(text, str, str)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400, True, 1.5])
def test_a_number_beyond_the_database_is_refused(number: object) -> None:
    """A whole number that SQLite cannot hold, or no whole number at all, is refused."""
    text = base64.urlsafe_b64encode(json.dumps([number]).encode()).decode().rstrip("=")
    with pytest.raises(Unprocessable):
        cursor_key(text, int)
