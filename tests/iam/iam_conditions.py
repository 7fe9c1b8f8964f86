"""How IAM compares: patterns in actions, resources and ARNs, and the conditions of statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
What is not written here raises: a question that is answered wrongly is worse than one that is not answered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from trackstack_infra.policy.documents import as_list

Context = Mapping[str, str | Sequence[str]]
"""What IAM knows about a call: condition keys and their values."""


class NotUnderstood(ValueError):  # noqa: N818 (an answer, not a fault)
    """A policy says something that this evaluator was not taught."""


def matches(pattern: str, value: str) -> bool:
    """Whether VALUE is what PATTERN says, `*` for any run of characters and `?` for one."""
    if "${" in pattern:
        raise NotUnderstood(f"policy variables are not evaluated: {pattern}")
    return _compiled(pattern).fullmatch(value) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return re.compile("".join(parts), re.DOTALL)


def arn_matches(pattern: str, value: str) -> bool:
    """The same for ARNs in conditions, where a wildcard does not reach beyond its own of the six parts."""
    patterns, values = pattern.split(":", 5), value.split(":", 5)
    return len(patterns) == len(values) == 6 and all(map(matches, patterns, values))


_SAME: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": lambda wanted, given: wanted == given,
    "StringEqualsIgnoreCase": lambda wanted, given: wanted.lower() == given.lower(),
    "StringLike": matches,
    "ArnEquals": arn_matches,  # IAM treats the two alike
    "ArnLike": arn_matches,
    "Bool": lambda wanted, given: wanted.lower() == given.lower(),
}
_OTHER: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


def holds(condition: Mapping[str, Any] | None, context: Context) -> bool:
    """Whether all tests of a statement's condition pass."""
    known = {key.lower(): [str(value) for value in as_list(values)] for key, values in context.items()}
    return all(
        _test(operator, [str(value) for value in as_list(wanted)], known.get(key.lower()))
        for operator, tests in (condition or {}).items()
        for key, wanted in tests.items()
    )


def _test(operator: str, wanted: Sequence[str], given: Sequence[str] | None) -> bool:
    """One test; GIVEN is None when the call has no such key."""
    if operator == "Null":
        return (given is None) == (wanted[0].lower() == "true")
    quantifier, _, plain = operator.rpartition(":")
    base = plain.removesuffix("IfExists")
    if base not in _SAME and base not in _OTHER:
        raise NotUnderstood(f"the condition operator {operator} is not evaluated")
    negated = base in _OTHER
    compare = _SAME[_OTHER.get(base, base)]
    if not given:
        return negated or plain.endswith("IfExists") or quantifier == "ForAllValues"
    found = [any(compare(each, value) for each in wanted) != negated for value in given]
    match quantifier:
        case "ForAnyValue":
            return any(found)
        case "ForAllValues":
            return all(found)
        case "":
            return all(found) if negated else any(found)
    raise NotUnderstood(f"the condition operator {operator} is not evaluated")
