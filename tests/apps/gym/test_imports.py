"""Logs of the Strong app, imported over HTTP."""

from typing import Any

HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
PUSH = '2021-02-10 16:46:13,"Push",2h 18m,'


def take(gym: Any, *rows: str, header: str = HEADER, **parameters: Any) -> Any:
    """The report of an import in kilograms and kilometres, unless told otherwise."""
    text = "\n".join([header, *rows]) + "\n"
    parameters = {"weight": "kg", "distance": "km"} | parameters
    answer = gym("POST", "imports", content=text, headers={"Content-Type": "text/csv"}, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(result: Any) -> tuple[int, int, int]:
    return result["taken"], result["known"], result["refused"]


BENCH = f'{PUSH}"Bench Press (Barbell)",1,75.0,8,0,0,"","",'
ROWS = (BENCH, f'{PUSH}"Bench Press (Barbell)",2,77.5,6,0,0,"deep","good day",8.5', f'{PUSH}"Plank",1,0,0,0,90,,,')


def test_a_date_and_a_name_are_a_workout(gym: Any) -> None:
    """Rows of one date and workout name become one completed workout, published once; exercises are made on demand."""
    assert counts(take(gym, *ROWS, zone="Europe/Berlin")) == (3, 0, 0)
    (head,) = gym.get("workouts")["items"]
    workout = gym.get(f"workouts/{head['id']}")
    assert (workout["name"], workout["completed"], workout["note"]) == ("Push", True, None)
    assert workout["started_at"] == "2021-02-10T16:46:13.000000+01:00"
    assert workout["ended_at"] == "2021-02-10T19:04:13.000000+01:00"
    assert [(each["weight_g"], each["reps"], each["rpe10"], each["note"]) for each in workout["sets"]] == [
        (75_000, 8, None, None),
        (77_500, 6, 85, "deep"),
        (None, None, None, None),
    ]
    modes = {each["name"]: each["mode"] for each in gym.get("exercises")["items"]}
    assert modes == {"Bench Press (Barbell)": "weight_reps", "Plank": "duration"}
    ((kind, data),) = gym.published()
    assert (kind, data["sets"], data["version"]) == ("completed.v1", 3, 1)
    assert data["volume_g"] == 600_000 + 465_000  # 75 · 8 + 77.5 · 6


def test_the_same_file_twice_changes_nothing(gym: Any) -> None:
    """Every row of a file that comes again is known, and nothing is published."""
    take(gym, *ROWS)
    before = gym.get("workouts")
    assert counts(take(gym, *ROWS)) == (0, 3, 0)
    assert gym.get("workouts") == before
    assert len(gym.published()) == 1


def test_a_longer_file_amends_the_workout(gym: Any) -> None:
    """A later export with one more set adds that set, and the workout is published as amended."""
    take(gym, BENCH)
    assert counts(take(gym, *ROWS)) == (2, 1, 0)
    assert [(kind, data["sets"], data["version"]) for kind, data in gym.published()] == [
        ("completed.v1", 1, 1),
        ("amended.v1", 3, 2),
    ]


def test_a_row_that_came_with_other_values_is_refused(gym: Any) -> None:
    """A set that was corrected in the other app is not added beside the old one: the reason says where to change it."""
    take(gym, BENCH)
    result = take(gym, BENCH.replace("75.0", "80.0"))
    assert counts(result) == (0, 0, 1)
    assert result["refusals"][0]["reason"].startswith(
        "this set of Bench Press (Barbell) was imported before with other values; change workout "
    )


def test_drop_sets_without_a_number_are_all_taken(gym: Any) -> None:
    """Two equal rows of one file are two sets; letters say what kind of set they are."""
    drop = f'{PUSH}"Curl",D,20.0,10,0,0,,,'
    assert counts(take(gym, f'{PUSH}"Curl",W,10.0,15,0,0,,,', f'{PUSH}"Curl",1,30.0,8,0,0,,,', drop, drop)) == (4, 0, 0)
    (head,) = gym.get("workouts")["items"]
    kinds = [each["type"] for each in gym.get(f"workouts/{head['id']}")["sets"]]
    assert kinds == ["warmup", "normal", "dropset", "dropset"]


def test_a_wrong_row_is_refused_alone(gym: Any) -> None:
    """Unreadable rows are refused with the line and the reason, rest timers skipped; the rest of the file is taken."""
    timer = f'{PUSH}"Bench Press (Barbell)",Rest Timer,0,0,0,120,,,'
    result = take(gym, BENCH, timer, f'{PUSH}"Bench Press (Barbell)",2,heavy,8,0,0,,,', "2021-02-10 16:46:13,Push")
    assert (counts(result), result["skipped"]) == ((1, 0, 2), 1)
    assert result["notes"] == ["1 row skipped: a rest timer is no set."]
    assert [(row["line"], row["reason"]) for row in result["refusals"]] == [
        (4, "Weight says 'heavy', which is not a number; it should look like 82.5"),
        (5, "has 2 cells, but the header names 12 columns"),
    ]


def test_a_workout_of_skipped_rows_is_not_made(gym: Any) -> None:
    """Where no row was taken, neither workout nor exercise is made."""
    assert take(gym, f'{PUSH}"Curl",Note,0,0,0,0,,,')["skipped"] == 1
    assert gym.get("workouts")["items"] == []
    assert gym.get("exercises")["items"] == []


def test_a_known_exercise_keeps_its_mode(gym: Any) -> None:
    """A row is a set of the exercise of that name, whatever its case; what does not fit its mode is refused."""
    plank = gym.exercise("plank", "duration")
    result = take(gym, f'{PUSH}"Plank",1,0,0,0,90,,,', f'{PUSH}"Plank",2,10.0,12,0,0,,,')
    assert counts(result) == (1, 0, 1)
    assert result["refusals"][0]["reason"] == "Plank is an exercise of mode duration, whose sets need duration_s"
    (head,) = gym.get("workouts")["items"]
    assert gym.get(f"workouts/{head['id']}")["sets"][0]["exercise_id"] == plank


def test_a_removed_workout_stays_removed(gym: Any) -> None:
    """What was deleted after an import does not come back with the next one."""
    take(gym, BENCH)
    (head,) = gym.get("workouts")["items"]
    gym("DELETE", f"workouts/{head['id']}", headers={"If-Match": "*"})
    result = take(gym, *ROWS)
    assert counts(result) == (0, 1, 2)
    assert "since been removed" in result["refusals"][0]["reason"]
    assert gym.get("workouts")["items"] == []
    assert counts(take(gym, *ROWS, again="true")) == (3, 0, 0)
    assert len(gym.get("workouts")["items"]) == 1


def test_a_dry_run_only_says_what_would_happen(gym: Any) -> None:
    """A dry run answers like an import and keeps nothing."""
    assert counts(take(gym, *ROWS, dry_run="true")) == (3, 0, 0)
    assert gym.get("exercises")["items"] == []
    assert gym.published() == []
    assert counts(take(gym, *ROWS)) == (3, 0, 0)


def test_a_file_of_another_kind_is_refused_as_a_whole(gym: Any) -> None:
    """An empty file, unknown columns and an unknown zone are refused; the answer names the columns there are."""
    headers = {"Content-Type": "text/csv"}
    for body in ("", "a,b\n1,2\n", HEADER + ",Mood\n"):
        answer = gym("POST", "imports", content=body, headers=headers)
        assert answer.status_code == 422
        assert "the file is empty" in answer.json()["detail"] or "workout name" in answer.json()["detail"]
    assert gym("POST", "imports", content=HEADER, headers=headers, params={"zone": "Europe"}).status_code == 422
    assert gym("POST", "imports", content=HEADER, headers={"Content-Type": "text/plain"}).status_code == 415


def test_a_real_log_is_taken_whole_and_once(gym: Any, strong_csv: bytes) -> None:
    """A real log of 2,078 sets in 129 workouts is imported without a refusal, and again without a change."""
    headers = {"Content-Type": "text/csv"}
    given = {"weight": "kg", "distance": "km", "zone": "Europe/Berlin"}
    assert gym("POST", "imports", content=strong_csv, headers=headers).status_code == 422
    first = gym("POST", "imports", content=strong_csv, headers=headers, params=given).json()
    assert (counts(first), first["skipped"]) == ((2078, 0, 0), 0)
    again = gym("POST", "imports", content=strong_csv, headers=headers).json()
    assert counts(again) == (0, 2078, 0)
    assert {each["name"]: each["how"] for each in again["decisions"]} == {
        "weight": "known",
        "zone": "known",
    }
    assert len(gym.published()) == 129
    # Added up with awk over the file: rows, repetitions, and weight times repetitions.
    bench = next(each for each in gym.get("reports/volume")["items"] if each["name"] == "Bench Press (Barbell)")
    assert (bench["sets"], bench["reps"], bench["tonnage_g"]) == (285, 1941, 148_673_500)
    plank = next(each for each in gym.get("reports/volume")["items"] if each["name"] == "Plank")
    assert (plank["sets"], plank["duration_s"]) == (6, 585)  # 90 + 90 + 95 + 100 + 105 + 105
    records = next(each for each in gym.get("reports/records")["items"] if each["name"] == "Bench Press (Barbell)")
    assert (records["heaviest"]["weight_g"], records["heaviest"]["on"]) == (105_000, "2021-11-21")
    # 92.5 · 35/30 = 107.9166…, on 2021-12-15; 85 · 38/30 = 107.666… comes next.
    assert (records["best_e1rm"]["e1rm_g"], records["best_e1rm"]["on"]) == (107_917, "2021-12-15")
