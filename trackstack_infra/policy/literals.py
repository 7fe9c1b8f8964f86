"""What looks like a secret in clear text: found by its form, or by the name of what holds it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from trackstack_infra.graph.values import Secret

# AWS's access keys, GitHub's and Slack's tokens, private keys, JSON web tokens, passwords in URLs.
_FORMS: Final = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22,}"
    r"|\bxox[abpr]-[\w-]{10,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"
    r"|\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@]+@"
)
# The whole name or its last word: `password`, `dbPassword`, `API_KEY`, but not `passwordPolicy` nor `secretName`.
_NAMES: Final = re.compile(
    r"(?:^|[_\-.]|(?<=[a-z0-9]))"
    r"(?i:password|passwd|passphrase|secret|token|api[_-]?key|credentials?|private[_-]?key)$"
)
# They make a repeated call the same call, and open nothing.
_HARMLESS: Final = re.compile(r"(?i)(?:creation|client|idempotency)_?token$")
# Addresses and names of secrets are not secrets, and say so by how they begin.
_REFERENCES: Final = ("arn:", "http://", "https://", "/", "ssm:", "$", "{{")
_LONG_ENOUGH: Final = 8


def secrets_in(value: Any, name: str = "") -> Iterator[str]:
    """The paths of all secrets in clear text within a value; what the program marked as secret is none."""
    if isinstance(value, Secret):
        return
    if isinstance(value, Mapping):
        if {"name", "value"} <= set(value):  # an environment variable of a container, a header of an origin
            yield from secrets_in(value["value"], f"{name}.{value['name']}" if name else str(value["name"]))
            return
        for key, item in value.items():
            yield from secrets_in(item, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from secrets_in(item, name)
    elif isinstance(value, str):
        inner = _parsed(value)
        if inner is not None:
            yield from secrets_in(inner, name)
        elif _FORMS.search(value) or _is_named_like_one(name, value):
            yield name


def _is_named_like_one(name: str, value: str) -> bool:
    return (
        len(value) >= _LONG_ENOUGH
        and bool(_NAMES.search(name.rpartition(".")[2]))
        and not _HARMLESS.search(name)
        and not value.startswith(_REFERENCES)
    )


def _parsed(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None
