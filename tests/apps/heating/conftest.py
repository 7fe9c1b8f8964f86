"""Heating alone: its database, and its API over real HTTP."""

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
from apps.heating import service

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHARED = Path(__file__).parents[3].parent / "shared"


class Heating:
    """One household: the API for what callers do, the database for what they cannot see."""

    def __init__(self, database: Database, client: httpx.Client) -> None:
        self.database = database
        self._client = client
        self._ids = count(1)

    def __call__(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Call `/api/v1/heating/<path>`."""
        return self._client.request(method, f"/api/v1/heating/{path}", **arguments)

    def get(self, path: str, **parameters: Any) -> Any:
        """What a GET that must succeed answers; `first` stands for `from`."""
        if "first" in parameters:
            parameters["from"] = parameters.pop("first")
        answer = self("GET", path, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def made(self, path: str, **body: Any) -> Any:
        """POST what must succeed; returns what was made."""
        answer = self("POST", path, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def meter(self, kind: str = "heat_kwh", serial: str = "660", **fields: Any) -> str:
        """A new meter; returns its id."""
        return str(self.made("meters", kind=kind, serial=serial, **fields)["id"])

    def read(self, meter: str, *readings: tuple[str, int]) -> None:
        """Readings of a meter: day or instant, and thousandths of its unit."""
        for at, value in readings:
            instant = at if "T" in at else f"{at}T00:00:00Z"
            self.made("readings", meter_id=meter, read_at=instant, value_milli=value)

    def tariff(self, meter: str, valid_from: str, e5: int, base: int, currency: str = "EUR") -> str:
        """A new tariff; returns its id."""
        made = self.made(
            "tariffs",
            meter_id=meter,
            valid_from=valid_from,
            work_price_e5_minor_per_kwh=e5,
            base_price_minor_per_month=base,
            currency=currency,
        )
        return str(made["id"])

    def months(self, meter: str, **parameters: Any) -> list[dict[str, Any]]:
        """The months of one meter in the monthly report."""
        (found,) = self.get("reports/monthly", meter=meter, **parameters)["meters"]
        return list(found["months"])

    def send(self, *lines: str, **parameters: Any) -> httpx.Response:
        """POST a file of these lines."""
        text = "".join(f"{line}\n" for line in lines)
        return self("POST", "imports", content=text.encode(), headers={"Content-Type": "text/csv"}, params=parameters)

    def take(self, *lines: str, **parameters: Any) -> Any:
        """Import a file of these lines, which must succeed; returns the report."""
        answer = self.send(*lines, **parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refusal(self, *lines: str, **parameters: Any) -> str:
        """Why a file of these lines is refused as a whole."""
        answer = self.send(*lines, **parameters)
        assert answer.status_code == 422, answer.text
        assert self.get("readings")["items"] == []
        return str(answer.json()["detail"])

    def shown(self) -> list[tuple[str, int]]:
        """All readings in the order of time: the instant to the minute, and thousandths."""
        items = self.get("readings", limit=200)["items"]
        return [(each["read_at"][:16], each["value_milli"]) for each in reversed(items)]

    def new_id(self) -> str:
        return f"0196f0c4-0000-7000-8000-{next(self._ids):012x}"

    def write(self, work: Callable[[Transaction], T]) -> T:
        return self.database.write_now("heating", work)

    def rows(self, sql: str, **binds: Any) -> list[tuple[Any, ...]]:
        return self.database.read_now(lambda reader: [tuple(row) for row in reader.all(sql, **binds)])

    def published(self) -> list[tuple[str, dict[str, Any]]]:
        """What was published to the other domains: the last part of the type, and the data."""
        rows = self.rows("SELECT type, body FROM heating_outbox ORDER BY seq")
        return [(kind.removeprefix("dev.trackstack.heating.bill."), json.loads(body)["data"]) for kind, body in rows]


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database file for all tests; each test finds it empty."""
    path = tmp_path_factory.mktemp("heating") / "app.db"
    with Database(path, {"heating": service.migrations}, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def database(file: Database, empty: Callable[[Database, str], None]) -> Database:
    """The database, emptied."""
    empty(file, "heating")
    return file


@pytest.fixture(scope="session")
def client(file: Database, serve: Callable[..., AbstractContextManager[httpx.Client]]) -> Iterator[httpx.Client]:
    """The API over real HTTP."""
    with serve(service, file) as opened:
        yield opened


@pytest.fixture
def heating(database: Database, client: httpx.Client) -> Heating:
    """A new household."""
    return Heating(database, client)


@pytest.fixture(scope="session")
def meter_csv() -> bytes:
    """Three years of real hourly readings, where the checkout has the shared data beside it."""
    path = SHARED / "data" / "heat-meter.csv"
    if not path.exists():
        pytest.skip("the shared data is not beside this checkout")
    return path.read_bytes()


@pytest.fixture(scope="session")
def cases() -> Path:
    """Small files that went wrong once, where the checkout has the shared cases beside it."""
    folder = SHARED / "cases"
    if not folder.exists():
        pytest.skip("the shared cases are not beside this checkout")
    return folder
