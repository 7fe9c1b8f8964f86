"""The rules of exercises and workouts, and which changes are published.

Other domains follow completed workouts only: one that is still open may change as often as it likes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.problem import Conflict, FieldError, NotFound, Unprocessable
from apps.common.transaction import Readable
from apps.contracts.gym import WorkoutAmended, WorkoutCompleted, WorkoutEvent, WorkoutRemoved
from apps.gym import store
from apps.gym.model import (
    DEMANDED,
    MEASURES,
    ONE_OF,
    OPTIONAL,
    Exercise,
    ExerciseDraft,
    Mode,
    SetDraft,
    Workout,
    WorkoutDraft,
    WorkoutSet,
    check_end,
    zoned_text,
)
from apps.gym.strength import volume_g

# Exercises


def find_exercise(exercise_id: str, tx: Readable) -> Exercise:
    found = store.exercise(exercise_id, tx)
    if found is None:
        raise NotFound(f"there is no exercise {exercise_id}")
    return found


def make_exercise(draft: ExerciseDraft, exercise_id: str, tx: Transaction) -> Exercise:
    """Add an exercise; its name must be free."""
    new = Exercise(id=exercise_id, version=1, **draft.model_dump())
    _check_name(new, tx)
    store.put_exercise(new, tx)
    return new


def change_exercise(old: Exercise, draft: ExerciseDraft, tx: Transaction) -> Exercise:
    """Rename it, name its muscles. Its mode is settled by the first set."""
    new = Exercise(id=old.id, version=old.version + 1, **draft.model_dump())
    _check_name(new, tx)
    if new.mode != old.mode and store.is_used(old.id, tx):
        raise Conflict(f"{old.name} has sets of mode {old.mode}, so its mode cannot change; make a new exercise")
    store.put_exercise(new, tx)
    return new


def remove_exercise(old: Exercise, tx: Transaction) -> None:
    """Delete an exercise nobody did."""
    if store.is_used(old.id, tx):
        raise Conflict(f"{old.name} has sets in workouts; remove those first")
    store.delete_exercise(old.id, tx)


def _check_name(wanted: Exercise, tx: Transaction) -> None:
    taken = store.exercise_named(wanted.name, tx)
    if taken is not None and taken.id != wanted.id:
        raise Conflict(f"an exercise called {taken.name} already exists ({taken.id})")


# Workouts


def find_workout(workout_id: str, tx: Readable) -> Workout:
    found = store.workout(workout_id, tx)
    if found is None:
        raise NotFound(f"there is no workout {workout_id}")
    return found


def start_workout(draft: WorkoutDraft, workout_id: str, tx: Transaction) -> Workout:
    """Keep a new workout, which stays open until it is completed."""
    version = store.last_version_of_removed(workout_id, tx) + 1
    new = _workout(draft, workout_id, version=version, completed=False, tx=tx)
    store.put_workout(new, tx)
    return new


def log_workout(draft: WorkoutDraft, workout_id: str, tx: Transaction) -> Workout:
    """Keep a workout that is over already, as an imported file describes it."""
    new = _workout(draft, workout_id, version=1, completed=True, tx=tx)
    store.put_workout(new, tx)
    _publish(WorkoutCompleted, new, tx)
    return new


def change_workout(old: Workout, draft: WorkoutDraft, tx: Transaction) -> Workout:
    """Replace what a workout says. A completed one stays completed, and the change is published."""
    if old.completed and draft.ended_at is None:
        raise Unprocessable(
            f"workout {old.id} is completed, so ended_at is required",
            errors=[FieldError("/ended_at", "is required for a completed workout")],
        )
    new = _workout(draft, old.id, version=old.version + 1, completed=old.completed, tx=tx)
    store.put_workout(new, tx)
    if new.completed:
        _publish(WorkoutAmended, new, tx)
    return new


def add_sets(old: Workout, sets: Sequence[SetDraft], tx: Transaction) -> Workout:
    """Append sets to a workout."""
    kept = [SetDraft(**each.model_dump(exclude={"pos"})) for each in old.sets]
    draft = WorkoutDraft(
        name=old.name, started_at=old.started_at, ended_at=old.ended_at, note=old.note, sets=(*kept, *sets)
    )
    return change_workout(old, draft, tx)


def complete_workout(old: Workout, ended_at: str | None, tx: Transaction) -> Workout:
    """End a workout: from now on it counts."""
    if old.completed:
        raise Conflict(f"workout {old.id} is completed already; change it as a whole instead")
    place = datetime.fromisoformat(old.started_at).tzinfo
    end = ended_at or old.ended_at or zoned_text(tx.now.astimezone(place))
    try:
        check_end(old.started_at, end)
    except ValueError as error:
        raise Unprocessable(str(error), errors=[FieldError("/ended_at", "before the start")]) from error
    new = old.model_copy(update={"completed": True, "ended_at": end, "version": old.version + 1})
    store.put_workout(new, tx)
    _publish(WorkoutCompleted, new, tx)
    return new


def remove_workout(old: Workout, tx: Transaction) -> None:
    """Delete a workout; its version stays, and the removal of a completed one is published."""
    gone = old.model_copy(update={"version": old.version + 1})
    store.delete_workout(gone, instant_text(tx.now), tx)
    if gone.completed:
        _publish(WorkoutRemoved, gone, tx)


def says_already(kept: Workout, draft: WorkoutDraft) -> bool:
    """Whether writing the draft would change nothing."""
    sets = tuple(_set(each, pos) for pos, each in enumerate(draft.sets, start=1))
    return (draft.name, draft.started_at, draft.ended_at, draft.note, sets) == (
        kept.name,
        kept.started_at,
        kept.ended_at,
        kept.note,
        kept.sets,
    )


def check_set(draft: SetDraft, mode: Mode) -> list[tuple[str, str]]:
    """What is wrong with a set of an exercise of this mode: pairs of field and reason."""
    wrong: list[tuple[str, str]] = []
    for measure in MEASURES:
        said = getattr(draft, measure) is not None
        if said and measure not in (*DEMANDED[mode], *OPTIONAL[mode]):
            wrong.append((measure, f"an exercise of mode {mode} has none; leave it out"))
        elif not said and measure in DEMANDED[mode]:
            wrong.append((measure, f"missing, but an exercise of mode {mode} needs it"))
    if mode in ONE_OF and all(getattr(draft, measure) is None for measure in ONE_OF[mode]):
        wrong.append((ONE_OF[mode][0], f"an exercise of mode {mode} needs one of {', '.join(ONE_OF[mode])}"))
    return wrong


def _workout(draft: WorkoutDraft, workout_id: str, *, version: int, completed: bool, tx: Transaction) -> Workout:
    modes = store.modes({each.exercise_id for each in draft.sets}, tx)
    _check_sets(draft.sets, modes)
    sets = tuple(_set(each, pos) for pos, each in enumerate(draft.sets, start=1))
    return Workout(
        id=workout_id,
        name=draft.name,
        started_at=draft.started_at,
        ended_at=draft.ended_at,
        note=draft.note,
        completed=completed,
        set_count=len(sets),
        volume_g=volume_g(sets, modes),
        version=version,
        sets=sets,
    )


def _check_sets(sets: tuple[SetDraft, ...], modes: Mapping[str, Mode]) -> None:
    wrong: list[FieldError] = []
    for place, each in enumerate(sets):
        if each.exercise_id not in modes:
            wrong.append(FieldError(f"/sets/{place}/exercise_id", f"there is no exercise {each.exercise_id}"))
        else:
            found = check_set(each, modes[each.exercise_id])
            wrong.extend(FieldError(f"/sets/{place}/{name}", reason) for name, reason in found)
    if wrong:
        raise Unprocessable("some sets do not fit their exercises", errors=wrong)


def _set(draft: SetDraft, pos: int) -> WorkoutSet:
    return WorkoutSet(
        pos=pos,
        exercise_id=draft.exercise_id,
        type=draft.type,
        reps=draft.reps,
        weight_g=draft.weight_g,
        duration_s=draft.duration_s,
        distance_m=draft.distance_m,
        assist_g=draft.assist_g,
        rpe10=draft.rpe10,
        note=draft.note,
    )


def _publish(kind: type[WorkoutEvent], about: Workout, tx: Transaction) -> None:
    if about.ended_at is None:
        raise AssertionError(f"workout {about.id} is published before it has ended")
    event = kind(
        workout_id=about.id,
        started_at=datetime.fromisoformat(about.started_at),
        ended_at=datetime.fromisoformat(about.ended_at),
        sets=about.set_count,
        volume_g=about.volume_g,
        version=about.version,
    )
    tx.publish(event, sequence=about.version)
