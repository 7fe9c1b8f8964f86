"""`trackstack graph` as its users call it."""

import json
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("stack", ["foundation", "pragmatic", "enterprise"])
def test_the_pictures_in_the_documentation_are_those_of_the_programs(trackstack, stack: str) -> None:
    """docs/pictures shows the architecture as it is now; `make pictures` draws it again."""
    shown = trackstack("graph", stack, "--format", "svg")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == (CHECKOUT / "docs" / "pictures" / f"{stack}.svg").read_text(), "run `make pictures`"


def test_without_a_format_it_is_a_tree_for_a_terminal(trackstack) -> None:
    """80 columns are enough, and services stand below what calls them."""
    shown = trackstack("graph", "enterprise").stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert shown.index("balancer*") < shown.index("gym*") < shown.index("* only while the power is on")


def test_a_domain_alone(trackstack) -> None:
    """Gym's service, queue and topic, and the way that leads to it; no other domain."""
    shown = trackstack("graph", "enterprise", "--domain", "gym").stdout
    assert "gym*" in shown
    assert "events" in shown
    assert "heating" not in shown


def test_a_domain_that_does_not_exist_is_refused(trackstack) -> None:
    """The message names those that do."""
    shown = trackstack("graph", "enterprise", "--domain", "diet")
    assert shown.returncode == 2
    assert "the domains are expenses, gym, heating, shared" in shown.stderr


def test_other_settings_give_another_picture(trackstack) -> None:
    """With the power off there is no balancer to draw."""
    shown = trackstack("graph", "enterprise", "--set", "power=off", "--json")
    document = json.loads(shown.stdout)
    assert "balancer" not in {box["title"] for box in document["boxes"]}
    assert not any(resource["type"] == "aws:lb/loadBalancer:LoadBalancer" for resource in document["resources"])
