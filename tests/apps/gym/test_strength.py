"""Estimates, volume and records, worked out by hand."""

import pytest

from apps.gym.model import Mode, SetType, WorkoutSet
from apps.gym.strength import Feat, e1rm_g, records_of, volume_g


@pytest.mark.parametrize(
    ("weight_g", "reps", "expected"),
    [
        (100_000, 1, 100_000),  # one repetition is the maximum itself, not 103.333
        (100_000, 5, 116_667),  # 100 · 35/30 = 116.666…
        (60_000, 10, 80_000),  # 60 · 40/30
        (82_500, 8, 104_500),  # 82.5 · 38/30
        (1, 15, 2),  # 1 · 45/30 = 1.5: half a gram rounds up
        (0, 8, 0),
    ],
)
def test_the_estimated_maximum_is_epleys(weight_g: int, reps: int, expected: int) -> None:
    """The estimated one-repetition maximum is Epley's w (1 + r/30), in whole grams."""
    assert e1rm_g(weight_g, reps) == expected


def lift(exercise: str, kind: SetType, weight_g: int | None, reps: int | None) -> WorkoutSet:
    return WorkoutSet(pos=1, exercise_id=exercise, type=kind, weight_g=weight_g, reps=reps)


def test_volume_is_weight_times_repetitions_without_warm_ups() -> None:
    """Volume is the sum of weight times repetitions; warm-ups, assisted sets and holds do not count."""
    modes: dict[str, Mode] = {
        "bench": "weight_reps",
        "pull-up": "bodyweight_reps",
        "dip": "assisted",
        "plank": "duration",
    }
    sets = [
        lift("bench", "warmup", 40_000, 10),
        lift("bench", "normal", 80_000, 8),  # 640 kg
        lift("bench", "failure", 80_000, 6),  # 480 kg
        lift("bench", "dropset", 60_000, 10),  # 600 kg
        lift("pull-up", "normal", None, 12),
        lift("pull-up", "normal", 5_000, 6),  # 30 kg hung on
        lift("dip", "normal", 20_000, 8),  # 20 kg taken off
        lift("plank", "normal", 10_000, None),
    ]
    assert volume_g(sets, modes) == 1_750_000


def test_records_of_an_exercise() -> None:
    """Records are the heaviest set, the best estimate up to 10 repetitions, and the most repetitions at each weight."""
    first = Feat(100_000, 3, "2026-01-01", "a")  # estimate 110
    again = Feat(100_000, 3, "2026-02-01", "b")
    best = Feat(90_000, 8, "2026-03-01", "c")  # estimate 114
    many = Feat(80_000, 15, "2026-04-01", "d")  # would be 120, but on 15 repetitions
    fewer = Feat(80_000, 12, "2026-05-01", "e")
    found = records_of([fewer, many, best, again, first])
    assert found.heaviest == first
    assert found.best_e1rm == best
    assert found.most_reps == (first, best, many)


def test_of_two_equal_records_the_earlier_counts() -> None:
    """A record that is only reached again stays with the first time."""
    early, late = Feat(60_000, 5, "2026-01-01", "a"), Feat(60_000, 5, "2026-01-02", "b")
    found = records_of([late, early])
    assert (found.heaviest, found.best_e1rm, found.most_reps) == (early, early, (early,))


def test_without_weight_there_is_no_heaviest() -> None:
    """An exercise done without weight has records of repetitions only."""
    feat = Feat(0, 12, "2026-01-01", "a")
    found = records_of([feat])
    assert (found.heaviest, found.best_e1rm, found.most_reps) == (None, None, (feat,))
