"""The SQL of exercises, workouts and sets. No rules here: they are in the logbook."""

import json
import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from apps.common.clock import instant_of, instant_text
from apps.common.database import Transaction
from apps.common.fields import name_key
from apps.common.payments import Payments
from apps.common.transaction import Readable
from apps.gym.model import Exercise, Mode, Workout, WorkoutHead, WorkoutSet

COSTS: Final = Payments("gym")
"""What was paid for the gym, as expenses publishes it."""

_EXERCISE: Final = "id, name, mode, primary_muscle, secondary_muscles, version"
_HEAD: Final = "id, name, started_at, ended_at, note, completed, set_count, volume_g, version"
_SET: Final = "pos, exercise_id, type, reps, weight_g, duration_s, distance_m, assist_g, rpe10, note"


# Exercises


def exercise(exercise_id: str, tx: Readable) -> Exercise | None:
    row = tx.one(
        f"SELECT {_EXERCISE} FROM gym_exercise WHERE id = :id",  # noqa: S608 -- constant
        id=exercise_id,
    )
    return None if row is None else _exercise(row)


def exercise_named(name: str, tx: Readable) -> Exercise | None:
    row = tx.one(
        f"SELECT {_EXERCISE} FROM gym_exercise WHERE name_key = :key",  # noqa: S608 -- constant
        key=name_key(name),
    )
    return None if row is None else _exercise(row)


def put_exercise(new: Exercise, tx: Transaction) -> None:
    tx.execute(
        "INSERT INTO gym_exercise (id, name, name_key, mode, primary_muscle, secondary_muscles, version)"
        " VALUES (:id, :name, :name_key, :mode, :primary_muscle, :secondary_muscles, :version)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, mode = excluded.mode,"
        " primary_muscle = excluded.primary_muscle, secondary_muscles = excluded.secondary_muscles,"
        " version = excluded.version",
        id=new.id,
        name=new.name,
        name_key=name_key(new.name),
        mode=new.mode,
        primary_muscle=new.primary_muscle,
        secondary_muscles=json.dumps(new.secondary_muscles),
        version=new.version,
    )


