"""Exercises over HTTP."""

from typing import Any


def test_an_exercise_is_made_read_changed_and_removed(gym: Any) -> None:
    """An exercise has a version as its ETag; a change names the version it changes."""
    made = gym("POST", "exercises", json={"name": "Squat", "mode": "weight_reps", "primary_muscle": "quadriceps"})
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    path = f"exercises/{made.json()['id']}"
    assert made.headers["location"] == f"/api/v1/gym/{path}"
    assert gym("GET", path, headers={"If-None-Match": '"1"'}).status_code == 304
    body = {"name": "Back squat", "mode": "weight_reps", "secondary_muscles": ["glutes", "lower_back"]}
    assert gym("PUT", path, json=body).status_code == 428
    assert gym("PUT", path, json=body, headers={"If-Match": '"2"'}).status_code == 412
    changed = gym("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert changed.json() == body | {"id": made.json()["id"], "primary_muscle": None, "version": 2}
    assert gym("DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    assert gym("GET", path).status_code == 404


def test_an_exercise_under_an_id_of_the_clients_own(gym: Any) -> None:
    """An exercise can be made under the client's id; sent again after a lost answer, it is answered as it is there."""
    path, body, new = f"exercises/{gym.new_id()}", {"name": "Row", "mode": "weight_reps"}, {"If-None-Match": "*"}
    assert gym("PUT", path, json=body, headers=new).status_code == 201
    again = gym("PUT", path, json=body, headers=new)
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    assert gym("PUT", path, json=body | {"name": "Other"}, headers=new).status_code == 412


def test_a_name_is_taken_once(gym: Any) -> None:
    """Two exercises cannot have the same name, however it is written."""
    gym.exercise("Bench  press")
    taken = gym("POST", "exercises", json={"name": "bench PRESS", "mode": "weight_reps"})
    assert taken.status_code == 409
    assert "Bench  press" in taken.json()["detail"]


def test_a_used_exercise_keeps_its_mode_and_stays(gym: Any) -> None:
    """The first set settles an exercise's mode, and an exercise with sets cannot be deleted."""
    exercise = gym.exercise("Plank", "duration")
    gym.workout([{"exercise_id": exercise, "duration_s": 90}])
    body = {"name": "Plank", "mode": "weight_reps"}
    assert gym("PUT", f"exercises/{exercise}", json=body, headers={"If-Match": "*"}).status_code == 409
    assert gym("DELETE", f"exercises/{exercise}", headers={"If-Match": "*"}).status_code == 409


def test_what_an_exercise_cannot_be(gym: Any) -> None:
    """Unknown modes, muscles, fields and muscles named twice are refused."""
    for wrong in (
        {"mode": "weight"},
        {"primary_muscle": "heart"},
        {"colour": "red"},
        {"primary_muscle": "chest", "secondary_muscles": ["chest"]},
    ):
        answer = gym("POST", "exercises", json={"name": "Press", "mode": "weight_reps"} | wrong)
        assert answer.status_code == 422, wrong


def test_a_repeated_post_is_done_once(gym: Any) -> None:
    """The same Idempotency-Key makes one exercise and gives the same answer twice."""
    body, key = {"name": "Curl", "mode": "weight_reps"}, {"Idempotency-Key": "curl-1"}
    first, second = (gym("POST", "exercises", json=body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


def test_exercises_are_listed_by_name(gym: Any) -> None:
    """The list goes by name, page by page."""
    for name in ("squat", "Bench", "deadlift"):
        gym.exercise(name)
    first = gym.get("exercises", limit=2)
    assert [each["name"] for each in first["items"]] == ["Bench", "deadlift"]
    rest = gym.get("exercises", limit=2, cursor=first["next"])
    assert [each["name"] for each in rest["items"]] == ["squat"]
    assert rest["next"] is None
    assert rest["items"][0] == gym.get(f"exercises/{rest['items'][0]['id']}")


def test_a_change_whose_answer_was_lost_is_repeated_safely(gym: Any) -> None:
    """The same change sent again is answered with what is there, not refused as outdated."""
    path, body = f"exercises/{gym.exercise('Row')}", {"name": "Seal row", "mode": "weight_reps"}
    answers = [gym("PUT", path, json=body, headers={"If-Match": '"1"'}) for _ in range(2)]
    assert [(each.status_code, each.json()["version"]) for each in answers] == [(200, 2), (200, 2)]
