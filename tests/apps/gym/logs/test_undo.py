"""Undoing the import of a log."""

from typing import Any

STRONG = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
PUSH = '2026-03-02 18:00:00,"Push",58m,'


def test_undo_takes_back_what_an_import_added(gym: Any) -> None:
    """A workout that another import made keeps its own sets; the one that this import made is removed and published."""
    row = f'{PUSH}"Row",{{}},50,5,0,0,,,\n'
    first = gym.take(STRONG + row.format(1), weight="kg")
    second = gym.take(STRONG + row.format(1) + row.format(2) + row.format(3))
    third = gym.take(STRONG + row.format(4))
    assert len(gym.sets()) == 4
    undone = gym("DELETE", f"imports/{second['import_id']}").json()
    assert (undone["removed"], len(gym.sets())) == (1, 2)
    assert gym("DELETE", f"imports/{first['import_id']}").json()["removed"] == 1
    assert len(gym.sets()) == 1
    assert gym("DELETE", f"imports/{third['import_id']}").json()["removed"] == 1
    assert gym.get("workouts")["items"] == []
    kinds = [kind for kind, _ in gym.published()]
    assert kinds == ["completed.v1", "amended.v1", "amended.v1", "amended.v1", "amended.v1", "removed.v1"]
    assert gym.take(STRONG + row.format(1), weight="kg")["taken"] == 1


def test_undo_leaves_what_was_edited(gym: Any) -> None:
    """A workout that its owner changed since stops the undo, and stays with edited=keep."""
    first = gym.take(STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n', weight="kg")
    (head,) = gym.get("workouts")["items"]
    workout = gym.get(f"workouts/{head['id']}")
    body = {name: workout[name] for name in ("name", "started_at", "ended_at", "note")}
    kept = [{name: value for name, value in each.items() if value is not None} for each in workout["sets"]]
    changed = gym("PUT", f"workouts/{head['id']}", json=body | {"sets": [*kept, *kept]}, headers={"If-Match": "*"})
    assert changed.status_code in (200, 422), changed.text
    body["note"] = "better than it looks"
    assert (
        gym("PUT", f"workouts/{head['id']}", json=body | {"sets": kept}, headers={"If-Match": "*"}).status_code == 200
    )
    assert gym("DELETE", f"imports/{first['import_id']}").status_code == 409
    assert gym("DELETE", f"imports/{first['import_id']}", params={"edited": "keep"}).json()["kept"] == 1
    assert len(gym.get("workouts")["items"]) == 1


def test_what_was_edited_is_not_torn_apart(gym: Any) -> None:
    """Where an owner's change hides which sets an import added, undoing is refused, and nothing can come in twice."""
    row = f'{PUSH}"Row",{{}},50,5,0,0,,,\n'
    gym.take(STRONG + row.format(1), weight="kg")
    second = gym.take(STRONG + row.format(1) + row.format(2))
    (head,) = gym.get("workouts")["items"]
    workout = gym.get(f"workouts/{head['id']}")
    body = {name: workout[name] for name in ("name", "started_at", "ended_at")} | {"note": "changed"}
    kept = [{name: value for name, value in each.items() if value is not None} for each in workout["sets"]]
    gym("PUT", f"workouts/{head['id']}", json=body | {"sets": kept}, headers={"If-Match": "*"})
    refused = gym("DELETE", f"imports/{second['import_id']}", params={"edited": "remove"})
    assert (refused.status_code, "cannot be told" in refused.json()["detail"]) == (409, True)
    assert gym.take(STRONG + row.format(1) + row.format(2))["known"] == 2
    assert len(gym.sets()) == 2
