"""What the invented person lifts, three times a week, a little more each time."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial
from typing import TypedDict

from apps.common.database import Transaction
from apps.gym import logbook
from apps.gym.model import ExerciseDraft, Mode, Muscle, SetDraft, SetType, WorkoutDraft, zoned_text
from apps.sample.timeline import Step, days, local

PLATE_G = 2_500
"""The smallest step of a barbell."""

FREE_WEEKS = (29, 30, 31, 52)
"""Holidays, by ISO week."""


@dataclass(frozen=True)
class Lift:
    """One exercise of the plan. `start_g` grows to `end_g` over the whole time."""

    name: str
    mode: Mode
    primary: Muscle
    secondary: tuple[Muscle, ...]
    sets: int
    reps: int
    start_g: int = 0
    end_g: int = 0


class Measured(TypedDict, total=False):
    """What is known of a set before its exercise has an id."""

    type: SetType
    reps: int
    weight_g: int
    duration_s: int
    distance_m: int
    rpe10: int


LIFTS = {
    lift.name: lift
    for lift in (
        Lift("Squat", "weight_reps", "quadriceps", ("glutes", "hamstrings"), 3, 6, 60_000, 102_500),
        Lift("Bench press", "weight_reps", "chest", ("triceps", "shoulders"), 3, 6, 45_000, 70_000),
        Lift("Deadlift", "weight_reps", "hamstrings", ("lower_back", "glutes"), 2, 5, 80_000, 130_000),
        Lift("Overhead press", "weight_reps", "shoulders", ("triceps",), 3, 6, 27_500, 42_500),
        Lift("Barbell row", "weight_reps", "back", ("biceps",), 3, 8, 40_000, 62_500),
        Lift("Pull-up", "bodyweight_reps", "lats", ("biceps",), 3, 6),
        Lift("Plank", "duration", "abs", (), 2, 0),
        Lift("Rowing machine", "distance_duration", "back", ("quadriceps",), 1, 0),
    )
}
PLAN = (
    ("Push", ("Squat", "Bench press", "Plank")),
    ("Pull", ("Deadlift", "Barbell row", "Pull-up")),
    ("Whole body", ("Squat", "Overhead press", "Pull-up", "Rowing machine")),
)
WEEKDAYS = (0, 2, 4)  # Monday, Wednesday, Friday


def steps(first: date, end: date, chance: random.Random) -> Iterator[Step]:
    """Exercises on the first morning, then workouts; now and then one is skipped, corrected or removed afterwards."""
    exercises: dict[str, str] = {}
    yield Step(local(first, time(7, 5)), "gym", partial(_make_exercises, exercises))
    for day in days(first, end):
        free = day.isocalendar().week in FREE_WEEKS or chance.random() < 0.08
        if day.weekday() in WEEKDAYS and not free:
            progress = (day - first) / (end - first)
            yield from _workout(day, progress, exercises, chance)


def _workout(day: date, progress: float, exercises: dict[str, str], chance: random.Random) -> Iterator[Step]:
    name, lifts = PLAN[WEEKDAYS.index(day.weekday())]
    begin = local(day, time(17 + chance.randrange(3), chance.randrange(60)))
    done = begin + timedelta(minutes=chance.randrange(48, 80))
    plan = [(lift, each) for lift in lifts for each in _sets(LIFTS[lift], progress, chance)]
    workout: dict[str, str] = {}

    def start(tx: Transaction) -> None:
        sets = tuple(SetDraft(exercise_id=exercises[lift], **each) for lift, each in plan)
        draft = WorkoutDraft(name=name, started_at=zoned_text(begin), sets=sets)
        workout["id"] = logbook.start_workout(draft, tx.new_id(), tx).id

    def complete(tx: Transaction) -> None:
        logbook.complete_workout(logbook.find_workout(workout["id"], tx), zoned_text(done), tx)

    yield Step(begin, "gym", start)
    yield Step(done, "gym", complete)
    what_then = chance.random()
    if what_then < 0.03:
        yield Step(done + timedelta(minutes=20), "gym", lambda tx: _note(workout["id"], "felt heavy, slept badly", tx))
    elif what_then < 0.04:
        yield Step(done + timedelta(minutes=5), "gym", lambda tx: _remove(workout["id"], tx))


def _sets(lift: Lift, progress: float, chance: random.Random) -> Iterator[Measured]:
    if lift.mode == "duration":
        for _ in range(lift.sets):
            yield {"duration_s": 40 + round(60 * progress) + chance.randrange(10)}
    elif lift.mode == "distance_duration":
        yield {"distance_m": 2_000, "duration_s": 540 - round(60 * progress) + chance.randrange(15)}
    elif lift.mode == "bodyweight_reps":
        for number in range(lift.sets):
            yield {"reps": lift.reps + round(4 * progress) - number}
    else:
        yield from _barbell(lift, progress, chance)


def _barbell(lift: Lift, progress: float, chance: random.Random) -> Iterator[Measured]:
    top = _plates(lift.start_g + (lift.end_g - lift.start_g) * progress)
    yield {"type": "warmup", "reps": lift.reps, "weight_g": _plates(top * 0.5)}
    yield {"type": "warmup", "reps": 3, "weight_g": _plates(top * 0.75)}
    for number in range(lift.sets):
        missed = number == lift.sets - 1 and chance.random() < 0.15
        yield {
            "type": "failure" if missed else "normal",
            "reps": lift.reps - missed,
            "weight_g": top,
            "rpe10": 100 if missed else chance.choice((70, 75, 80, 85, 90)),
        }


def _plates(grams: float) -> int:
    return round(grams / PLATE_G) * PLATE_G


def _make_exercises(exercises: dict[str, str], tx: Transaction) -> None:
    for lift in LIFTS.values():
        draft = ExerciseDraft(
            name=lift.name, mode=lift.mode, primary_muscle=lift.primary, secondary_muscles=lift.secondary
        )
        exercises[lift.name] = logbook.make_exercise(draft, tx.new_id(), tx).id


def _note(workout_id: str, note: str, tx: Transaction) -> None:
    old = logbook.find_workout(workout_id, tx)
    sets = tuple(SetDraft(**each.model_dump()) for each in old.sets)
    draft = WorkoutDraft(name=old.name, started_at=old.started_at, ended_at=old.ended_at, note=note, sets=sets)
    logbook.change_workout(old, draft, tx)


def _remove(workout_id: str, tx: Transaction) -> None:
    logbook.remove_workout(logbook.find_workout(workout_id, tx), tx)
