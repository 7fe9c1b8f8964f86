"""How IAM compares, worked out by hand from its reference."""

from typing import Any

import pytest
from iam_conditions import NotUnderstood, arn_matches, holds, matches


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get?bject", "s3:Getbject", False),
        ("*", "", True),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::a/b/c", True),
        ("arn:aws:s3:::a/*", "arn:aws:s3:::a", False),
        ("arn:aws:s3:::a", "arn:aws:s3:::A", False),
        ("a.c", "abc", False),
        ("a*", "a\nb", True),
    ],
)
def test_a_pattern_has_two_wildcards(pattern: str, value: str, expected: bool) -> None:
    """`*` stands for any run of characters and `?` for one; all else stands for itself."""
    assert matches(pattern, value) is expected


def test_a_wildcard_stays_in_its_part_of_an_arn() -> None:
    """In ArnLike a `*` in the region does not swallow the account; behind the fifth colon it swallows all."""
    assert arn_matches("arn:aws:sns:*:123456789012:ts-*", "arn:aws:sns:us-east-1:123456789012:ts-events")
    assert not arn_matches("arn:aws:sns:*:ts-*", "arn:aws:sns:us-east-1:123456789012:ts-events")
    assert arn_matches("arn:aws:logs:*:*:*", "arn:aws:logs:us-east-1:123456789012:log-group:a:b")


PLAIN = {"aws:PrincipalTag/team": "red", "aws:TagKeys": ["project", "stack"]}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (None, True),
        ({}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, True),
        ({"StringEquals": {"AWS:principaltag/TEAM": "red"}}, True),  # keys are alike in capitals, values are not
        ({"StringEquals": {"aws:PrincipalTag/team": "Red"}}, False),
        ({"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "Red"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": ["blue", "red"]}}, True),  # one of the values is enough
        ({"StringEquals": {"aws:PrincipalTag/team": "red", "aws:other": "x"}}, False),  # of the tests, all must pass
        ({"StringEquals": {"aws:PrincipalTag/team": "red"}, "StringLike": {"aws:PrincipalTag/team": "b*"}}, False),
        ({"StringLike": {"aws:PrincipalTag/team": "r*"}}, True),
        ({"StringEquals": {"aws:PrincipalTag/team": "r*"}}, False),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "red"}}, False),
        ({"StringNotEquals": {"aws:PrincipalTag/team": ["blue", "green"]}}, True),
        ({"StringNotEquals": {"aws:missing": "red"}}, True),  # a key that is not there is not equal
        ({"StringNotLike": {"aws:PrincipalTag/team": "b*"}}, True),
        ({"StringEquals": {"aws:missing": "red"}}, False),
        ({"StringEqualsIfExists": {"aws:missing": "red"}}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalTag/team": "blue"}}, False),
        ({"Null": {"aws:missing": "true"}}, True),
        ({"Null": {"aws:missing": "false"}}, False),
        ({"Null": {"aws:PrincipalTag/team": "false"}}, True),
        ({"Bool": {"aws:PrincipalTag/team": "RED"}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["project", "other"]}}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": "other"}}, False),
        ({"ForAnyValue:StringEquals": {"aws:missing": "other"}}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["project", "stack", "x"]}}, True),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": "project"}}, False),
        ({"ForAllValues:StringEquals": {"aws:missing": "other"}}, True),  # all of none
    ],
)
def test_a_condition_holds_or_not(condition: Any, expected: bool) -> None:
    """All tests must pass, each for one of its values; what is missing fails, but for the operators that say not."""
    assert holds(condition, PLAIN) is expected


@pytest.mark.parametrize("operator", ["DateLessThan", "NumericEquals", "IpAddress", "ForSomeValues:StringEquals"])
def test_an_operator_nobody_taught_is_an_error(operator: str) -> None:
    """A condition that is not understood neither holds nor fails: it raises."""
    with pytest.raises(NotUnderstood, match="is not evaluated"):
        holds({operator: {"aws:PrincipalTag/team": "red"}}, PLAIN)


def test_a_policy_variable_is_an_error() -> None:
    """`${aws:username}` is not a text to compare with."""
    with pytest.raises(NotUnderstood, match="policy variables"):
        matches("arn:aws:s3:::a/${aws:username}", "arn:aws:s3:::a/b")
