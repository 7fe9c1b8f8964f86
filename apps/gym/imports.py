"""Imports: the rows of a workout log become completed workouts, each once, however often the file comes.

First every row is judged, then what was taken is written: a workout is written and published once for all its rows.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import tzinfo

from apps.common.database import Transaction
from apps.common.fields import name_key
from apps.common.imports.old import ImportResult, Row, RowResult, Sheet, reason_of
from apps.common.problem import Conflict, Problem
from apps.gym import logbook, store
from apps.gym.model import SETS_MAX, Exercise, Mode, SetDraft, Workout, WorkoutDraft
from apps.gym.strong import StrongRow, guessed_mode, set_of


def take_log(tx: Transaction, sheet: Sheet[StrongRow], zone: tzinfo, *, dry_run: bool) -> ImportResult:
    """Take a log in one transaction. A workout is one date and name; later rows of a known one amend it."""
    log = _Log(sheet, tx)
    results = [log.judge(row) for row in sheet.rows]
    if not dry_run:
        log.write(zone)
    count = Counter(each.result for each in results)
    return ImportResult(taken=count["taken"], known=count["known"], refused=count["refused"], rows=results)


@dataclass
class _Visit:
    """One workout of the file: what is kept of it, and what comes in now."""

    first: StrongRow
    workout_id: str
    is_new: bool
    present: Workout | None
    places: set[str]
    sets: list[SetDraft] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)  # import key and place


class _Log:
    """One file while it is imported."""

    def __init__(self, sheet: Sheet[StrongRow], tx: Transaction) -> None:
        self._tx = tx
        self._modes = _guessed_modes(sheet)
        self._visits: dict[str, _Visit] = {}
        self._exercises: dict[str, Exercise] = {}
        self._new_exercises: dict[str, Exercise] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def judge(self, row: Row[StrongRow]) -> RowResult:
        """Say what becomes of a row, and keep it for `write` when it is taken."""
        if row.meaning is None:
            return RowResult(row=row.line, result="refused", reason=row.refusal)
        place = self._place(row.meaning)
        if store.is_imported(row.import_key, self._tx):
            return RowResult(row=row.line, result="known")
        try:
            self._take(row.meaning, row.import_key, place)
        except (Problem, ValueError) as error:
            return RowResult(row=row.line, result="refused", reason=reason_of(error))
        return RowResult(row=row.line, result="taken")

    def write(self, zone: tzinfo) -> None:
        """Write the exercises and workouts that rows were taken for."""
        used = {each.exercise_id for visit in self._visits.values() for each in visit.sets}
        for exercise in self._new_exercises.values():
            if exercise.id in used:
                store.put_exercise(exercise, self._tx)
        for import_ref, visit in self._visits.items():
            if not visit.sets:
                continue
            if visit.is_new:
                store.remember_workout(import_ref, visit.workout_id, self._tx)
            for import_key, place in visit.taken:
                store.remember_set(import_key, visit.workout_id, place, self._tx)
            if visit.present:
                logbook.add_sets(visit.present, visit.sets, self._tx)
            else:
                logbook.log_workout(_draft(visit, zone), visit.workout_id, self._tx)

    def _take(self, row: StrongRow, import_key: str, place: str) -> None:
        visit = self._visit(row)
        if not visit.is_new and visit.present is None:
            raise Conflict(f"its workout was imported before and has since been removed ({visit.workout_id})")
        if place in visit.places:
            raise Conflict(
                f"set {row.order} of {row.exercise} was imported before with other values;"
                f" change workout {visit.workout_id} instead"
            )
        kept = visit.present.set_count if visit.present else 0
        if kept + len(visit.sets) >= SETS_MAX:
            raise Conflict(f"its workout has {SETS_MAX} sets already, the most a workout can have")
        exercise = self._exercise(row)
        visit.sets.append(set_of(row, exercise.id, exercise.mode))
        visit.places.add(place)
        visit.taken.append((import_key, place))

    def _place(self, row: StrongRow) -> str:
        """Where in its workout a row stands; letters, and an exercise done twice, are counted through."""
        name = f"{name_key(row.exercise)}/{row.order}"
        self._counts[row.import_ref, name] += 1
        return f"{name}/{self._counts[row.import_ref, name]}"

    def _visit(self, row: StrongRow) -> _Visit:
        if row.import_ref not in self._visits:
            known = store.imported_workout(row.import_ref, self._tx)
            self._visits[row.import_ref] = _Visit(
                first=row,
                workout_id=known or self._tx.new_id(),
                is_new=known is None,
                present=store.workout(known, self._tx) if known else None,
                places=store.imported_places(known, self._tx) if known else set(),
            )
        return self._visits[row.import_ref]

    def _exercise(self, row: StrongRow) -> Exercise:
        key = name_key(row.exercise)
        if key not in self._exercises:
            self._exercises[key] = store.exercise_named(row.exercise, self._tx) or self._new_exercise(row)
        return self._exercises[key]

    def _new_exercise(self, row: StrongRow) -> Exercise:
        key = name_key(row.exercise)
        self._new_exercises[key] = Exercise(
            id=self._tx.new_id(),
            name=row.exercise,
            mode=self._modes[key],
            primary_muscle=None,
            secondary_muscles=(),
            version=1,
        )
        return self._new_exercises[key]


def _guessed_modes(sheet: Sheet[StrongRow]) -> dict[str, Mode]:
    rows: dict[str, list[StrongRow]] = defaultdict(list)
    for row in sheet.rows:
        if row.meaning is not None:
            rows[name_key(row.meaning.exercise)].append(row.meaning)
    return {name: guessed_mode(each) for name, each in rows.items()}


def _draft(visit: _Visit, zone: tzinfo) -> WorkoutDraft:
    start, end = visit.first.span(zone)
    return WorkoutDraft(
        name=visit.first.workout,
        started_at=start,
        ended_at=end,
        note=visit.first.workout_note or None,
        sets=tuple(visit.sets),
    )
