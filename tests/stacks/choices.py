"""Every setting that changes what a stack is made of, and what it may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Final, Literal

from hypothesis import strategies as st

from stacks import PROGRAMS
from trackstack_infra.graph import Graph, record
from trackstack_infra.settings.groups import FARGATE_SIZES
from trackstack_infra.settings.load import load_settings

ROOT: Final = Path(__file__).parents[2]
DOMAIN: Final = {"name": "track.example.org", "zone": "example.org"}
GITHUB: Final = {"owner": "octo", "owner_id": 1, "repository": "track", "repository_id": 2}
MAIL: Final = "somebody@example.org"

DOMAINS: Final = (None, DOMAIN)
AZS: Final = (1, 2, 3)
SPOT: Final = ("0", "0.95")
ARCHITECTURES: Final = ("arm64", "x86_64")
JOURNALS: Final = ("truncate", "wal")
INGRESS: Final = ("ipv4", "ipv6")
EGRESS: Final = ("nat", "nat-per-az", "nat-instance", "ipv6")
OBSERVABILITY: Final = ("lightsail", "task", "off")
DATABASES: Final = ("sqlite", "postgres")
# CloudWatch has others, which the settings take and the policy's rule `logs-end` does not.
LOG_DAYS: Final = (7, 14, 30)
SIZES: Final = tuple((cpu, memory_mib) for cpu, memories in FARGATE_SIZES.items() for memory_mib in memories)


@dataclass(frozen=True)
class Combination:
    """A stack with a value for each of its settings, but the power: each is looked at on and off."""

    stack: str
    settings: Mapping[str, Any]

    def graph(self, *, power: str | None = None, outputs: Literal["unknown", "fabricated"] = "fabricated") -> Graph:
        """What its program registers."""
        settings = {**self.settings, **({"power": power} if power else {})}
        program = partial(PROGRAMS[self.stack], load_settings(self.stack, ROOT, **settings))
        return record(program, stack=self.stack, outputs=outputs)


def _possible(combination: Combination) -> bool:
    """What the settings themselves refuse is no combination: tests/infra/test_settings.py."""
    chosen = combination.settings
    if chosen.get("ingress") == "ipv6":
        return chosen["domain"] is not None
    return not (chosen.get("egress") == "ipv6" and chosen["database"] == "postgres")


def _service() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda size, architecture, spot: {
            "cpu": size[0],
            "memory_mib": size[1],
            "architecture": architecture,
            "spot_share": spot,
        },
        st.sampled_from(SIZES),
        st.sampled_from(ARCHITECTURES),
        st.sampled_from(SPOT),
    )


def _foundation(named: Mapping[str, Any] | None, mail: str | None) -> Combination:
    return Combination("foundation", {"github": named, "budget": {"usd": 25, "mail": mail}})


def every_foundation() -> list[Combination]:
    """With and without a repository to trust, with and without somebody to write to."""
    return [_foundation(named, mail) for named, mail in product((None, GITHUB), (None, MAIL))]


def pragmatics() -> st.SearchStrategy[Combination]:
    """Any pragmatic."""
    return (
        st.fixed_dictionaries(
            {
                "ingress": st.sampled_from(INGRESS),
                "domain": st.sampled_from(DOMAINS),
                "azs": st.sampled_from(AZS),
                "journal": st.sampled_from(JOURNALS),
                "log_days": st.sampled_from(LOG_DAYS),
                "services": st.fixed_dictionaries({"monolith": _service()}),
            }
        )
        .map(partial(Combination, "pragmatic"))
        .filter(_possible)
    )


def enterprises() -> st.SearchStrategy[Combination]:
    """Any enterprise."""
    return (
        st.fixed_dictionaries(
            {
                "egress": st.sampled_from(EGRESS),
                "observability": st.sampled_from(OBSERVABILITY),
                "database": st.sampled_from(DATABASES),
                "domain": st.sampled_from(DOMAINS),
                "azs": st.sampled_from(AZS),
                "journal": st.sampled_from(JOURNALS),
                "log_days": st.sampled_from(LOG_DAYS),
                "services": st.fixed_dictionaries({name: _service() for name in ("expenses", "gym", "heating")}),
                "bridge": st.fixed_dictionaries({"architecture": st.sampled_from(ARCHITECTURES)}),
            }
        )
        .map(partial(Combination, "enterprise"))
        .filter(_possible)
    )


def every_type() -> tuple[Combination, ...]:
    """A few that register, all in all, a resource of each type that any combination registers."""
    return (
        _foundation(GITHUB, MAIL),
        Combination("pragmatic", {"services": {"monolith": {"spot_share": "0.95"}}}),
        Combination("pragmatic", {"ingress": "ipv6", "domain": DOMAIN}),
        Combination(
            "enterprise",
            {"egress": "nat-instance", "observability": "lightsail", "database": "postgres", "domain": DOMAIN},
        ),
        Combination("enterprise", {"egress": "nat"}),
        Combination("enterprise", {"egress": "ipv6"}),
    )


def every_pragmatic() -> Iterator[Combination]:
    """Ingress, name, one zone or three, capacity and processor, in all their combinations."""
    for ingress, domain, azs, spot, architecture in product(INGRESS, DOMAINS, (1, 3), SPOT, ARCHITECTURES):
        monolith = {"spot_share": spot, "architecture": architecture}
        combination = Combination(
            "pragmatic",
            {
                "ingress": ingress,
                "domain": domain,
                "azs": azs,
                "services": {"monolith": monolith},
            },
        )
        if _possible(combination):
            yield combination


def every_enterprise(egress: str) -> Iterator[Combination]:
    """What watches, where data lies, name, and one zone or three, in all combinations with one egress.

    Capacity, which no other choice knows of, is on Spot for one service in every second of them.
    """
    choices = product(OBSERVABILITY, DATABASES, DOMAINS, (1, 3))
    for number, (observability, database, domain, azs) in enumerate(choices):
        combination = Combination(
            "enterprise",
            {
                "egress": egress,
                "observability": observability,
                "database": database,
                "domain": domain,
                "azs": azs,
                "services": {"gym": {"spot_share": SPOT[number % 2]}},
            },
        )
        if _possible(combination):
            yield combination
