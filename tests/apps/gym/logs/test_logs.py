"""What the files of several apps become, and what they do not say."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parents[4].parent / "shared" / "cases"
STRONG = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
PUSH = '2026-03-02 18:00:00,"Push",58m,'
POUNDS = STRONG + (
    f'{PUSH}"Bench Press (Barbell)",1,135.0,8,0,0,"","",\n'
    f'{PUSH}"Bench Press (Barbell)",2,149.99999999999997,6,0,0,,,\n'
    f'{PUSH}"Bench Press (Barbell)",3,185.00000000000003,3,0,0,,,\n'
    f'{PUSH}"Bench Press (Barbell)",4,225.0,1,0,0,,,\n'
    f'{PUSH}"Running (Treadmill)",1,0,0,0.5,300,,,\n'
)
POUNDS_IN_KG = STRONG + (
    f'{PUSH}"Bent Over Row (Barbell)",1,6.80388555,5,0,0,"","",\n'
    f'{PUSH}"Bent Over Row (Barbell)",2,20.41165665,5,0,0,,,\n'
    f'{PUSH}"Bent Over Row (Barbell)",3,20.0,5,0,0,,,\n'
)


def send(gym: Any, file: str | bytes, **parameters: str) -> Any:
    """The answer to an import."""
    return gym("POST", "imports", content=file, headers={"Content-Type": "text/csv"}, params=parameters)


def take(gym: Any, file: str | bytes, **parameters: str) -> Any:
    """The report of an import that is not refused whole."""
    answer = send(gym, file, **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sets(gym: Any) -> list[tuple[Any, ...]]:
    """Exercise, weight, repetitions, seconds, metres and help of each set."""
    return gym.rows(  # type: ignore[no-any-return]
        "SELECT e.name, s.weight_g, s.reps, s.duration_s, s.distance_m, s.assist_g FROM gym_set s"
        " JOIN gym_exercise e ON e.id = s.exercise_id JOIN gym_workout w ON w.id = s.workout_id"
        " ORDER BY w.started_utc, s.pos"
    )


def test_pounds_are_not_taken_for_kilograms(gym: Any) -> None:
    """Without a unit nothing is taken; with it, 225 lb are 102.058 kg and half a mile 804.67 m, kept as 805."""
    refused = send(gym, POUNDS)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "these look like pounds (line 3: 149.99999999999997 = 150): give weight=lb or weight=kg;"
        " the file does not say its unit of distance: give distance=mi or distance=km",
    )
    assert sets(gym) == []
    report = take(gym, POUNDS, weight="lb", distance="mi")
    assert report["taken"] == 5
    # 135 · 453.59237 = 61,234.97; 150 · 453.59237 = 68,038.86; 185 · … = 83,914.59; 225 · … = 102,058.28
    assert [row[1] for row in sets(gym)] == [61_235, 68_039, 83_915, 102_058, None]
    assert sets(gym)[4][3:5] == (300, 805)


def test_pounds_written_in_kilograms_prove_kilograms(gym: Any) -> None:
    """6.80388555 kg is 15 lb to the last digit, so the file is in kilograms; it is not taken in pounds."""
    against = send(gym, POUNDS_IN_KG, weight="lb")
    assert (against.status_code, against.json()["detail"]) == (
        422,
        "line 2 betrays that the file is in kg (6.80388555 is 15 lb in kg); it is not taken with weight=lb",
    )
    report = take(gym, POUNDS_IN_KG)
    first = report["decisions"][0]
    assert (first["name"], first["value"], first["how"]) == ("weight", "kg", "proved")
    assert [row[1] for row in sets(gym)] == [6_804, 20_412, 20_000]


def test_kilograms_written_in_pounds_prove_pounds(gym: Any) -> None:
    """44.0924524 lb is 20 kg to the last digit."""
    take(gym, STRONG + f'{PUSH}"Row",1,44.0924524,5,0,0,,,\n')
    assert [row[1] for row in sets(gym)] == [20_000]


def test_a_unit_that_is_known_is_not_asked_for_again(gym: Any) -> None:
    """The second file of the same app is read like the first, and says so; undone imports teach nothing."""
    first = take(gym, STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n', weight="lb")
    second = take(gym, STRONG + f'{PUSH}"Row",2,50,5,0,0,,,\n')
    assert (second["decisions"][0]["value"], second["decisions"][0]["how"]) == ("lb", "known")
    for report in (first, second):
        assert gym("DELETE", f"imports/{report['import_id']}").status_code == 200
    assert send(gym, STRONG + f'{PUSH}"Row",3,50,5,0,0,,,\n').status_code == 422


def test_a_file_without_weights_needs_no_unit(gym: Any) -> None:
    """Planks and push-ups have no unit to be wrong about."""
    report = take(gym, STRONG + f'{PUSH}"Plank",1,0,0,0,60,,,\n')
    assert [each["name"] for each in report["decisions"]] == ["zone"]
    assert report["decisions"][0]["how"] == "assumed"


def test_the_same_file_under_another_unit_is_no_second_one(gym: Any) -> None:
    """The file is known by its bytes; one that was saved again is known by the places of its sets."""
    file = STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n'
    take(gym, file, weight="lb")
    assert send(gym, file, weight="kg").status_code == 409
    saved = take(gym, file.replace(",50,", ",50.0,"), weight="kg")
    assert (saved["taken"], saved["refused"]) == (0, 1)
    assert "imported before with other values" in saved["refusals"][0]["reason"]


def test_one_odd_row_changes_no_exercise(gym: Any) -> None:
    """Planks by seconds, one by repetitions too; carries with weight and distance; dips with weight and with help."""
    day = '2026-03-05 07:30:00,"A",41m,'
    rows = (
        '"Plank",1,0,0,0,60',
        '"Plank",2,0,0,0,45',
        '"Plank",3,0,12,0,45',
        '"Farmer Walk",1,30,0,0.04,30',
        '"Farmer Walk",2,30,10,0,0',
        '"Dip",1,0,10,0,0',
        '"Dip",2,10,8,0,0',
        '"Dip",3,-15,8,0,0',
    )
    report = take(gym, STRONG + "".join(f"{day}{row},,,\n" for row in rows), weight="kg", distance="km")
    assert (report["taken"], report["refused"]) == (8, 0)
    assert sets(gym) == [
        ("Plank", None, None, 60, None, None),
        ("Plank", None, None, 45, None, None),
        ("Plank", None, 12, 45, None, None),
        ("Farmer Walk", 30_000, None, 30, 40, None),
        ("Farmer Walk", 30_000, 10, None, None, None),
        ("Dip", None, 10, None, None, None),
        ("Dip", 10_000, 8, None, None, None),
        ("Dip", None, 8, None, None, 15_000),
    ]
    modes = {each["name"]: each["mode"] for each in gym.get("exercises")["items"]}
    assert modes == {"Plank": "duration", "Farmer Walk": "distance_duration", "Dip": "bodyweight_reps"}
    # Ten kilograms eight times; neither the carry nor what a band took off is lifted.
    volume = {each["name"]: each["tonnage_g"] for each in gym.get("reports/volume")["items"]}
    assert volume == {"Plank": 0, "Farmer Walk": 0, "Dip": 80_000}
    dip = next(each for each in gym.get("reports/records")["items"] if each["name"] == "Dip")
    assert [(each["weight_g"], each["reps"]) for each in dip["most_reps"]] == [(10_000, 8), (0, 10)]


def test_strong_with_numbered_workouts(gym: Any) -> None:
    """Semicolons, units in the header, seconds of the workout, empty cells, a rest timer that is skipped."""
    file = (
        '"Workout #";"Date";"Workout Name";"Duration (sec)";"Exercise Name";"Set Order";"Weight (kg)";"Reps";"RPE";'
        '"Distance (meters)";"Seconds";"Notes";"Workout Notes"\n'
        '"1";"2026-03-02 07:47:59";"Push";"3180";"Running (Treadmill)";"1";"";"";"";"1272.0";"296.0";"";""\n'
        '"1";"2026-03-02 07:47:59";"Push";"3180";"Bench Press (Barbell)";"1";"51.0";"8";"";"";"";"";""\n'
        '"1";"2026-03-02 07:47:59";"Push";"3180";"Bench Press (Barbell)";"Rest Timer";"";"";"";"";"90.0";"";""\n'
    )
    report = take(gym, file)
    assert (report["taken"], report["skipped"], report["refused"]) == (2, 1, 0)
    assert sets(gym) == [
        ("Running (Treadmill)", None, None, 296, 1272, None),
        ("Bench Press (Barbell)", 51_000, 8, None, None, None),
    ]
    (workout,) = gym.get("workouts")["items"]
    assert workout["ended_at"] == "2026-03-02T08:40:59.000000Z"  # 53 minutes later


def test_strong_with_columns_of_units(gym: Any) -> None:
    """Each row says its unit: 90 lb are 40.823 kg."""
    file = (
        "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;"
        "Workout Notes\n"
        '2026-03-02 10:33:55;"Chest A";"Incline Bench Press (Barbell)";1;90;lbs;15;;;;0;"";""\n'
        '2026-03-02 10:33:55;"Chest A";"Incline Bench Press (Barbell)";2;90;stone;15;;;;0;;\n'
    )
    report = take(gym, file)
    assert [row[1] for row in sets(gym)] == [40_823]
    assert report["refusals"][0]["reason"].startswith("Weight Unit says 'stone'; known are kg, kgs, lb")


def test_strong_without_durations(gym: Any) -> None:
    """The workout has no end of its own: it is kept as its start, and the report says so."""
    file = (
        "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes\n"
        '2026-03-02 19:00:00,"Afternoon Workout","Bench Press (Barbell)",1,50,10,0,0,"",""\n'
        '2026-03-02 19:00:00,"Afternoon Workout","Bench Press (Barbell)",2,50,10,0,0,"",""\n'
    )
    assert "does not say its unit of weight" in send(gym, file).json()["detail"]
    report = take(gym, file, weight="kg")
    assert (report["taken"], report["notes"]) == (
        2,
        ["1 workout has no duration in the file: its end is kept as its start."],
    )


def test_a_file_without_a_header_is_refused(gym: Any) -> None:
    """The message names the columns of the formats there are."""
    answer = send(gym, f'{PUSH}"Row",1,50,5,0,0,,,\n')
    assert answer.status_code == 422
    assert "the first line must name the columns: date, workout name" in answer.json()["detail"]


HEVY = (
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index",'
    '"set_type","weight_kg","reps","distance_km","duration_seconds","rpe"\n'
    '"Push","28 Mar 2026, 17:29","28 Mar 2026, 18:31","","Bench Press (Barbell)",,"",0,"warmup",40,10,,,\n'
    '"Push","28 Mar 2026, 17:29","28 Mar 2026, 18:31","","Bench Press (Barbell)",,"",1,"normal",82.5,5,,,8.5\n'
    '"Push","28 Mar 2026, 17:29","28 Mar 2026, 18:31","","Treadmill",,"",0,"normal",,,2.5,900,\n'
)


def test_hevy(gym: Any) -> None:
    """Units stand in the header, so nothing is asked; months are words."""
    report = take(gym, HEVY, zone="Europe/Berlin")
    assert (report["format"], report["taken"]) == ("hevy", 3)
    assert sets(gym) == [
        ("Bench Press (Barbell)", 40_000, 10, None, None, None),
        ("Bench Press (Barbell)", 82_500, 5, None, None, None),
        ("Treadmill", None, None, 900, 2500, None),
    ]
    (workout,) = gym.get("workouts")["items"]
    assert workout["started_at"] == "2026-03-28T17:29:00.000000+01:00"
    assert workout["ended_at"] == "2026-03-28T18:31:00.000000+01:00"
    assert take(gym, HEVY.replace("weight_kg", "weight_lbs").replace("17:29", "06:29"))["taken"] == 3
    assert 18_144 in [row[1] for row in sets(gym)]  # 40 lb


def test_fitnotes(gym: Any) -> None:
    """A day is a workout; each row says its unit, or the header does."""
    file = (
        "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
        "2026-03-02,Deadlift,Back,100.0,kgs,5,,,,\n"
        "2026-03-02,Deadlift,Back,225.0,lbs,3,,,,heavy\n"
        "2026-03-02,Rowing,Cardio,,,,2000.0,m,0:08:30,\n"
    )
    assert take(gym, file)["taken"] == 3
    assert sets(gym) == [
        ("Deadlift", 100_000, 5, None, None, None),
        ("Deadlift", 102_058, 3, None, None, None),
        ("Rowing", None, None, 510, 2000, None),
    ]
    older = "Date,Exercise,Category,Weight (lbs),Reps,Distance,Distance Unit,Time\n2026-03-03,Curl,Biceps,30,8,,,\n"
    assert take(gym, older)["taken"] == 1
    assert sets(gym)[-1][:2] == ("Curl", 13_608)


def test_dates_that_a_spreadsheet_rewrote(gym: Any) -> None:
    """`13/03/2026 18:00` proves the day first for the file, and the seconds it cut off change no workout."""
    for day in ("2026-03-13 18:00:00", "2026-03-02 18:00:00"):
        take(gym, STRONG + f'{day},"Push",58m,"Row",1,50,5,0,0,,,\n', weight="kg")
    rewritten = STRONG + "".join(
        f'{day} 18:00,"push",58m,"ROW",1,50.0,5,0,0,,,\n' for day in ("13/03/2026", "02/03/2026")
    )
    report = take(gym, rewritten)
    assert (report["known"], report["taken"]) == (2, 0)
    assert {each["name"]: each["value"] for each in report["decisions"]}["dates"] == "day-first"


def test_undo_takes_back_what_an_import_added(gym: Any) -> None:
    """A workout that another import made keeps its own sets; the one that this import made is removed and published."""
    row = f'{PUSH}"Row",{{}},50,5,0,0,,,\n'
    first = take(gym, STRONG + row.format(1), weight="kg")
    second = take(gym, STRONG + row.format(1) + row.format(2) + row.format(3))
    third = take(gym, STRONG + row.format(4))
    assert len(sets(gym)) == 4
    undone = gym("DELETE", f"imports/{second['import_id']}").json()
    assert (undone["removed"], len(sets(gym))) == (1, 2)
    assert gym("DELETE", f"imports/{first['import_id']}").json()["removed"] == 1
    assert len(sets(gym)) == 1
    assert gym("DELETE", f"imports/{third['import_id']}").json()["removed"] == 1
    assert gym.get("workouts")["items"] == []
    kinds = [kind for kind, _ in gym.published()]
    assert kinds == ["completed.v1", "amended.v1", "amended.v1", "amended.v1", "amended.v1", "removed.v1"]
    assert take(gym, STRONG + row.format(1), weight="kg")["taken"] == 1


def test_undo_leaves_what_was_edited(gym: Any) -> None:
    """A workout that its owner changed since stops the undo, and stays with edited=keep."""
    first = take(gym, STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n', weight="kg")
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
    take(gym, STRONG + row.format(1), weight="kg")
    second = take(gym, STRONG + row.format(1) + row.format(2))
    (head,) = gym.get("workouts")["items"]
    workout = gym.get(f"workouts/{head['id']}")
    body = {name: workout[name] for name in ("name", "started_at", "ended_at")} | {"note": "changed"}
    kept = [{name: value for name, value in each.items() if value is not None} for each in workout["sets"]]
    gym("PUT", f"workouts/{head['id']}", json=body | {"sets": kept}, headers={"If-Match": "*"})
    refused = gym("DELETE", f"imports/{second['import_id']}", params={"edited": "remove"})
    assert (refused.status_code, "cannot be told" in refused.json()["detail"]) == (409, True)
    assert take(gym, STRONG + row.format(1) + row.format(2))["known"] == 2
    assert len(sets(gym)) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (STRONG.replace("Weight,", "Weight (kg),Weight (lb),"), "2 columns of weight, weight (kg), weight (lb)"),
        (
            "Date,Exercise,Category,Weight (kgs),Weight (lbs),Reps,Distance,Distance Unit,Time\n",
            "2 columns of weight, weight (kgs), weight (lbs)",
        ),
    ],
)
def test_two_columns_of_one_thing_are_refused(gym: Any, content: str, words: str) -> None:
    """Which of them holds, only the owner knows."""
    answer = send(gym, content + "x\n")
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True)


def test_less_than_nothing_and_forty_digits_are_refused_alone(gym: Any) -> None:
    """Neither is stored, and neither ends the import of the rest."""
    report = take(gym, HEVY.replace(",,,2.5,900", ",,,-2.5,900"))
    assert [each["reason"] for each in report["refusals"]] == ["distance_km says '-2.5', which is less than nothing"]
    report = take(gym, STRONG + f'{PUSH}"Row",1,{"9" * 40},5,0,0,,,\n{PUSH}"Row",2,50,5,0,0,,,\n', weight="kg")
    assert (report["taken"], report["refused"]) == (1, 1)
    header = STRONG.replace("Weight,", "Weight (kg),Weight Unit,")
    report = take(gym, header + f'{PUSH}"Row",1,60,lb,5,0,0,,,\n')
    assert [each["reason"] for each in report["refusals"]] == ["Weight Unit says 'lb', but the header says kg"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('"Row",X,50,5,0,0,,,', "Set Order says 'X'; known are numbers and W, D, F"),
        ('"Row",1,"80,0",5,0,0,,,', "Weight says '80,0', which is not a number; it should look like 82.5"),
        ('"Row",1,20000,5,0,0,,,', "Weight says '20000', which is more than anybody has done"),
        ('"Row",1,50,7.5,0,0,,,', "Reps says '7.5', which is not a whole number from 0 to 10000"),
        ('"Row",1,50,0,0,0,,,', "the set has neither Reps nor Seconds nor Distance"),
        ('"Row",1,50,5,0,0,,,12', "RPE says '12', which is not between 6 and 10 in tenths"),
        ('"Row",1,-50,5,0,0,,,', "Weight is negative, but Row is an exercise of mode weight_reps, without help"),
    ],
)
def test_what_is_no_set_is_refused_with_the_reason(gym: Any, row: str, reason: str) -> None:
    """The reason names the column; the row beside it is taken."""
    good = f'{PUSH}"Row",9,50,5,0,0,,,\n'
    report = take(gym, STRONG + good + good.replace(",9,", ",8,") + f"{PUSH}{row}\n", weight="kg")
    assert (report["taken"], [each["reason"] for each in report["refusals"]]) == (2, [reason])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weights=st.lists(st.integers(2, 400), min_size=1, max_size=6),
    style=st.sampled_from(["{:g}", "{:.1f}", "{:.2f}"]),
    lower=st.booleans(),
)
def test_a_file_saved_again_is_known(gym: Any, weights: list[int], style: str, lower: bool) -> None:
    """50 for 50.0, another case of names, seconds cut off: the same sets, each once."""

    def file(form: str, time: str, name: str) -> str:
        rows = (
            f'2026-04-01 {time},"Push",58m,"{name}",{place},{form.format(weight / 2)},5,0,0,,,\n'
            for place, weight in enumerate(weights, 1)
        )
        return STRONG + "".join(rows)

    first = take(gym, file("{:.2f}", "18:00:00", "Row"), weight="kg")
    again = take(gym, file(style, "18:00", "row" if lower else "Row"), weight="kg")
    assert (again["taken"], again["known"]) == (0, first["taken"] + first["known"])
    gym("DELETE", f"imports/{first['import_id']}")


@pytest.mark.parametrize(
    ("name", "parameters", "taken"),
    [
        ("gym-strong-lb.csv", {"weight": "lb", "distance": "mi"}, 5),
        ("gym-strong-kg-of-lb.csv", {}, 3),
        ("gym-strong-mixed-mode.csv", {"weight": "kg", "distance": "km"}, 8),
        ("gym-strong-semicolon-workout-number.csv", {}, 2),
        ("gym-strong-semicolon-unit-columns.csv", {}, 2),
        ("gym-strong-no-duration.csv", {"weight": "kg"}, 2),
    ],
)
def test_the_cases_that_went_wrong(gym: Any, name: str, parameters: dict[str, str], taken: int) -> None:
    """Read from the folder beside the checkout, where it is there."""
    if not CASES.is_dir():
        pytest.skip("the shared cases are not beside this checkout")
    report = take(gym, (CASES / name).read_bytes(), **parameters)
    assert (report["taken"], report["refused"]) == (taken, 0)
