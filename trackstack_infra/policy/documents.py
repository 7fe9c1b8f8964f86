"""Policy documents as rules read them: statements with lists where IAM allows one or many."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph.fabricated_answers import ACCOUNT
from trackstack_infra.graph.values import revealed

_ACCOUNT_IN_ARN: Final = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_OWN_ONLY: Final = frozenset({"aws:sourcearn", "aws:sourceaccount"})
_EXACT: Final = frozenset({"StringEquals", "ArnEquals", "ArnLike", "StringLike"})


def statements(document: Any) -> list[Mapping[str, Any]]:
    """The statements of a policy, given as JSON text or as an object; empty when it is neither."""
    value = revealed(document)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    found = value.get("Statement") if isinstance(value, Mapping) else None
    return [each for each in as_list(found) if isinstance(each, Mapping)]


def as_list(value: Any) -> list[Any]:
    """One or many, as many; nothing as none."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def allows(document: Any) -> list[Mapping[str, Any]]:
    """The statements that allow something."""
    return [each for each in statements(document) if each.get("Effect") == "Allow"]


def principals(statement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Who a statement is about, as (kind, who): ("AWS", "*"), ("Service", "ecs-tasks.amazonaws.com")."""
    value = statement.get("Principal")
    if isinstance(value, str):
        yield "AWS", value
    elif isinstance(value, Mapping):
        for kind, who in value.items():
            yield from ((kind, each) for each in as_list(who) if isinstance(each, str))


def strangers(document: Any) -> list[str]:
    """Whom a resource's policy lets in who is not of this account, in words; empty when it lets nobody else in.

    A service of AWS acts for every account, so it counts as one's own only with a condition on the source.
    """
    found: list[str] = []
    for statement in allows(document):
        if "NotPrincipal" in statement:
            found.append("everyone but a few (NotPrincipal)")
        for kind, who in principals(statement):
            if who == "*":
                found.append("everyone")
            elif kind == "AWS" and _account(who) != ACCOUNT:
                found.append(f"another account ({who})")
            elif kind == "Service" and not names_its_source(statement):
                found.append(f"{who} on behalf of any account")
            elif kind not in {"AWS", "Service"}:
                found.append(f"{kind} {who}")
    return found


def names_its_source(statement: Mapping[str, Any]) -> bool:
    """Whether a condition says from which resource or account the call must come."""
    return any(
        key.lower() in _OWN_ONLY and all(value not in ("*", "") for value in as_list(values))
        for operator, tests in (statement.get("Condition") or {}).items()
        if operator in _EXACT
        for key, values in tests.items()
    )


def denies_without_tls(document: Any, *, action: str, resources: frozenset[str]) -> bool:
    """Whether everybody is refused all actions on all of these resources when the call comes without TLS."""
    covered: set[str] = set()
    for statement in statements(document):
        everybody = ("AWS", "*") in principals(statement)
        whole = bool({"*", action} & set(as_list(statement.get("Action"))))
        condition = statement.get("Condition")
        refused = isinstance(condition, Mapping) and list(condition) == ["Bool"] and _is_insecure(condition["Bool"])
        if statement.get("Effect") == "Deny" and everybody and whole and refused:
            covered.update(as_list(statement.get("Resource")))
    return "*" in covered or resources <= covered


def _is_insecure(test: Any) -> bool:
    return (
        isinstance(test, Mapping)
        and [key.lower() for key in test] == ["aws:securetransport"]
        and all(str(value).lower() == "false" for each in test.values() for value in as_list(each))
    )


def _account(who: str) -> str | None:
    if re.fullmatch(r"\d{12}", who):
        return who
    found = _ACCOUNT_IN_ARN.match(who)
    return found.group(1) if found else None
