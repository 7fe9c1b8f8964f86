"""Other settings than the files': whole stacks from `up` to `down`, through the endpoints people use.

Each goes on from where the one before was taken down, as somebody would who changes the settings meanwhile.
"""

import json
import urllib.request
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from laptop import Api, Laptop

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

DOMAIN = "domain={name: track.example.org, zone: example.org}"
# What runs by the hour, and so may not be left after `down`.
RUNTIME = ("natGateway:", "lb/loadBalancer:", "ecs/service:", "lightsail/instance:", "ec2/instance:", "ec2/eip:")

CHOSEN = [
    ("pragmatic", "ingress=ipv6", DOMAIN),
    ("enterprise", "egress=ipv6", "observability=task", "azs=3", DOMAIN),
    ("enterprise", "egress=nat-instance", "observability=off", "azs=1", "services.gym.spot_share=0.5"),
]
# With the three above, each two values of enterprise's five settings meet at least once.
PAIRS = [
    ("pragmatic", "ingress=ipv4", DOMAIN, "azs=3"),
    ("pragmatic", "ingress=ipv4", "azs=1", "services.monolith.spot_share=0"),
    ("enterprise", "egress=nat", "observability=lightsail", "azs=1", DOMAIN),
    ("enterprise", "egress=nat", "observability=task", "azs=2", "services.expenses.spot_share=0.9"),
    ("enterprise", "egress=nat", "observability=off", "azs=3", DOMAIN),
    ("enterprise", "egress=nat-per-az", "observability=lightsail", "azs=3", "services.gym.spot_share=1"),
    ("enterprise", "egress=nat-per-az", "observability=task", "azs=1", DOMAIN),
    ("enterprise", "egress=nat-per-az", "observability=off", "azs=2", DOMAIN, "services.heating.spot_share=0.5"),
    ("enterprise", "egress=nat-instance", "observability=lightsail", "azs=2", DOMAIN),
    ("enterprise", "egress=nat-instance", "observability=task", "azs=3"),
    ("enterprise", "egress=ipv6", "observability=lightsail", "azs=1", "services.gym.spot_share=0.5"),
    ("enterprise", "egress=ipv6", "observability=off", "azs=2"),
]


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: " ".join(case).replace(DOMAIN, "domain"))
def test_a_stack_with_other_settings(laptop: Laptop, case: tuple[str, ...]) -> None:
    """Services answer through the site, a second `up` has nothing to do, and `down` ends what is billed by the hour."""
    _live_and_sleep(laptop, *case)


def test_the_pairs_are_all_there() -> None:
    """Whichever two of enterprise's settings somebody chooses: one of the stacks here has both."""
    choices = {
        "egress": ("nat", "nat-per-az", "nat-instance", "ipv6"),
        "observability": ("lightsail", "task", "off"),
        "azs": ("1", "2", "3"),
        "domain": (True, False),
        "spot": (True, False),
    }
    cases = [_choice(*pairs) for stack, *pairs in (*CHOSEN, *PAIRS) if stack == "enterprise"]
    for one, other in combinations(choices, 2):
        missing = {*product(choices[one], choices[other])} - {(case[one], case[other]) for case in cases}
        assert missing == set(), f"{one}, {other}"


def _choice(*pairs: str) -> dict[str, object]:
    given = dict(pair.split("=", 1) for pair in pairs)
    return {**given, "domain": "domain" in given, "spot": any(key.endswith("spot_share") for key in given)}


@pytest.mark.slow
def test_ipv6_waits_until_the_power_is_off(laptop: Laptop) -> None:
    """Between IPv4 and IPv6 the network would have to go from under the services: refused, with the way that works."""
    laptop.run("up", "enterprise", "--set", "egress=nat")
    state = laptop.home / "local" / "stacks" / "enterprise.json"
    before = state.read_bytes()
    laptop.run("up", "enterprise", "--set", "egress=ipv6", "--dry-run", expect=1)
    refused = laptop.run("up", "enterprise", "--set", "egress=ipv6", expect=1)
    assert "enterprise is running, and its network, which a change of assignGeneratedIpv6CidrBlock replaces" in refused
    assert "`trackstack down enterprise` first, then `trackstack up enterprise --set egress=ipv6`" in " ".join(
        refused.split()
    )
    assert state.read_bytes() == before
    laptop.run("down", "enterprise")
    laptop.run("up", "enterprise", "--set", "egress=ipv6")
    laptop.run("down", "enterprise")


@pytest.mark.slow
@pytest.mark.parametrize("case", PAIRS, ids=lambda case: " ".join(case).replace(DOMAIN, "domain"))
def test_every_pair_of_settings(laptop: Laptop, case: tuple[str, ...]) -> None:
    """The same for the rest of the pairs: whatever two settings are chosen, they get along."""
    _live_and_sleep(laptop, *case)


def _live_and_sleep(laptop: Laptop, stack: str, *pairs: str) -> None:
    given = [argument for pair in pairs for argument in ("--set", pair)]
    report = laptop.json("up", stack, *given)
    site = next(edge["url"] for edge in report["edges"] if edge["kind"] == "cloudfront")
    try:
        assert {service["state"] for service in report["services"]} <= {"healthy", "stub"}
        _answers(Api(site, laptop.run("token", stack).strip()))
        assert _status_document(site) == ("on", "nosniff")
        again = laptop.json("up", stack, *given)["changes"]
        assert {action for action, count in again.items() if count} == {"same"}
        shown = laptop.run("status")
        assert f"{stack}: --set {pairs[0]}" in " ".join(shown.split())
        assert ("stub" in shown) == ("observability=task" in pairs)
        assert _runtime(laptop, stack)
    finally:
        laptop.run("down", stack)
    assert _runtime(laptop, stack) == []
    assert _status_document(site) == ("off", "nosniff")


def _answers(api: Api) -> None:
    """All three domains answer to a token, none without it."""
    for path in ("/expenses/expenses?limit=1", "/gym/workouts?limit=1", "/heating/meters?limit=1"):
        assert api.get(path).status == 200, path
        assert replace(api, token="").get(path, Authorization="").status == 401, path


def _status_document(site: str) -> tuple[Any, str | None]:
    """The power that the site tells of, and one of the headers that every page has."""
    with urllib.request.urlopen(site + "/status.json", timeout=10) as answer:
        assert answer.headers["Strict-Transport-Security"]
        return json.loads(answer.read())["power"], answer.headers["X-Content-Type-Options"]


def _runtime(laptop: Laptop, stack: str) -> list[str]:
    """URNs of what is billed by the hour, out of the state file."""
    state = json.loads((laptop.home / "local" / "stacks" / f"{stack}.json").read_text())
    return [resource["urn"] for resource in state["resources"] if any(kind in resource["type"] for kind in RUNTIME)]
