"""Sample data: a year of an invented person, the same each time, and as sound as real data."""

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random

import pytest

from apps.sample import build_sample
from apps.sample.timeline import SampleIds, first_day, local

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.db"
    build_sample(path, seed=2026, today=TODAY)
    return path


@pytest.fixture
def sample(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def one(connection: sqlite3.Connection, sql: str) -> object:
    return connection.execute(sql).fetchone()[0]


def test_the_same_seed_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    """Two databases of the same seed and day are equal byte by byte; another seed gives another person."""
    build_sample(tmp_path / "again.db", seed=2026, today=TODAY)
    build_sample(tmp_path / "other.db", seed=2027, today=TODAY)
    assert (tmp_path / "again.db").read_bytes() == path.read_bytes()
    assert (tmp_path / "other.db").read_bytes() != path.read_bytes()


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 1, 1), date(2027, 3, 31)])
def test_any_day_can_be_today(today: date, tmp_path: Path) -> None:
    """Leap days, the first of January, the end of a month: sample data can be made on any of them."""
    build_sample(tmp_path / "sample.db", seed=1, today=today)
    with closing(sqlite3.connect(tmp_path / "sample.db")) as connection:
        assert one(connection, "SELECT max(occurred_on) FROM expenses_expense") < today.isoformat()  # type: ignore[operator]
        assert one(connection, "SELECT count(*) FROM gym_workout") > 100  # type: ignore[operator]


def test_it_never_writes_over_a_database(path: Path) -> None:
    """A file that exists is left as it is: sample data never replaces anything."""
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        build_sample(path, seed=1, today=TODAY)
    assert path.read_bytes() == before


def test_it_is_whole(sample: sqlite3.Connection) -> None:
    """Every row has its parent, and every table and index agrees."""
    assert sample.execute("PRAGMA foreign_key_check").fetchall() == []
    assert sample.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_it_covers_a_year_up_to_yesterday(sample: sqlite3.Connection) -> None:
    """From the same month a year before to the day before today, with something in each month and domain."""
    months = ["2025-11", "2025-12", *(f"2026-{month:02d}" for month in range(1, 12))]
    for sql in (
        "SELECT DISTINCT substr(occurred_on, 1, 7) FROM expenses_expense WHERE source = 'manual'",
        "SELECT DISTINCT substr(started_at, 1, 7) FROM gym_workout",
        "SELECT DISTINCT substr(read_at, 1, 7) FROM heating_reading WHERE read_at >= '2025-11-01T12'",
    ):
        assert sorted(row[0] for row in sample.execute(sql)) == months
    assert one(sample, "SELECT max(occurred_on) FROM expenses_expense") <= "2026-11-23"  # type: ignore[operator]


def test_it_is_plausible(sample: sqlite3.Connection) -> None:
    """One person's size: a few hundred expenses, workouts a few times a week, more earned than spent."""
    assert 300 < one(sample, "SELECT count(*) FROM expenses_expense") < 600  # type: ignore[operator]
    assert 100 < one(sample, "SELECT count(*) FROM gym_workout") < 160  # type: ignore[operator]
    earned = (
        "SELECT sum(amount_minor) FROM expenses_expense e JOIN expenses_category c ON c.id = category_id WHERE kind = "
    )
    assert one(sample, earned + "'income'") > one(sample, earned + "'spend'")  # type: ignore[operator]
    used_m3 = one(sample, "SELECT (max(value_milli) - min(value_milli)) / 1000 FROM heating_reading")
    assert 800 < used_m3 < 1300  # type: ignore[operator]
    assert one(sample, "SELECT count(*) FROM expenses_expense WHERE amount_minor < 0") > 0  # type: ignore[operator]


def test_events_reached_the_other_domains(sample: sqlite3.Connection) -> None:
    """What domains tell each other has arrived: the membership at gym, advances at heating, the bill at expenses."""
    assert one(sample, "SELECT count(*) FROM gym_expense WHERE counted = 1") == 13
    assert one(sample, "SELECT count(*) FROM heating_expense WHERE counted = 1") == 13
    (bill,) = sample.execute("SELECT id, amount_minor, version FROM heating_bill").fetchall()
    booked = sample.execute("SELECT source_ref, amount_minor FROM expenses_expense WHERE source = 'heating'").fetchall()
    assert bill[1:] == (8740, 2)
    assert booked == [(bill[0], 8740)]
    workouts = one(sample, "SELECT count(*) FROM gym_workout WHERE completed = 1")
    assert one(sample, "SELECT count(*) FROM expenses_gym_visit WHERE removed = 0") == workouts


def test_the_outboxes_are_those_of_a_running_app(sample: sqlite3.Connection) -> None:
    """Every event is sent, and events sent more than a week ago are gone, as in an app that tidies up."""
    for domain in ("expenses", "gym", "heating"):
        assert one(sample, f"SELECT count(*) FROM {domain}_outbox WHERE sent_at IS NULL") == 0
        assert one(sample, f"SELECT count(*) FROM {domain}_outbox WHERE sent_at < '2026-11-17'") == 0
    assert one(sample, "SELECT count(*) FROM gym_outbox") > 0  # type: ignore[operator]


def test_ids_are_those_of_the_time() -> None:
    """Sample ids are UUIDs of version 7: later ones sort later, and each tells its millisecond."""
    ids = SampleIds(Random(1))
    ids.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    made = [ids() for _ in range(1000)]
    ids.now += timedelta(seconds=1)
    made.append(ids())
    assert made == sorted(set(made))
    assert {(uuid.UUID(each).version, uuid.UUID(each).variant) for each in made} == {(7, uuid.RFC_4122)}
    assert [int(each.replace("-", "")[:12], 16) for each in (made[0], made[-1])] == [1795521600000, 1795521601000]


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 28), 1),
        (date(2026, 3, 29), 2),
        (date(2026, 10, 24), 2),
        (date(2026, 10, 25), 1),
        (date(2027, 3, 28), 2),
        (date(2027, 10, 31), 1),
    ],
)
def test_summer_time_begins_and_ends_on_the_last_sundays(day: date, hours: int) -> None:
    """Local times carry the offset of the season, from the last Sunday of March to that of October."""
    assert local(day, time(12)) == datetime(day.year, day.month, day.day, 12, tzinfo=timezone(timedelta(hours=hours)))
    assert local(day, time(12)).utcoffset() == timedelta(hours=hours)


def test_the_first_day_is_that_of_this_month_last_year() -> None:
    """There is a whole year to look back on, whatever the day."""
    assert first_day(date(2026, 11, 24)) == date(2025, 11, 1)
    assert first_day(date(2028, 2, 29)) == date(2027, 2, 1)
