"""What sets are worth: estimated one-repetition maximum, volume, records. Pure arithmetic in whole grams.

Warm-ups never count. Neither does the weight of assisted exercises: it is what the machine takes off.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from apps.gym.model import LIFTING, Mode, WorkoutSet

CONFIDENT_REPS: Final = 10
"""Up to here the formulas agree; above it an estimate is shown as uncertain and sets no record."""


def e1rm_g(weight_g: int, reps: int) -> int:
    """Epley's estimate of what could be lifted once: w (1 + r/30), but w itself for r = 1. Half a gram rounds up."""
    return weight_g if reps == 1 else (weight_g * (30 + reps) + 15) // 30


def volume_g(sets: Iterable[WorkoutSet], modes: Mapping[str, Mode]) -> int:
    """Grams moved: weight times repetitions, without warm-ups; `modes` by exercise id."""
    return sum(
        (each.weight_g or 0) * (each.reps or 0)
        for each in sets
        if each.type != "warmup" and modes[each.exercise_id] in LIFTING
    )


@dataclass(frozen=True)
class Feat:
    """A pair of weight and repetitions of one exercise, and the workout it was done in for the first time."""

    weight_g: int
    reps: int
    started_utc: str
    workout_id: str


@dataclass(frozen=True)
class Records:
    """The best of one exercise with weights; `most_reps` has one feat per weight, the heaviest first."""

    heaviest: Feat | None
    best_e1rm: Feat | None
    most_reps: tuple[Feat, ...]


def records_of(feats: Iterable[Feat]) -> Records:
    """Records among the feats of one exercise; of two equal ones the earlier counts."""
    kept = sorted(feats, key=lambda feat: (feat.started_utc, feat.workout_id))
    most: dict[int, Feat] = {}
    best: Feat | None = None
    for feat in kept:
        if feat.weight_g not in most or feat.reps > most[feat.weight_g].reps:
            most[feat.weight_g] = feat
        if 0 < feat.reps <= CONFIDENT_REPS and feat.weight_g > 0 and (best is None or _e1rm(feat) > _e1rm(best)):
            best = feat
    by_weight = tuple(most[weight] for weight in sorted(most, reverse=True))
    heaviest = by_weight[0] if by_weight and by_weight[0].weight_g > 0 else None
    return Records(heaviest, best, by_weight)


def _e1rm(feat: Feat) -> int:
    return e1rm_g(feat.weight_g, feat.reps)
