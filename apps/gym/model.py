"""Exercises, workouts and their sets: what callers send, and what is kept."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from apps.common.fields import Body, Id, Instant, Kept, Name, Note, Whole

Mode = Literal["weight_reps", "bodyweight_reps", "assisted", "duration", "distance_duration"]
SetType = Literal["normal", "warmup", "dropset", "failure"]
Muscle = Literal[
    "abs",
    "back",
    "biceps",
    "calves",
    "chest",
    "forearms",
    "glutes",
    "hamstrings",
    "lats",
    "lower_back",
    "quadriceps",
    "shoulders",
    "traps",
    "triceps",
]
Measure = Literal["reps", "weight_g", "duration_s", "distance_m", "assist_g"]

MEASURES: Final[tuple[Measure, ...]] = ("reps", "weight_g", "duration_s", "distance_m", "assist_g")
# Per mode: what a set must say, and what it may say besides. Anything else would be a number nobody counts.
DEMANDED: Final[dict[Mode, tuple[Measure, ...]]] = {
    "weight_reps": ("reps", "weight_g"),
    "bodyweight_reps": ("reps",),
    "assisted": ("reps", "weight_g"),
    "duration": ("duration_s",),
    "distance_duration": (),
}
OPTIONAL: Final[dict[Mode, tuple[Measure, ...]]] = {
    "weight_reps": (),
    "bodyweight_reps": ("weight_g", "assist_g"),  # hung on: a belt, a vest; or taken off: a band
    "assisted": (),
    "duration": ("weight_g", "reps"),  # a weighted plank, planks one after the other
    "distance_duration": ("distance_m", "duration_s", "weight_g", "reps"),  # a run without its distance, a carry
}
ONE_OF: Final[dict[Mode, tuple[Measure, ...]]] = {"distance_duration": ("distance_m", "duration_s", "reps")}
"""Of these a set must say at least one."""

LIFTING: Final[tuple[Mode, ...]] = ("weight_reps", "bodyweight_reps")
"""The modes whose weight is lifted. The weight of `assisted` is help: it counts as no volume and no record."""

SETS_MAX = 300

_instant: TypeAdapter[str] = TypeAdapter(Instant)


def _zoned(value: Any) -> Any:
    _instant.validate_python(value)
    return zoned_text(datetime.fromisoformat(value.upper()))


def zoned_text(instant: datetime) -> str:
    """The instant as text that keeps its offset: `2026-11-24T14:05:00.000000+01:00`."""
    text = instant.isoformat(timespec="microseconds")
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


ZonedInstant = Annotated[
    str,
    BeforeValidator(_zoned),
    Field(
        description="RFC 3339, best with the offset of the place: its day and month are the workout's",
        json_schema_extra={"format": "date-time"},
    ),
]
Rpe10 = Annotated[Whole, Field(ge=60, le=100, description="Ten times the RPE; absent when not recorded, never 0")]


class ExerciseDraft(Body):
    """An exercise as its owner wants it."""

    name: Name
    mode: Mode
    primary_muscle: Muscle | None = None
    secondary_muscles: Annotated[tuple[Muscle, ...], Field(max_length=8)] = ()

    @model_validator(mode="after")
    def _names_each_muscle_once(self) -> Self:
        named = [*self.secondary_muscles, *([self.primary_muscle] if self.primary_muscle else [])]
        twice = next((muscle for muscle in named if named.count(muscle) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice} is named twice among primary_muscle and secondary_muscles")
        return self


class SetDraft(Body):
    """One set of a workout. Which of reps, weight_g, duration_s and distance_m it needs, its exercise's mode says."""

    exercise_id: Id
    pos: Annotated[Whole | None, Field(description="Its place, counted from 1; may be left out, but not be wrong")] = (
        None
    )
    type: SetType = "normal"
    reps: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    weight_g: Annotated[Whole, Field(le=10_000_000)] | None = None
    duration_s: Annotated[Whole, Field(ge=1, le=7 * 86_400)] | None = None
    distance_m: Annotated[Whole, Field(ge=1, le=10_000_000)] | None = None
    assist_g: Annotated[
        Annotated[Whole, Field(ge=1, le=10_000_000)] | None, Field(description="Help by a band or machine; no load")
    ] = None
    rpe10: Rpe10 | None = None
    note: Note | None = None


class WorkoutDraft(Body):
    """A workout as a whole, as its owner wants it."""

    name: Name | None = None
    started_at: ZonedInstant
    ended_at: ZonedInstant | None = None
    note: Note | None = None
    sets: Annotated[tuple[SetDraft, ...], Field(max_length=SETS_MAX)] = ()

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        check_end(self.started_at, self.ended_at)
        return self

    @model_validator(mode="after")
    def _sets_lie_without_gaps(self) -> Self:
        for place, each in enumerate(self.sets, start=1):
            if each.pos is not None and each.pos != place:
                raise ValueError(f"the set at place {place} says pos {each.pos}; places count 1, 2, 3, … without gaps")
        return self


class Completion(Body):
    """The end of a workout."""

    ended_at: Annotated[
        ZonedInstant | None, Field(description="Default: what the workout says already, else the time of this request")
    ] = None


class Exercise(Kept):
    """An exercise as it is kept."""

    id: str
    name: str
    mode: Mode
    primary_muscle: Muscle | None
    secondary_muscles: tuple[Muscle, ...]
    version: int


class WorkoutSet(Kept):
    """A set as it is kept."""

    pos: int
    exercise_id: str
    type: SetType
    reps: int | None = None
    weight_g: int | None = None
    duration_s: int | None = None
    distance_m: int | None = None
    assist_g: int | None = None
    rpe10: int | None = None
    note: str | None = None


class WorkoutHead(Kept):
    """A workout without its sets, as lists show it."""

    id: str
    name: str | None
    started_at: str
    ended_at: str | None
    note: str | None
    completed: bool
    set_count: int
    volume_g: int
    version: int


class Workout(WorkoutHead):
    """A workout as it is kept."""

    sets: tuple[WorkoutSet, ...]


def check_end(started_at: str, ended_at: str | None) -> None:
    """Raise ValueError when a workout would end before it starts."""
    if ended_at is not None and datetime.fromisoformat(ended_at) < datetime.fromisoformat(started_at):
        raise ValueError(f"the workout ends at {ended_at}, before it starts at {started_at}")
