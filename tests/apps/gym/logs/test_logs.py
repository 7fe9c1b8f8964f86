"""What the files of several apps become, and what they do not say."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parents[4].parent / "shared" / "cases"
STRONG = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
PUSH = '2026-03-02 18:00:00,"Push",58m,'


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
    report = gym.take(STRONG + "".join(f"{day}{row},,,\n" for row in rows), weight="kg", distance="km")
    assert (report["taken"], report["refused"]) == (8, 0)
    assert gym.sets() == [
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
    report = gym.take(file)
    assert (report["taken"], report["skipped"], report["refused"]) == (2, 1, 0)
    assert gym.sets() == [
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
    report = gym.take(file)
    assert [row[1] for row in gym.sets()] == [40_823]
    assert report["refusals"][0]["reason"].startswith("Weight Unit says 'stone'; known are kg, kgs, lb")


def test_strong_without_durations(gym: Any) -> None:
    """The workout has no end of its own: it is kept as its start, and the report says so."""
    file = (
        "Date,Workout Name,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes\n"
        '2026-03-02 19:00:00,"Afternoon Workout","Bench Press (Barbell)",1,50,10,0,0,"",""\n'
        '2026-03-02 19:00:00,"Afternoon Workout","Bench Press (Barbell)",2,50,10,0,0,"",""\n'
    )
    assert "does not say its unit of weight" in gym.send(file).json()["detail"]
    report = gym.take(file, weight="kg")
    assert (report["taken"], report["notes"]) == (
        2,
        ["1 workout has no duration in the file: its end is kept as its start."],
    )


def test_a_file_without_a_header_is_refused(gym: Any) -> None:
    """The message names the columns of the formats there are."""
    answer = gym.send(f'{PUSH}"Row",1,50,5,0,0,,,\n')
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
    report = gym.take(HEVY, zone="Europe/Berlin")
    assert (report["format"], report["taken"]) == ("hevy", 3)
    assert gym.sets() == [
        ("Bench Press (Barbell)", 40_000, 10, None, None, None),
        ("Bench Press (Barbell)", 82_500, 5, None, None, None),
        ("Treadmill", None, None, 900, 2500, None),
    ]
    (workout,) = gym.get("workouts")["items"]
    assert workout["started_at"] == "2026-03-28T17:29:00.000000+01:00"
    assert workout["ended_at"] == "2026-03-28T18:31:00.000000+01:00"
    assert gym.take(HEVY.replace("weight_kg", "weight_lbs").replace("17:29", "06:29"))["taken"] == 3
    assert 18_144 in [row[1] for row in gym.sets()]  # 40 lb


def test_fitnotes(gym: Any) -> None:
    """A day is a workout; each row says its unit, or the header does."""
    file = (
        "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
        "2026-03-02,Deadlift,Back,100.0,kgs,5,,,,\n"
        "2026-03-02,Deadlift,Back,225.0,lbs,3,,,,heavy\n"
        "2026-03-02,Rowing,Cardio,,,,2000.0,m,0:08:30,\n"
    )
    assert gym.take(file)["taken"] == 3
    assert gym.sets() == [
        ("Deadlift", 100_000, 5, None, None, None),
        ("Deadlift", 102_058, 3, None, None, None),
        ("Rowing", None, None, 510, 2000, None),
    ]
    older = "Date,Exercise,Category,Weight (lbs),Reps,Distance,Distance Unit,Time\n2026-03-03,Curl,Biceps,30,8,,,\n"
    assert gym.take(older)["taken"] == 1
    assert gym.sets()[-1][:2] == ("Curl", 13_608)


def test_dates_that_a_spreadsheet_rewrote(gym: Any) -> None:
    """`13/03/2026 18:00` proves the day first for the file, and the seconds it cut off change no workout."""
    for day in ("2026-03-13 18:00:00", "2026-03-02 18:00:00"):
        gym.take(STRONG + f'{day},"Push",58m,"Row",1,50,5,0,0,,,\n', weight="kg")
    rewritten = STRONG + "".join(
        f'{day} 18:00,"push",58m,"ROW",1,50.0,5,0,0,,,\n' for day in ("13/03/2026", "02/03/2026")
    )
    report = gym.take(rewritten)
    assert (report["known"], report["taken"]) == (2, 0)
    assert {each["name"]: each["value"] for each in report["decisions"]}["dates"] == "day-first"


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
    answer = gym.send(content + "x\n")
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True)


def test_less_than_nothing_and_forty_digits_are_refused_alone(gym: Any) -> None:
    """Neither is stored, and neither ends the import of the rest."""
    report = gym.take(HEVY.replace(",,,2.5,900", ",,,-2.5,900"))
    assert [each["reason"] for each in report["refusals"]] == ["distance_km says '-2.5', which is less than nothing"]
    report = gym.take(STRONG + f'{PUSH}"Row",1,{"9" * 40},5,0,0,,,\n{PUSH}"Row",2,50,5,0,0,,,\n', weight="kg")
    assert (report["taken"], report["refused"]) == (1, 1)
    header = STRONG.replace("Weight,", "Weight (kg),Weight Unit,")
    report = gym.take(header + f'{PUSH}"Row",1,60,lb,5,0,0,,,\n')
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
    report = gym.take(STRONG + good + good.replace(",9,", ",8,") + f"{PUSH}{row}\n", weight="kg")
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

    first = gym.take(file("{:.2f}", "18:00:00", "Row"), weight="kg")
    again = gym.take(file(style, "18:00", "row" if lower else "Row"), weight="kg")
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
    report = gym.take((CASES / name).read_bytes(), **parameters)
    assert (report["taken"], report["refused"]) == (taken, 0)
