"""Undo: how what an import did to a workout is taken back."""

from apps.common.problem import Conflict
from apps.common.transaction import Transaction
from apps.gym import logbook, store
from apps.gym.model import SetDraft, WorkoutDraft


class UndoWorkouts:
    """Removes workouts that an import made, and the sets it added to others; both are published as usual."""

    def is_edited(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Whether the workout has another version than the last import gave it."""
        present = store.workout(record_id, tx)
        return present is not None and present.version != store.version_of_last_change(record_id, tx)

    def remove(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Take back what this import did; False when the workout is gone, 409 when that cannot be told any more."""
        present = store.workout(record_id, tx)
        mine, others = store.changes_of(run_id, record_id, tx)
        if present is None or mine is None:
            if mine is not None and others:  # the rows of others stay known: what was deleted stays deleted
                store.forget_change(mine, tx)
            else:
                store.forget_workout(record_id, tx)
            return False
        if mine.made and not others:
            logbook.remove_workout(present, tx)
            store.forget_workout(record_id, tx)
            return True
        if present.version != store.version_of_last_change(record_id, tx):
            raise Conflict(
                f"workout {record_id} was changed since, and other imports have sets in it: which sets are those of"
                f" import {run_id} cannot be told; edit the workout, or undo the import with edited=keep"
            )
        taken_back = range(mine.first_pos, mine.first_pos + mine.sets)
        left = [SetDraft(**each.model_dump(exclude={"pos"})) for each in present.sets if each.pos not in taken_back]
        draft = WorkoutDraft(
            name=present.name,
            started_at=present.started_at,
            ended_at=present.ended_at,
            note=present.note,
            sets=tuple(left),
        )
        changed = logbook.change_workout(present, draft, tx)
        store.forget_change(mine, tx)
        for other in others:
            first_pos = other.first_pos - (mine.sets if other.first_pos > mine.first_pos else 0)
            made = other.made or mine.made
            store.put_change(other._replace(first_pos=first_pos, version=changed.version, made=made), tx)
        return True
