"""Gym as a process of its own."""

from collections.abc import Callable
from typing import Any

import httpx


def test_gym_runs_alone(start_app: Callable[..., Any]) -> None:
    """`python -m apps.gym` serves the gym alone."""
    running = start_app("gym")
    base = f"{running.url}/api/v1/gym"
    made = httpx.post(f"{base}/exercises", json={"name": "Bench press", "mode": "weight_reps"})
    assert made.status_code == 201
    assert httpx.get(f"{base}/exercises").json()["items"] == [made.json()]
    assert httpx.get(f"{running.url}/api/v1/heating/meters").status_code == 404
