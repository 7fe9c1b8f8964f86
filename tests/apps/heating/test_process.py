"""Heating as a process of its own."""

from collections.abc import Callable
from typing import Any

import httpx


def test_heating_runs_alone(start_app: Callable[..., Any]) -> None:
    """`python -m apps.heating` serves heating alone."""
    running = start_app("heating")
    base = f"{running.url}/api/v1/heating"
    made = httpx.post(f"{base}/meters", json={"kind": "heat_kwh", "serial": "660"})
    assert made.status_code == 201
    assert httpx.get(f"{base}/meters").json()["items"] == [made.json()]
    assert httpx.get(f"{running.url}/api/v1/gym/workouts").status_code == 404
