"""The domains share a process, but neither tables nor code."""

import re
from pathlib import Path

import pytest

from apps.common.migrations import migrations_of
from apps.monolith.services import SERVICES

APPS = Path(__file__).parents[3] / "apps"
NAMES = [service.name for service in SERVICES]


@pytest.mark.parametrize("name", NAMES)
def test_tables_and_indexes_carry_their_domain(name: str) -> None:
    """Whatever a domain's migrations make is named after the domain: a split moves tables by that name."""
    (service,) = [each for each in SERVICES if each.name == name]
    for step in migrations_of(name, service.migrations):
        made = re.findall(r"CREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\s+(\w+)", step.sql)
        assert made, step.name
        assert [each for each in made if not each.startswith(f"{name}_")] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_domain_reads_the_tables_of_another(name: str) -> None:
    """No SQL of a domain names a table of another domain."""
    strangers = re.compile(rf"\b(?:{'|'.join(other for other in NAMES if other != name)})_\w+")
    tables = {
        table
        for service in SERVICES
        if service.name != name
        for step in migrations_of(service.name, service.migrations)
        for table in re.findall(r"CREATE\s+TABLE\s+(\w+)", step.sql)
    }
    for path in [*(APPS / name).rglob("*.py"), *(APPS / name).rglob("*.sql")]:
        named = set(strangers.findall(path.read_text(encoding="utf-8")))
        assert named & tables == set(), path
