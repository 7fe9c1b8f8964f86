"""Reports over HTTP, worked out by hand."""

from typing import Any

from apps.gym.strength import e1rm_g


def lift(exercise: str, weight_g: int, reps: int, kind: str = "normal") -> dict[str, Any]:
    return {"exercise_id": exercise, "weight_g": weight_g, "reps": reps, "type": kind}


def test_records_by_exercise(gym: Any) -> None:
    """The records are the heaviest set, the best estimate, the most repetitions per weight and the best tonnage."""
    bench, plank = gym.exercise("Bench press"), gym.exercise("Plank", "duration")
    first = gym.workout([lift(bench, 110_000, 10, "warmup"), lift(bench, 80_000, 8), lift(bench, 90_000, 3)])
    second = gym.workout([lift(bench, 80_000, 12), lift(bench, 90_000, 3)], "2026-10-07T17:30:00Z")
    third = gym.workout(
        [{"exercise_id": plank, "duration_s": 90}, {"exercise_id": plank, "duration_s": 105}], "2026-10-09T17:30:00Z"
    )
    gym.workout([lift(bench, 200_000, 1)], "2026-10-11T17:30:00Z", completed=False)
    bench_records, plank_records = gym.get("reports/records")["items"]
    assert (bench_records["name"], bench_records["mode"], bench_records["sets"]) == ("Bench press", "weight_reps", 4)
    # 80 · 8 + 90 · 3 = 910, 80 · 12 + 90 · 3 = 1230
    assert bench_records["tonnage_g"] == 910_000 + 1_230_000
    assert bench_records["best_tonnage_g"] == {"amount": 1_230_000, "workout_id": second, "on": "2026-10-07"}
    heaviest = {"weight_g": 90_000, "reps": 3, "e1rm_g": 99_000, "workout_id": first, "on": "2026-10-05"}
    assert bench_records["heaviest"] == heaviest
    # 80 · 38/30 = 101.333; the 12 repetitions of the second workout would be 112, but are too many to say.
    assert bench_records["best_e1rm"]["e1rm_g"] == 101_333
    assert bench_records["best_e1rm"]["workout_id"] == first
    most = {"weight_g": 80_000, "reps": 12, "e1rm_g": None, "workout_id": second, "on": "2026-10-07"}
    assert bench_records["most_reps"] == [heaviest, most]
    assert plank_records["longest_s"] == {"amount": 105, "workout_id": third, "on": "2026-10-09"}
    assert (plank_records["heaviest"], plank_records["best_tonnage_g"], plank_records["most_reps"]) == (None, None, [])
    assert gym.get("reports/records", exercise=plank)["items"] == [plank_records]
    assert gym.get("reports/records", exercise=gym.new_id())["items"] == []


def test_volume_by_exercise(gym: Any) -> None:
    """The volume report adds sets, repetitions and grams by exercise, in all or in a span of local days."""
    bench, run = gym.exercise("Bench press"), gym.exercise("Run", "distance_duration")
    gym.workout([lift(bench, 40_000, 10, "warmup"), lift(bench, 80_000, 8), lift(bench, 80_000, 7)])
    run_set = {"exercise_id": run, "distance_m": 5000, "duration_s": 1500}
    gym.workout([lift(bench, 82_500, 6), run_set], "2026-10-31T17:30:00+01:00")
    report = gym.get("reports/volume")
    bench_row = {
        "exercise_id": bench,
        "name": "Bench press",
        "mode": "weight_reps",
        "workouts": 2,
        "sets": 3,
        "reps": 21,
        "tonnage_g": 1_695_000,  # 80 · 15 + 82.5 · 6
        "duration_s": 0,
        "distance_m": 0,
    }
    assert report["items"][0] == bench_row
    assert (report["items"][1]["distance_m"], report["items"][1]["duration_s"]) == (5000, 1500)
    assert report["tonnage_g"] == 1_695_000
    october = gym.get("reports/volume", to="2026-10-30")
    assert [(each["name"], each["tonnage_g"]) for each in october["items"]] == [("Bench press", 1_200_000)]
    assert gym.get("reports/volume", **{"from": "2027-01-01"}) == {"items": [], "tonnage_g": 0}


def test_history_of_an_exercise(gym: Any) -> None:
    """The history lists an exercise workout by workout, with an estimate that says whether it can be trusted."""
    bench, other = gym.exercise("Bench press"), gym.exercise("Row")
    first = gym.workout([lift(bench, 60_000, 1), lift(other, 50_000, 5), lift(bench, 40_000, 20, "warmup")])
    second = gym.workout([lift(bench, 80_000, 8), lift(bench, 80_000, 12)], "2026-10-07T17:30:00Z")
    page = gym.get(f"exercises/{bench}/history", limit=1)
    (newest,) = page["items"]
    assert (newest["workout_id"], newest["on"], newest["tonnage_g"]) == (second, "2026-10-07", 1_600_000)
    assert newest["best_e1rm_g"] == 101_333
    # 80 · 42/30 = 112
    assert [(each["e1rm_g"], each["confident"]) for each in newest["sets"]] == [(101_333, True), (112_000, False)]
    (oldest,) = gym.get(f"exercises/{bench}/history", limit=1, cursor=page["next"])["items"]
    assert (oldest["workout_id"], oldest["tonnage_g"], oldest["best_e1rm_g"]) == (first, 60_000, 60_000)
    assert [each["pos"] for each in oldest["sets"]] == [1, 3]
    assert gym("GET", f"exercises/{gym.new_id()}/history").status_code == 404


def test_the_estimate_of_the_history_is_the_estimate_of_the_records(gym: Any) -> None:
    """Both reports estimate alike, whatever the weight and the repetitions."""
    bench = gym.exercise()
    pairs = [(weight, reps) for weight in (1, 7, 61_235, 82_500, 100_000) for reps in (1, 2, 3, 7, 8, 10, 11, 15)]
    gym.workout([lift(bench, weight, reps) for weight, reps in pairs])
    (entry,) = gym.get(f"exercises/{bench}/history")["items"]
    assert [each["e1rm_g"] for each in entry["sets"]] == [e1rm_g(weight, reps) for weight, reps in pairs]


def test_assisted_exercises_lift_nothing(gym: Any) -> None:
    """The weight of an assisted exercise is help: it makes no tonnage, no estimate and no record."""
    dip = gym.exercise("Dip", "assisted")
    gym.workout([lift(dip, 20_000, 8)])
    (records,) = gym.get("reports/records")["items"]
    assert (records["sets"], records["tonnage_g"], records["heaviest"], records["most_reps"]) == (1, 0, None, [])
    (entry,) = gym.get(f"exercises/{dip}/history")["items"]
    assert (entry["tonnage_g"], entry["best_e1rm_g"], entry["sets"][0]["e1rm_g"]) == (0, None, None)
