"""Records: the best of each exercise, and when it was done for the first time."""

import sqlite3
from collections.abc import Mapping
from itertools import groupby
from typing import Annotated

from pydantic import Field

from apps.common.database import Reader
from apps.common.fields import Kept
from apps.gym.model import Mode
from apps.gym.reports import COUNTED, JOINED, MODES_LIFTING, TONNAGE
from apps.gym.strength import CONFIDENT_REPS, Feat, e1rm_g, records_of

# How long an instant is as text: `started_utc || id` is taken apart there.
_START_LENGTH = len("2026-11-24T13:05:00.000000Z")


class RecordSet(Kept):
    """The set that is a record, and when it was done for the first time."""

    weight_g: int
    reps: int
    e1rm_g: Annotated[int | None, Field(description="Epley's estimate; null above 10 repetitions or without weight")]
    workout_id: str
    on: str


class BestWorkout(Kept):
    """A record over one workout or one set that is no lift: the amount, and when."""

    amount: int
    workout_id: str
    on: str


class ExerciseRecords(Kept):
    """The records of one exercise. What its mode does not have is null or empty."""

    exercise_id: str
    name: str
    mode: Mode
    sets: int
    tonnage_g: int
    heaviest: RecordSet | None
    best_e1rm: RecordSet | None
    most_reps: list[RecordSet] = Field(description="The most repetitions at each weight, the heaviest weight first")
    best_tonnage_g: BestWorkout | None = Field(description="Most grams moved in one workout")
    longest_s: BestWorkout | None
    farthest_m: BestWorkout | None


class RecordsReport(Kept):
    """Records by exercise, in the order of their names. Warm-ups set none."""

    items: list[ExerciseRecords]


def records(exercise_id: str | None, reader: Reader) -> RecordsReport:
    """The records report, of one exercise or of all."""
    chosen = " AND s.exercise_id = :exercise" if exercise_id else ""
    # Each pair of weight and repetitions once, with the first workout it was done in: a few dozen rows an exercise.
    feats = reader.all(
        "SELECT s.exercise_id, s.weight_g, s.reps, min(w.started_utc || w.id) AS first"  # noqa: S608 -- made of constants
        f" FROM {JOINED} WHERE {COUNTED} AND s.reps IS NOT NULL AND s.assist_g IS NULL"
        f" AND e.mode IN ({MODES_LIFTING}){chosen}"
        " GROUP BY s.exercise_id, s.weight_g, s.reps",
        exercise=exercise_id,
    )
    by_workout = reader.all(
        "SELECT e.id, e.name, e.mode, w.id AS workout_id, substr(w.started_at, 1, 10) AS day, count(*) AS sets,"  # noqa: S608 -- made of constants
        f" {TONNAGE} AS tonnage_g, max(s.duration_s) AS longest_s, max(s.distance_m) AS farthest_m"
        f" FROM {JOINED} WHERE {COUNTED}{chosen}"
        " GROUP BY e.id, e.name, e.mode, e.name_key, w.id, w.started_at, w.started_utc"
        " ORDER BY e.name_key, e.id, w.started_utc, w.id",
        exercise=exercise_id,
    )
    days = {row["workout_id"]: row["day"] for row in by_workout}
    by_exercise: dict[str, list[Feat]] = {}
    for row in feats:
        first = row["first"]
        feat = Feat(row["weight_g"] or 0, row["reps"], first[:_START_LENGTH], first[_START_LENGTH:])
        by_exercise.setdefault(row["exercise_id"], []).append(feat)
    return RecordsReport(
        items=[
            _exercise_records(list(rows), by_exercise.get(exercise, []), days)
            for exercise, rows in groupby(by_workout, key=lambda row: str(row["id"]))
        ]
    )


def _exercise_records(rows: list[sqlite3.Row], feats: list[Feat], days: Mapping[str, str]) -> ExerciseRecords:
    found = records_of(feats)
    return ExerciseRecords(
        exercise_id=rows[0]["id"],
        name=rows[0]["name"],
        mode=rows[0]["mode"],
        sets=sum(row["sets"] for row in rows),
        tonnage_g=sum(row["tonnage_g"] for row in rows),
        heaviest=_record_set(found.heaviest, days) if found.heaviest else None,
        best_e1rm=_record_set(found.best_e1rm, days) if found.best_e1rm else None,
        most_reps=[_record_set(feat, days) for feat in found.most_reps],
        best_tonnage_g=_best(rows, "tonnage_g"),
        longest_s=_best(rows, "longest_s"),
        farthest_m=_best(rows, "farthest_m"),
    )


def _record_set(feat: Feat, days: Mapping[str, str]) -> RecordSet:
    estimated = feat.reps <= CONFIDENT_REPS and feat.weight_g > 0
    return RecordSet(
        weight_g=feat.weight_g,
        reps=feat.reps,
        e1rm_g=e1rm_g(feat.weight_g, feat.reps) if estimated else None,
        workout_id=feat.workout_id,
        on=days[feat.workout_id],
    )


def _best(rows: list[sqlite3.Row], column: str) -> BestWorkout | None:
    """The row with the largest amount, the earliest of equal ones; None when there is no amount at all."""
    best = max(rows, key=lambda row: row[column] or 0)
    if not best[column]:
        return None
    return BestWorkout(amount=best[column], workout_id=best["workout_id"], on=best["day"])
