"""What a row of the Strong app's export means."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.gym.strong import StrongRow, guessed_mode, read_row, set_of

ROW = {
    "date": "2021-02-10 16:46:13",
    "workout name": "Push",
    "duration": "2h 18m",
    "exercise name": "Bench Press (Barbell)",
    "set order": "1",
    "weight": "82.5",
    "reps": "8",
    "distance": "0",
    "seconds": "0",
    "notes": "",
    "workout notes": "",
    "rpe": "",
}


def row(**cells: str) -> StrongRow:
    return read_row(ROW | {name.replace("_", " "): value for name, value in cells.items()})


def test_a_row_is_a_set() -> None:
    """Kilograms become grams exactly, hours and minutes seconds, and an effort that was not recorded stays absent."""
    read = row()
    assert (read.weight_g, read.reps, read.duration_s, read.rpe10, read.type) == (82_500, 8, 8280, None, "normal")


@pytest.mark.parametrize(
    ("cell", "value", "name", "expected"),
    [
        ("weight", "0.0", "weight_g", 0),
        ("weight", "", "weight_g", 0),
        ("weight", "61.235", "weight_g", 61_235),
        ("weight", "17.5", "weight_g", 17_500),
        ("distance", "5.2", "distance_m", 5200),
        ("seconds", "95.0", "seconds", 95),
        ("duration", "53m", "duration_s", 3180),
        ("duration", "2h", "duration_s", 7200),
        ("duration", "45s", "duration_s", 45),
        ("rpe", "8.5", "rpe10", 85),
        ("rpe", "10", "rpe10", 100),
        ("set order", "W", "type", "warmup"),
        ("set order", "D", "type", "dropset"),
        ("set order", "F", "type", "failure"),
    ],
)
def test_cells_are_read_exactly(cell: str, value: str, name: str, expected: Any) -> None:
    """Decimal texts become whole grams, metres and seconds without a float in between; W, D and F are set types."""
    assert getattr(row(**{cell.replace(" ", "_"): value}), name) == expected


@pytest.mark.parametrize(
    ("cell", "value", "reason"),
    [
        ("set order", "Rest Timer", "a rest timer is no set"),
        ("set order", "Note", "a note is no set"),
        ("set order", "X", "Set Order 'X' is neither a number nor one of W, D, F"),
        ("weight", "61.2355", "Weight 61.2355 is not a whole number of g"),
        ("weight", "80,0", "Weight '80,0' is not a number; it should look like 82.5"),
        ("weight", "-5", "Weight '-5' is not a number; it should look like 82.5"),
        ("weight", "20000", "Weight 20000 is not between 0 and 10000000 g"),
        ("reps", "7.5", "Reps 7.5 is not a whole number of repetitions"),
        ("reps", "0", "the set has neither Reps nor Seconds nor Distance"),
        ("duration", "long", "Duration 'long' is not a duration; it should look like 1h 30m"),
        ("duration", "", "Duration '' is not a duration; it should look like 1h 30m"),
        (
            "date",
            "10.02.2021 16:46",
            "Date '10.02.2021 16:46' is not a local time; it should look like 2021-02-10 16:46:13",
        ),
        ("date", "1921-02-10 16:46:13", "Date 1921-02-10 16:46:13 is outside the years 1970 to 2100"),
        ("rpe", "0", "RPE 0 is not between 6 and 10 in tenths"),
    ],
)
def test_what_is_no_set_is_refused_with_the_reason(cell: str, value: str, reason: str) -> None:
    """Rest timers, notes and numbers that cannot be kept exactly are refused, and the reason is said."""
    with pytest.raises(ValueError) as refused:
        row(**{cell.replace(" ", "_"): value})
    assert str(refused.value) == reason


def test_a_day_the_calendar_does_not_have_is_refused() -> None:
    """The 30th of February is refused."""
    with pytest.raises(ValueError):
        row(date="2021-02-30 16:46:13")


def test_the_mode_of_an_exercise_is_guessed_from_its_rows() -> None:
    """Distance, seconds without repetitions, the name's ending and the share of weighted sets tell the mode."""
    assert guessed_mode([row(), row(weight="0")]) == "weight_reps"
    assert guessed_mode([row(weight="5"), row(weight="0"), row(weight="0")]) == "bodyweight_reps"
    assert guessed_mode([row(exercise_name="Pull Up (Assisted)", weight="20")]) == "assisted"
    assert guessed_mode([row(reps="0", weight="0", seconds="90")]) == "duration"
    assert guessed_mode([row(reps="0", weight="0", seconds="1500", distance="5")]) == "distance_duration"


def test_a_row_becomes_a_set_of_its_exercises_mode() -> None:
    """A weight of 0 is kept where weight is demanded, left out where it is optional; what does not fit is refused."""
    set_id = "0196f0c4-0000-7000-8000-000000000001"
    assert set_of(row(weight="0"), set_id, "weight_reps").weight_g == 0
    assert set_of(row(weight="0"), set_id, "bodyweight_reps").weight_g is None
    with pytest.raises(ValueError, match="an exercise of mode weight_reps, whose sets have no duration_s"):
        set_of(row(seconds="30"), set_id, "weight_reps")
    with pytest.raises(ValueError, match="an exercise of mode duration, whose sets have no reps"):
        set_of(row(), set_id, "duration")
    with pytest.raises(ValueError, match="an exercise of mode distance_duration, whose sets need distance_m"):
        set_of(row(reps="0", weight="0", seconds="1500"), set_id, "distance_duration")


def test_local_times_get_the_offset_of_the_place() -> None:
    """A workout starts at the file's local time with the zone's offset, and ends after its duration."""
    assert row().span(ZoneInfo("Europe/Berlin")) == (
        "2021-02-10T16:46:13.000000+01:00",
        "2021-02-10T19:04:13.000000+01:00",
    )
    # The night clocks are put forward: 01:30 and two hours later is 04:30 on the wall.
    night = row(date="2021-03-28 01:30:00", duration="2h").span(ZoneInfo("Europe/Berlin"))
    assert night == ("2021-03-28T01:30:00.000000+01:00", "2021-03-28T04:30:00.000000+02:00")
