"""Small programs made of a few components, and what they come to."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from trackstack_infra.components.network import Internet, Network


@pytest.fixture(scope="session")
def private_network() -> Any:
    """Makes enterprise's network inside a program, with one way out or another."""

    def make(internet: Internet, azs: int = 2) -> Network:
        cidr = IPv4Network("10.30.0.0/16")
        return Network("network", region="us-east-1", cidr=cidr, azs=azs, tasks_in="private", internet=internet)

    return make


@pytest.fixture(scope="session")
def public_network() -> Any:
    """Makes pragmatic's network inside a program."""

    def make(internet: Internet) -> Network:
        cidr = IPv4Network("10.20.0.0/16")
        return Network("network", region="us-east-1", cidr=cidr, azs=2, tasks_in="public", internet=internet)

    return make
