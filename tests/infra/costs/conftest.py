"""Prices that never change and the shipped assumptions: what tests of costs work with."""

from pathlib import Path

import pytest

from trackstack_infra.costs.snapshot import Snapshot, read_snapshot
from trackstack_infra.costs.usage import Usage, read_usage

FIXTURE_PRICES = Path(__file__).parent / "fixture_prices.yaml"


@pytest.fixture(scope="session")
def prices() -> Snapshot:
    """Invented, round prices, so that a test is right whatever the shipped snapshot says."""
    return read_snapshot(FIXTURE_PRICES)


@pytest.fixture(scope="session")
def usage() -> Usage:
    """The assumptions the package ships, at the expected level."""
    return read_usage()
