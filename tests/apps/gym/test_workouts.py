"""Workouts over HTTP: written as a whole, completed, amended, removed, and published."""

from typing import Any

import pytest

NEW = {"If-None-Match": "*"}


def test_a_workout_is_put_as_a_whole(gym: Any) -> None:
    """A workout and its sets are one document under the client's id, and places count from 1 without gaps."""
    bench = gym.exercise()
    path = f"workouts/{gym.new_id()}"
    body = {
        "name": "Push",
        "started_at": "2026-10-05T19:30:00+02:00",
        "note": "first",
        "sets": [
            {"exercise_id": bench, "type": "warmup", "weight_g": 40_000, "reps": 10},
            {"exercise_id": bench, "weight_g": 80_000, "reps": 8, "rpe10": 85},
        ],
    }
    made = gym("PUT", path, json=body, headers=NEW)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    kept = gym.get(path)
    assert kept["started_at"] == "2026-10-05T19:30:00.000000+02:00"
    assert (kept["completed"], kept["ended_at"], kept["set_count"], kept["volume_g"]) == (False, None, 2, 640_000)
    assert [(each["pos"], each["type"], each["rpe10"]) for each in kept["sets"]] == [
        (1, "warmup", None),
        (2, "normal", 85),
    ]
    changed = gym("PUT", path, json=body | {"sets": body["sets"][1:]}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert [each["pos"] for each in changed.json()["sets"]] == [1]


def test_a_put_whose_answer_was_lost_is_repeated_safely(gym: Any) -> None:
    """The same workout sent again, by If-None-Match or If-Match, is answered as it is and makes no new version."""
    path, body = f"workouts/{gym.new_id()}", {"started_at": "2026-10-05T17:30:00Z"}
    assert gym("PUT", path, json=body, headers=NEW).status_code == 201
    assert gym("PUT", path, json=body, headers=NEW).status_code == 200
    longer = body | {"note": "legs"}
    for _ in range(2):
        assert gym("PUT", path, json=longer, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert gym("PUT", path, json=body, headers={"If-Match": '"1"'}).status_code == 412
    assert gym("PUT", path, json=body, headers=NEW).status_code == 412
    assert gym("PUT", path, json=body).status_code == 428


def test_a_workout_that_is_not_there_is_not_changed(gym: Any) -> None:
    """A change of an unknown workout is answered with 404."""
    body = {"started_at": "2026-10-05T17:30:00Z"}
    assert gym("PUT", f"workouts/{gym.new_id()}", json=body, headers={"If-Match": '"1"'}).status_code == 404


def test_completing_a_workout_tells_of_it(gym: Any) -> None:
    """An open workout is not published; completed, it is published with its sets and volume, at its local time."""
    bench = gym.exercise()
    sets = [{"exercise_id": bench, "weight_g": 80_000, "reps": 8}]
    workout = gym.workout(sets, "2026-10-31T23:30:00+01:00", completed=False)
    assert gym.published() == []
    answer = gym("POST", f"workouts/{workout}/complete", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (
        answer.json()["ended_at"] == "2026-11-24T13:00:00.000000+01:00"
    )  # the time of the request, where the workout was
    assert gym.published() == [
        (
            "completed.v1",
            {
                "workout_id": workout,
                "started_at": "2026-10-31T23:30:00+01:00",
                "ended_at": "2026-11-24T13:00:00+01:00",
                "sets": 1,
                "volume_g": 640_000,
                "version": 2,
            },
        )
    ]


def test_completing_twice_is_refused_and_repeating_is_not(gym: Any) -> None:
    """A workout is completed once; the same Idempotency-Key again gets the first answer."""
    workout = gym.workout([], completed=False)
    headers = {"If-Match": '"1"', "Idempotency-Key": "done-1"}
    first = gym("POST", f"workouts/{workout}/complete", json={"ended_at": "2026-10-05T18:30:00Z"}, headers=headers)
    again = gym("POST", f"workouts/{workout}/complete", json={"ended_at": "2026-10-05T18:30:00Z"}, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert gym("POST", f"workouts/{workout}/complete", headers={"If-Match": "*"}).status_code == 409
    assert gym("POST", f"workouts/{workout}/complete").status_code == 428
    assert len(gym.published()) == 1


def test_a_completed_workout_is_amended(gym: Any) -> None:
    """A completed workout changes with a new version, which is published as amended; it cannot lose its end."""
    bench = gym.exercise()
    sets = [{"exercise_id": bench, "weight_g": 80_000, "reps": 8}]
    workout = gym.workout(sets)
    body = {"started_at": "2026-10-05T17:30:00Z", "ended_at": "2026-10-05T18:45:00Z", "sets": sets * 2}
    open_again = gym("PUT", f"workouts/{workout}", json=body | {"ended_at": None}, headers={"If-Match": '"2"'})
    assert (open_again.status_code, open_again.json()["errors"][0]["pointer"]) == (422, "/ended_at")
    assert gym("PUT", f"workouts/{workout}", json=body, headers={"If-Match": '"2"'}).json()["completed"] is True
    kind, data = gym.published()[-1]
    assert (kind, data["sets"], data["volume_g"], data["version"]) == ("amended.v1", 2, 1_280_000, 3)


def test_a_removed_workout_is_told_and_counts_on(gym: Any) -> None:
    """Removing a completed workout tells of it; made again under its id, it goes on from the version it had."""
    workout = gym.workout([])
    assert gym("DELETE", f"workouts/{workout}", headers={"If-Match": '"1"'}).status_code == 412
    assert gym("DELETE", f"workouts/{workout}", headers={"If-Match": '"2"'}).status_code == 204
    assert [(kind, data["version"]) for kind, data in gym.published()] == [("completed.v1", 2), ("removed.v1", 3)]
    again = gym("PUT", f"workouts/{workout}", json={"started_at": "2026-10-05T17:30:00Z"}, headers=NEW)
    assert again.json()["version"] == 4


def test_an_open_workout_is_removed_silently(gym: Any) -> None:
    """A workout that was never completed is not published, not even when it is removed."""
    workout = gym.workout([], completed=False)
    assert gym("DELETE", f"workouts/{workout}", headers={"If-Match": "*"}).status_code == 204
    assert gym.published() == []


MEASURES = {"reps": 8, "weight_g": 80_000, "duration_s": 60, "distance_m": 5000, "assist_g": 15_000}


@pytest.mark.parametrize(
    ("mode", "demanded", "optional"),
    [
        ("weight_reps", {"reps", "weight_g"}, set()),
        ("bodyweight_reps", {"reps"}, {"weight_g", "assist_g"}),
        ("assisted", {"reps", "weight_g"}, set()),
        ("duration", {"duration_s"}, {"weight_g", "reps"}),
    ],
)
def test_a_mode_demands_and_forbids(gym: Any, mode: str, demanded: set[str], optional: set[str]) -> None:
    """An exercise's mode says which numbers a set needs, which it may have, and which it must not have."""
    exercise = gym.exercise("Exercise", mode)
    least = {"exercise_id": exercise} | {name: MEASURES[name] for name in demanded}
    most = least | {name: MEASURES[name] for name in optional}
    for fine in (least, most):
        gym.workout([fine])
    for name in demanded:
        answer = put(gym, {key: value for key, value in least.items() if key != name})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/sets/0/{name}")
    for name in MEASURES.keys() - demanded - optional:
        answer = put(gym, least | {name: MEASURES[name]})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"/sets/0/{name}")


@pytest.mark.parametrize("said", ["distance_m", "duration_s", "reps"])
def test_a_carry_or_a_run_says_one_of_three(gym: Any, said: str) -> None:
    """A run may lack its distance and a carry be counted by repetitions, but a set must say something."""
    exercise = gym.exercise("Farmer walk", "distance_duration")
    gym.workout([{"exercise_id": exercise, "weight_g": 30_000, said: MEASURES[said]}])
    answer = put(gym, {"exercise_id": exercise, "weight_g": 30_000})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/sets/0/distance_m")


def put(gym: Any, each: dict[str, Any]) -> Any:
    return gym("POST", "workouts", json={"started_at": "2026-10-05T17:30:00Z", "sets": [each]})


@pytest.mark.parametrize(
    "wrong",
    [
        {"pos": 2},
        {"pos": 0},
        {"reps": 0},
        {"reps": 8.0},
        {"reps": True},
        {"weight_g": -1},
        {"rpe10": 0},
        {"rpe10": 55},
        {"type": "cheat"},
        {"weight_kg": 80},
        {"exercise_id": "0196f0c4-0000-7000-8000-ffffffffffff"},
    ],
)
def test_what_a_set_cannot_be(gym: Any, wrong: dict[str, Any]) -> None:
    """Places with gaps, floats, efforts out of range, unknown fields and exercises are refused."""
    fine = {"exercise_id": gym.exercise(), "pos": 1, "reps": 8, "weight_g": 80_000}
    assert put(gym, fine).status_code == 201
    assert put(gym, fine | wrong).status_code == 422


def test_a_workout_does_not_end_before_it_starts(gym: Any) -> None:
    """The end is compared as an instant, whatever the offsets."""
    body = {"started_at": "2026-10-05T19:30:00+02:00", "ended_at": "2026-10-05T17:29:59Z"}
    assert gym("POST", "workouts", json=body).status_code == 422
    assert gym("POST", "workouts", json=body | {"ended_at": "2026-10-05T17:30:00Z"}).status_code == 201
    workout = gym.workout([], completed=False)
    early = gym(
        "POST", f"workouts/{workout}/complete", json={"ended_at": "2026-10-05T17:00:00Z"}, headers={"If-Match": "*"}
    )
    assert early.status_code == 422


def test_workouts_are_listed_newest_first_by_their_local_days(gym: Any) -> None:
    """The list goes by start, the newest first; days are local, so a late evening belongs to its own day."""
    late = gym.workout([], "2026-10-31T23:30:00+01:00", completed=False)
    early = gym.workout([], "2026-10-30T17:00:00Z")
    newest = gym.workout([], "2026-11-02T17:00:00Z")
    assert [each["id"] for each in gym.get("workouts")["items"]] == [newest, late, early]
    assert [each["id"] for each in gym.get("workouts", to="2026-10-31", **{"from": "2026-10-31"})["items"]] == [late]
    assert [each["id"] for each in gym.get("workouts", completed="true")["items"]] == [newest, early]
    assert [each["id"] for each in gym.get("workouts", completed="false")["items"]] == [late]
    page = gym.get("workouts", limit=2)
    assert [each["id"] for each in gym.get("workouts", limit=2, cursor=page["next"])["items"]] == [early]
    head = page["items"][0]
    assert head == {name: value for name, value in gym.get(f"workouts/{newest}").items() if name != "sets"}


def test_a_workout_has_at_most_300_sets(gym: Any) -> None:
    """A workout document stays small enough to be sent as a whole."""
    each = {"exercise_id": gym.exercise(), "reps": 1, "weight_g": 0}
    assert gym("POST", "workouts", json={"started_at": "2026-10-05T17:30:00Z", "sets": [each] * 301}).status_code == 422
    assert gym("POST", "workouts", json={"started_at": "2026-10-05T17:30:00Z", "sets": [each] * 300}).status_code == 201
