"""What gym publishes: workouts that are over."""

from typing import Annotated, ClassVar

from pydantic import AwareDatetime, Field

from apps.common.events import Event
from apps.contracts.fields import Identifier, Version


class WorkoutEvent(Event):
    """One completed workout as it stands after the change, or as it last stood before its removal."""

    workout_id: Identifier
    started_at: AwareDatetime  # its month is the one written here: an offset other than UTC is the local time's
    ended_at: AwareDatetime
    sets: Annotated[int, Field(ge=0, description="Performed sets, warm-ups included")]
    volume_g: Annotated[int, Field(ge=0, description="Sum of weight times repetitions without warm-ups, in grams")]
    version: Version

    def subject(self) -> str:
        return f"workout/{self.workout_id}"


class WorkoutCompleted(WorkoutEvent):
    """A workout is over: one visit to the gym."""

    type: ClassVar[str] = "dev.trackstack.gym.workout.completed.v1"


class WorkoutAmended(WorkoutEvent):
    """A completed workout was changed afterwards."""

    type: ClassVar[str] = "dev.trackstack.gym.workout.amended.v1"


class WorkoutRemoved(WorkoutEvent):
    """A completed workout was removed; this is how it last stood."""

    type: ClassVar[str] = "dev.trackstack.gym.workout.removed.v1"
