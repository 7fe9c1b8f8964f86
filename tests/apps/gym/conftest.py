"""Gym alone: its database, and its API over real HTTP."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from apps.common.database import Database, Transaction
from apps.gym import service

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DATA = Path(__file__).parents[3].parent / "shared" / "data"


class Gym:
    """One person's gym: the API for what callers do, the database for what they cannot see."""

    def __init__(self, database: Database, client: httpx.Client) -> None:
        self.database = database
        self._client = client
        self._ids = count(1)

    def __call__(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Call `/api/v1/gym/<path>`."""
        return self._client.request(method, f"/api/v1/gym/{path}", **arguments)

    def get(self, path: str, **parameters: Any) -> Any:
        """What a GET that must succeed answers."""
        answer = self("GET", path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def new_id(self) -> str:
        return f"0196f0c4-0000-7000-8000-{next(self._ids):012x}"

    def exercise(self, name: str = "Bench press", mode: str = "weight_reps") -> str:
        """A new exercise; returns its id."""
        answer = self("POST", "exercises", json={"name": name, "mode": mode})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def workout(
        self, sets: list[dict[str, Any]], started_at: str = "2026-10-05T17:30:00Z", *, completed: bool = True
    ) -> str:
        """A new workout, one hour long when it is completed; returns its id."""
        answer = self("POST", "workouts", json={"started_at": started_at, "sets": sets})
        assert answer.status_code == 201, answer.text
        workout_id = str(answer.json()["id"])
        if completed:
            end = started_at.replace("T17:", "T18:")
            self.complete(workout_id, ended_at=end)
        return workout_id

    def complete(self, workout_id: str, **body: Any) -> None:
        answer = self("POST", f"workouts/{workout_id}/complete", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text

    def send(self, file: str | bytes, **parameters: str) -> httpx.Response:
        """The answer to an import."""
        return self("POST", "imports", content=file, headers={"Content-Type": "text/csv"}, params=parameters)

    def take(self, file: str | bytes, **parameters: str) -> Any:
        """The report of an import that is not refused whole."""
        answer = self.send(file, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sets(self) -> list[tuple[Any, ...]]:
        """Exercise, weight, repetitions, seconds, metres and help of each set."""
        return self.rows(
            "SELECT e.name, s.weight_g, s.reps, s.duration_s, s.distance_m, s.assist_g FROM gym_set s"
            " JOIN gym_exercise e ON e.id = s.exercise_id JOIN gym_workout w ON w.id = s.workout_id"
            " ORDER BY w.started_utc, s.pos"
        )

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self.database.write_now("gym", work)

    def rows(self, sql: str, **binds: Any) -> list[tuple[Any, ...]]:
        return self.database.read_now(lambda reader: [tuple(row) for row in reader.all(sql, **binds)])

    def published(self) -> list[tuple[str, dict[str, Any]]]:
        """What was published to the other domains: the last part of the type, and the data."""
        rows = self.rows("SELECT type, body FROM gym_outbox ORDER BY seq")
        return [(kind.removeprefix("dev.trackstack.gym.workout."), json.loads(body)["data"]) for kind, body in rows]


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database file for all tests; each test finds it empty."""
    path = tmp_path_factory.mktemp("gym") / "app.db"
    with Database(path, {"gym": service.migrations}, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def database(file: Database, empty: Callable[[Database, str], None]) -> Database:
    """The database, emptied."""
    empty(file, "gym")
    return file


@pytest.fixture(scope="session")
def client(file: Database, serve: Callable[..., AbstractContextManager[httpx.Client]]) -> Iterator[httpx.Client]:
    """The API over real HTTP."""
    with serve(service, file) as opened:
        yield opened


@pytest.fixture
def gym(database: Database, client: httpx.Client) -> Gym:
    """A new gym."""
    return Gym(database, client)


@pytest.fixture(scope="session")
def strong_csv() -> bytes:
    """A real log of 2,078 sets, where the checkout has the shared data beside it."""
    path = DATA / "gym-strong.csv"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    return path.read_bytes()
