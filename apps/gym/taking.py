"""Taking: rows of a log become completed workouts, each once, however often the file comes.

First every row of a part is judged, then what was taken is written: a workout is written and published once for all of
its rows. Rows that stand elsewhere in the file, or come with a longer export, amend it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from apps.common.fields import name_key
from apps.common.imports.intake import KNOWN, TAKEN, Outcome, Row, Run, reason_of
from apps.common.problem import Conflict, Problem
from apps.common.transaction import Readable, Transaction
from apps.gym import logbook, store
from apps.gym.logged_set import LoggedSet
from apps.gym.logs.modes import Modes
from apps.gym.model import (
    DEMANDED,
    MEASURES,
    OPTIONAL,
    SETS_MAX,
    Exercise,
    SetDraft,
    Workout,
    WorkoutDraft,
    zoned_text,
)


class Taking:
    """The sets of one import."""

    def __init__(self, modes: Modes) -> None:
        self._modes = modes
        self.zone: tzinfo = UTC
        self._without_end = 0

    def has_old_imports(self, reader: Readable) -> bool:
        """Whether rows were imported before imports had ids."""
        return store.has_old_imports(reader)

    def take(self, rows: Sequence[Row[LoggedSet]], tx: Transaction, run: Run) -> list[Outcome]:
        """Take the rows of a part; one outcome a row."""
        part = _Part(tx, run, self._modes)
        outcomes = [part.judge(row) for row in rows]
        self._without_end += part.write(self.zone)
        return outcomes

    def notes(self) -> list[str]:
        """What else the report should say."""
        if not self._without_end:
            return []
        if self._without_end == 1:
            return ["1 workout has no duration in the file: its end is kept as its start."]
        return [f"{self._without_end} workouts have no duration in the file: their end is kept as their start."]


@dataclass
class _Visit:
    """One workout of the part: what is kept of it, and what comes in now."""

    first: LoggedSet
    workout_id: str
    is_new: bool
    present: Workout | None
    places: dict[str, str]
    sets: list[SetDraft] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)


class _Part:
    """The rows of one transaction."""

    def __init__(self, tx: Transaction, run: Run, modes: Modes) -> None:
        self._tx, self._run, self._modes = tx, run, modes
        self._visits: dict[str, _Visit] = {}
        self._exercises: dict[str, Exercise] = {}
        self._new_exercises: dict[str, Exercise] = {}

    def judge(self, row: Row[LoggedSet]) -> Outcome:
        """Say what becomes of a row, and keep it for `write` when it is taken."""
        meaning = row.meaning
        try:
            visit = self._visit(meaning)
            kept = visit.places.get(meaning.place)
            if kept is not None and kept in (row.key, meaning.old_key):
                return KNOWN
            self._take(meaning, row.key, visit)
        except (Problem, ValueError) as error:
            return Outcome("refused", reason_of(error))
        return TAKEN

    def write(self, zone: tzinfo) -> int:
        """Write the exercises and workouts that rows were taken for; how many workouts have no duration."""
        used = {each.exercise_id for visit in self._visits.values() for each in visit.sets}
        for exercise in self._new_exercises.values():
            if exercise.id in used:
                store.put_exercise(exercise, self._tx)
        without_end = 0
        for ref, visit in self._visits.items():
            if not visit.sets:
                continue
            if visit.is_new:
                store.remember_workout(ref, visit.workout_id, self._tx)
            store.remember_sets(self._run.id, visit.workout_id, visit.taken, self._tx)
            if visit.present:
                written = logbook.add_sets(visit.present, visit.sets, self._tx)
            else:
                written = logbook.log_workout(_draft(visit, zone), visit.workout_id, self._tx)
                without_end += visit.first.duration_s == 0
            store.remember_change(self._run.id, written, len(visit.sets), made=visit.present is None, tx=self._tx)
        return without_end

    def _take(self, row: LoggedSet, key: str, visit: _Visit) -> None:
        if not visit.is_new and visit.present is None:
            raise Conflict(f"its workout was imported before and has since been removed ({visit.workout_id})")
        if row.place in visit.places:
            raise Conflict(
                f"this set of {row.exercise} was imported before with other values;"
                f" change workout {visit.workout_id} instead, or undo that import"
            )
        kept = visit.present.set_count if visit.present else 0
        if kept + len(visit.sets) >= SETS_MAX:
            raise Conflict(f"its workout has {SETS_MAX} sets already, the most a workout can have")
        exercise = self._exercise(row)
        visit.sets.append(set_of(row, exercise))
        visit.places[row.place] = key
        visit.taken.append((key, row.place))

    def _visit(self, row: LoggedSet) -> _Visit:
        found = self._visits.get(row.ref)
        if found is not None:
            return found
        known = store.imported_workout(row.ref, self._tx)
        if known is None and row.old_ref is not None:
            known = store.imported_workout(row.old_ref, self._tx)
        present = store.workout(known, self._tx) if known else None
        if known and present is None and self._run.again:
            store.forget_workout(known, self._tx)
            known = None
        visit = _Visit(
            first=row,
            workout_id=known or self._tx.new_id(),
            is_new=known is None,
            present=present,
            places=store.imported_places(known, self._tx) if known else {},
        )
        self._visits[row.ref] = visit
        return visit

    def _exercise(self, row: LoggedSet) -> Exercise:
        found = self._exercises.get(row.exercise)
        if found is None:
            key = name_key(row.exercise)
            found = self._new_exercises.get(key) or store.exercise_named(row.exercise, self._tx)
            if found is None:
                found = Exercise(
                    id=self._tx.new_id(),
                    name=row.exercise,
                    mode=self._modes.of(row.exercise),
                    primary_muscle=None,
                    secondary_muscles=(),
                    version=1,
                )
                self._new_exercises[key] = found
            self._exercises[row.exercise] = found
        return found


def set_of(row: LoggedSet, exercise: Exercise) -> SetDraft:
    """The row as a set of its exercise; raises ValueError when it says too much or too little for the mode."""
    mode = exercise.mode
    weight_g, assist_g = row.weight_g, 0
    if weight_g < 0:
        if mode == "bodyweight_reps":
            weight_g, assist_g = 0, -weight_g
        elif mode == "assisted":
            weight_g = -weight_g
        else:
            raise ValueError(f"Weight is negative, but {row.exercise} is an exercise of mode {mode}, without help")
    said = {
        "reps": row.reps,
        "weight_g": weight_g,
        "duration_s": row.seconds,
        "distance_m": row.distance_m,
        "assist_g": assist_g,
    }
    for measure in MEASURES:
        if said[measure] and measure not in DEMANDED[mode] and measure not in OPTIONAL[mode]:
            raise ValueError(f"{row.exercise} is an exercise of mode {mode}, whose sets have no {measure}")
        if measure in DEMANDED[mode] and measure != "weight_g" and not said[measure]:
            raise ValueError(f"{row.exercise} is an exercise of mode {mode}, whose sets need {measure}")
    values: dict[str, Any] = {name: value for name, value in said.items() if value or name in DEMANDED[mode]}
    return SetDraft(exercise_id=exercise.id, type=row.type, rpe10=row.rpe10, note=row.note or None, **values)


def _draft(visit: _Visit, zone: tzinfo) -> WorkoutDraft:
    start = datetime.fromisoformat(visit.first.start).replace(tzinfo=zone)
    end = (start.astimezone(UTC) + timedelta(seconds=visit.first.duration_s)).astimezone(zone)
    return WorkoutDraft(
        name=visit.first.workout,
        started_at=zoned_text(start),
        ended_at=zoned_text(end),
        note=visit.first.workout_note or None,
        sets=tuple(visit.sets),
    )
