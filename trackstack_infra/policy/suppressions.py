"""policy.yaml: the rules that a named resource may break for a while, each with its reason and its last day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from trackstack_infra.errors import SettingsError
from trackstack_infra.policy.model import Rule, Verdict
from trackstack_infra.settings.file import did_you_mean
from trackstack_infra.settings.load import MODELS

FILE: Final = "policy.yaml"
_KEYS: Final = ("rule", "stack", "resource", "reason", "expires")


@dataclass(frozen=True)
class Suppression:
    """Lets the resources of one name (`*` and `?` stand for others) break one rule, up to and including a day."""

    rule: str
    stack: str
    resource: str
    reason: str
    expires: date

    def covers(self, rule: str, stack: str, resource: str) -> bool:
        """Whether it is about this rule and this resource, whatever day it is."""
        return (self.rule, self.stack) == (rule, stack) and fnmatchcase(resource, self.resource)

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires < today

    def __str__(self) -> str:
        return f"{self.rule} for {self.resource} in {self.stack}"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    rule: str
    stack: str
    resource: str = Field(min_length=1)
    reason: str = Field(min_length=10)
    expires: date


@dataclass(frozen=True)
class Suppressions:
    """What policy.yaml holds, in its order."""

    entries: tuple[Suppression, ...] = field(default=())

    def of(self, stack: str) -> tuple[Suppression, ...]:
        """Those about one stack."""
        return tuple(each for each in self.entries if each.stack == stack)


def load_suppressions(root: Path, rules: Sequence[Rule]) -> Suppressions:
    """Read policy.yaml below `root`; without the file nothing is suppressed. A SettingsError says what to change."""
    path = root / FILE
    if not path.exists():
        return Suppressions()
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise SettingsError(f"{FILE} is not YAML: {_first_line(error)}", hint="correct that line") from None
    if document is None:
        return Suppressions()
    if not isinstance(document, list):
        raise SettingsError(
            f"{FILE} is not a list", hint=f"write one entry per suppression, with the keys {', '.join(_KEYS)}"
        )
    known = {rule.id: rule for rule in rules}
    return Suppressions(tuple(_entry(number, each, known) for number, each in enumerate(document, start=1)))


def _entry(number: int, value: Any, rules: dict[str, Rule]) -> Suppression:
    where = f"{FILE}, entry {number}"
    try:
        entry = TypeAdapter(_Entry).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{where}: {key}: {first['msg']}" if key else f"{where}: {first['msg']}",
            hint=f"an entry has exactly these keys: {', '.join(_KEYS)}",
        ) from None
    rule = rules.get(entry.rule)
    if rule is None:
        raise SettingsError(
            f"{where}: there is no rule {entry.rule!r}{did_you_mean(entry.rule, list(rules))}",
            hint="run `trackstack policy rules` to list the rules",
        )
    if rule.verdict is Verdict.ACCEPT:
        raise SettingsError(f"{where}: {rule.id} is already accepted for every resource", hint="remove the entry")
    if entry.stack not in MODELS:
        raise SettingsError(
            f"{where}: there is no stack {entry.stack!r}{did_you_mean(entry.stack, list(MODELS))}",
            hint=f"the stacks are {', '.join(MODELS)}",
        )
    return Suppression(**entry.model_dump())


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())
