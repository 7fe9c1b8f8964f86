"""Units: what a log says of them, betrays of them, or leaves to its owner."""

from typing import Any

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


def test_pounds_are_not_taken_for_kilograms(gym: Any) -> None:
    """Without a unit nothing is taken; with it, 225 lb are 102.058 kg and half a mile 804.67 m, kept as 805."""
    refused = gym.send(POUNDS)
    assert (refused.status_code, refused.json()["detail"]) == (
        422,
        "these look like pounds (line 3: 149.99999999999997 = 150): give weight=lb or weight=kg;"
        " the file does not say its unit of distance: give distance=mi or distance=km",
    )
    assert gym.sets() == []
    report = gym.take(POUNDS, weight="lb", distance="mi")
    assert report["taken"] == 5
    # 135 · 453.59237 = 61,234.97; 150 · 453.59237 = 68,038.86; 185 · … = 83,914.59; 225 · … = 102,058.28
    assert [row[1] for row in gym.sets()] == [61_235, 68_039, 83_915, 102_058, None]
    assert gym.sets()[4][3:5] == (300, 805)


def test_pounds_written_in_kilograms_prove_kilograms(gym: Any) -> None:
    """6.80388555 kg is 15 lb to the last digit, so the file is in kilograms; it is not taken in pounds."""
    against = gym.send(POUNDS_IN_KG, weight="lb")
    assert (against.status_code, against.json()["detail"]) == (
        422,
        "line 2 betrays that the file is in kg (6.80388555 is 15 lb in kg); it is not taken with weight=lb",
    )
    report = gym.take(POUNDS_IN_KG)
    first = report["decisions"][0]
    assert (first["name"], first["value"], first["how"]) == ("weight", "kg", "proved")
    assert [row[1] for row in gym.sets()] == [6_804, 20_412, 20_000]


def test_kilograms_written_in_pounds_prove_pounds(gym: Any) -> None:
    """44.0924524 lb is 20 kg to the last digit."""
    gym.take(STRONG + f'{PUSH}"Row",1,44.0924524,5,0,0,,,\n')
    assert [row[1] for row in gym.sets()] == [20_000]


def test_a_unit_that_is_known_is_not_asked_for_again(gym: Any) -> None:
    """The second file of the same app is read like the first, and says so; undone imports teach nothing."""
    first = gym.take(STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n', weight="lb")
    second = gym.take(STRONG + f'{PUSH}"Row",2,50,5,0,0,,,\n')
    assert (second["decisions"][0]["value"], second["decisions"][0]["how"]) == ("lb", "known")
    for report in (first, second):
        assert gym("DELETE", f"imports/{report['import_id']}").status_code == 200
    assert gym.send(STRONG + f'{PUSH}"Row",3,50,5,0,0,,,\n').status_code == 422


def test_a_file_without_weights_needs_no_unit(gym: Any) -> None:
    """Planks and push-ups have no unit to be wrong about."""
    report = gym.take(STRONG + f'{PUSH}"Plank",1,0,0,0,60,,,\n')
    assert [each["name"] for each in report["decisions"]] == ["zone"]
    assert report["decisions"][0]["how"] == "assumed"


def test_the_same_file_under_another_unit_is_no_second_one(gym: Any) -> None:
    """The file is known by its bytes; one that was saved again is known by the places of its sets."""
    file = STRONG + f'{PUSH}"Row",1,50,5,0,0,,,\n'
    gym.take(file, weight="lb")
    assert gym.send(file, weight="kg").status_code == 409
    saved = gym.take(file.replace(",50,", ",50.0,"), weight="kg")
    assert (saved["taken"], saved["refused"]) == (0, 1)
    assert "imported before with other values" in saved["refusals"][0]["reason"]