def delete_exercise(exercise_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM gym_exercise WHERE id = :id", id=exercise_id)


def is_used(exercise_id: str, tx: Readable) -> bool:
    return tx.one("SELECT 1 FROM gym_set WHERE exercise_id = :id LIMIT 1", id=exercise_id) is not None


def modes(exercise_ids: Iterable[str], tx: Readable) -> dict[str, Mode]:
    """The mode of each of these exercises that there is."""
    binds = {f"v{place}": exercise_id for place, exercise_id in enumerate(exercise_ids)}
    if not binds:
        return {}
    names = ", ".join(f":{name}" for name in binds)
    rows = tx.all(f"SELECT id, mode FROM gym_exercise WHERE id IN ({names})", **binds)  # noqa: S608 -- names of binds
    return {row[0]: row[1] for row in rows}


# Workouts


def workout(workout_id: str, tx: Readable) -> Workout | None:
    row = tx.one(f"SELECT {_HEAD} FROM gym_workout WHERE id = :id", id=workout_id)  # noqa: S608 -- constant
    if row is None:
        return None
    sets = tx.all(f"SELECT {_SET} FROM gym_set WHERE workout_id = :id ORDER BY pos", id=workout_id)  # noqa: S608 -- constant
    return Workout(**dict(row), sets=tuple(WorkoutSet(**dict(each)) for each in sets))


def put_workout(new: Workout, tx: Transaction) -> None:
    """Write a workout and its sets; sets it had before go."""
    head = new.model_dump(exclude={"sets"})
    tx.execute(
        f"INSERT INTO gym_workout ({_HEAD}, started_utc)"  # noqa: S608 -- constant
        " VALUES (:id, :name, :started_at, :ended_at, :note, :completed, :set_count, :volume_g, :version, :started_utc)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, started_at = excluded.started_at,"
        " ended_at = excluded.ended_at, note = excluded.note, completed = excluded.completed,"
        " set_count = excluded.set_count, volume_g = excluded.volume_g, version = excluded.version,"
        " started_utc = excluded.started_utc",
        **head | {"completed": int(new.completed)},
        started_utc=instant_text(instant_of(new.started_at)),
    )
    if new.version > 1:
        tx.execute("DELETE FROM gym_set WHERE workout_id = :id", id=new.id)
    tx.execute_many(
        f"INSERT INTO gym_set (workout_id, {_SET}) VALUES (:workout, :pos, :exercise_id, :type, :reps, :weight_g,"  # noqa: S608 -- constant
        " :duration_s, :distance_m, :assist_g, :rpe10, :note)",
        ({"workout": new.id, **each.__dict__} for each in new.sets),
    )


def delete_workout(gone: WorkoutHead, removed_at: str, tx: Transaction) -> None:
    """Delete a workout and keep its last version, so that one made again under its id counts on."""
    tx.execute("DELETE FROM gym_set WHERE workout_id = :id", id=gone.id)
    tx.execute("DELETE FROM gym_workout WHERE id = :id", id=gone.id)
    tx.execute(
        "INSERT INTO gym_removed (workout_id, version, removed_at) VALUES (:id, :version, :at)"
        " ON CONFLICT (workout_id) DO UPDATE SET version = excluded.version, removed_at = excluded.removed_at",
        id=gone.id,
        version=gone.version,
        at=removed_at,
    )


def last_version_of_removed(workout_id: str, tx: Readable) -> int:
    """The version a workout of this id had when it was removed; 0 when there never was one."""
    row = tx.one("SELECT version FROM gym_removed WHERE workout_id = :id", id=workout_id)
    return 0 if row is None else int(row[0])


# Imported files


def imported_workout(import_ref: str, tx: Readable) -> str | None:
    """The id that the workout of a file got, also when it is gone by now."""
    row = tx.one("SELECT workout_id FROM gym_import_workout WHERE import_ref = :ref", ref=import_ref)
    return None if row is None else str(row[0])


def remember_workout(import_ref: str, workout_id: str, tx: Transaction) -> None:
    tx.execute(
        "INSERT INTO gym_import_workout (import_ref, workout_id) VALUES (:ref, :workout)",
        ref=import_ref,
        workout=workout_id,
    )


def imported_places(workout_id: str, tx: Readable) -> dict[str, str]:
    """The places of a workout that rows of a file were taken for, with their keys."""
    rows = tx.all("SELECT place, import_key FROM gym_import_row WHERE record_id = :workout", workout=workout_id)
    return {row[0]: row[1] for row in rows}


def remember_sets(run_id: str, workout_id: str, rows: Iterable[tuple[str, str]], tx: Transaction) -> None:
    """Keep that an import took rows for a workout: pairs of key and place."""
    tx.execute_many(
        "INSERT INTO gym_import_row (record_id, place, import_key, import_id) VALUES (:workout, :place, :key, :run)",
        ({"key": key, "run": run_id, "workout": workout_id, "place": place} for key, place in rows),
    )


def has_old_imports(tx: Readable) -> bool:
    """Whether rows were imported before imports had ids."""
    return tx.one("SELECT 1 FROM gym_import_row WHERE import_id IS NULL LIMIT 1") is not None


class Change(NamedTuple):
    """What an import did to a workout: made it, or added sets from a position on; and the version after that."""

    import_id: str
    workout_id: str
    made: bool
    first_pos: int
    sets: int
    version: int


def remember_change(run_id: str, written: WorkoutHead, sets: int, *, made: bool, tx: Transaction) -> None:
    """Keep what an import did to a workout; later rows of the same import add to it."""
    before = None if made else changes_of(run_id, written.id, tx)[0]
    first = before.first_pos if before else written.set_count - sets + 1
    whole = sets + (before.sets if before else 0)
    put_change(Change(run_id, written.id, made or bool(before and before.made), first, whole, written.version), tx)


def put_change(change: Change, tx: Transaction) -> None:
    tx.execute(
        "INSERT INTO gym_import_change (import_id, workout_id, made, first_pos, sets, version)"
        " VALUES (:import_id, :workout_id, :made, :first_pos, :sets, :version)"
        " ON CONFLICT (workout_id, import_id) DO UPDATE SET made = excluded.made, first_pos = excluded.first_pos,"
        " sets = excluded.sets, version = excluded.version",
        **change._asdict() | {"made": int(change.made)},
    )


def changes_of(run_id: str, workout_id: str, tx: Readable) -> tuple[Change | None, list[Change]]:
    """What this import did to a workout, and what others did."""
    rows = tx.all(
        "SELECT import_id, workout_id, made, first_pos, sets, version FROM gym_import_change WHERE workout_id = :id",
        id=workout_id,
    )
    found = [Change(*row) for row in rows]
    mine = next((each for each in found if each.import_id == run_id), None)
    return mine, [each for each in found if each.import_id != run_id]


def version_of_last_change(workout_id: str, tx: Readable) -> int:
    """The version that the last import gave a workout; 0 when none did."""
    row = tx.one("SELECT coalesce(max(version), 0) FROM gym_import_change WHERE workout_id = :id", id=workout_id)
    return int(row[0]) if row else 0


def forget_change(change: Change, tx: Transaction) -> None:
    tx.execute(
        "DELETE FROM gym_import_change WHERE import_id = :run AND workout_id = :workout",
        run=change.import_id,
        workout=change.workout_id,
    )


def forget_workout(workout_id: str, tx: Transaction) -> None:
    """Free all that imports have kept of a workout."""
    for table, column in (
        ("gym_import_row", "record_id"),
        ("gym_import_workout", "workout_id"),
        ("gym_import_change", "workout_id"),
    ):
        tx.execute(f"DELETE FROM {table} WHERE {column} = :id", id=workout_id)  # noqa: S608 -- constants


def _exercise(row: sqlite3.Row) -> Exercise:
    return Exercise(**dict(row) | {"secondary_muscles": tuple(json.loads(row["secondary_muscles"]))})
