"""Reports: records, volume and history of exercises, and what a visit costs. Only completed workouts count."""

from typing import Final

from apps.gym.model import LIFTING

MODES_LIFTING: Final = ", ".join(f"'{mode}'" for mode in LIFTING)

# Grams moved by sets of one exercise; the weight of other modes is none that was lifted.
TONNAGE: Final = (
    f"sum(CASE WHEN e.mode IN ({MODES_LIFTING}) THEN coalesce(s.weight_g, 0) * coalesce(s.reps, 0) ELSE 0 END)"
)
JOINED: Final = "gym_set s JOIN gym_workout w ON w.id = s.workout_id JOIN gym_exercise e ON e.id = s.exercise_id"
COUNTED: Final = "w.completed = 1 AND s.type <> 'warmup'"
