"""The lists of gym."""

from typing import Final

from pydantic import BaseModel

from apps.common.listing import Listing, json_flag, json_object
from apps.gym.model import Exercise, WorkoutHead

EXERCISE_LIST: Final = Listing(
    json_object(Exercise.model_fields, secondary_muscles="json(secondary_muscles)"), "gym_exercise", "name_key"
)
WORKOUT_LIST: Final = Listing(
    json_object(WorkoutHead.model_fields, completed=json_flag("completed")),
    "gym_workout",
    "started_utc",
    {
        "first": "substr(started_at, 1, 10) >= :first",
        "last": "substr(started_at, 1, 10) <= :last",
        "completed": "completed = :completed",
    },
    newest_first=True,
)


class ExercisePage(BaseModel):
    """A page of exercises; `next` is the cursor of the next one, null on the last."""

    items: list[Exercise]
    next: str | None


class WorkoutPage(BaseModel):
    """A page of workouts without their sets; `next` is the cursor of the next one, null on the last."""

    items: list[WorkoutHead]
    next: str | None
