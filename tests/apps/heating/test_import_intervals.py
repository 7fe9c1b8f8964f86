"""Interval values: what a meter used from one instant to the next, added up to what it would have shown."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEADER = "meter_id,time_rounded,energy_heat_kwh"


def hours(*values: str, first: int = 0) -> list[str]:
    """Rows of one meter an hour apart."""
    return [f"660,2026-01-10T{first + hour:02d}:00:00Z,{value}" for hour, value in enumerate(values)]


def counts(report: Any) -> tuple[int, int, int]:
    return report["taken"], report["known"], report["refused"]


FIVE = hours("0.1", "0.4", "1.2", "1.9", "2.3")


def test_intervals_are_refused_as_levels(heating: Any) -> None:
    """A file whose steps are larger than its levels, or that goes up and down, is refused with the way to say so."""
    detail = heating.refusal(HEADER, *FIVE)
    assert "values go down or steps are larger than levels: this looks like interval values" in detail
    assert "values=interval" in detail
    assert "this looks like interval values" in heating.refusal(HEADER, *hours("2.1", "1.4", "1.9", "0.7", "1.1"))
    months = ("660,2026-01-01T00:00:00Z,350.5", "660,2026-02-01T00:00:00Z,420.5", "660,2026-03-01T00:00:00Z,300.5")
    assert "this looks like interval values" in heating.refusal(HEADER, *months)


def test_a_new_meter_is_taken_when_its_owner_says_so(heating: Any) -> None:
    """A meter just put in shows the same: with values=level it is taken as what it showed."""
    heating.take(HEADER, *FIVE, values="level")
    assert [value for _, value in heating.shown()] == [100, 400, 1200, 1900, 2300]


def test_intervals_add_up(heating: Any) -> None:
    """0.1 + 0.4 + 1.2 + 1.9 + 2.3 = 5.9 kWh in five hours, from 0 where the first begins to the end of the last."""
    report = heating.take(HEADER, *FIVE, values="interval")
    assert counts(report) == (5, 0, 0)
    assert [(each["name"], each["how"]) for each in report["decisions"]][-2:] == [
        ("values", "given"),
        ("stamp", "assumed"),
    ]
    assert heating.shown() == [
        ("2026-01-10T00:00", 0),
        ("2026-01-10T01:00", 100),
        ("2026-01-10T02:00", 500),
        ("2026-01-10T03:00", 1700),
        ("2026-01-10T04:00", 3600),
        ("2026-01-10T05:00", 5900),
    ]
    meter = heating.get("meters")["items"][0]["id"]
    assert heating.months(meter)[0]["kwh_milli"] == 5900


def test_times_that_name_the_end(heating: Any) -> None:
    """With stamp=end the first interval ends at its time and begins an hour before."""
    heating.take(HEADER, *hours("0.4", "0.1", "0.2", first=1), values="interval", stamp="end")
    assert [at[-5:] for at, _ in heating.shown()] == ["00:00", "01:00", "02:00", "03:00"]
    assert heating.shown()[-1][1] == 700


def test_the_same_intervals_again_change_nothing(heating: Any) -> None:
    """The same file, newest first or not, and a later one that overlaps it find their place; nothing doubles."""
    heating.take(HEADER, *FIVE, values="interval")
    assert counts(heating.take(HEADER, *FIVE[::-1], values="interval")) == (0, 5, 0)
    later = hours("1.9", "2.3", "0.5", "0.6", first=3)
    assert counts(heating.take(HEADER, *later, values="interval")) == (2, 2, 0)
    assert counts(heating.take(HEADER, *hours("0.7", "0.7", first=7), values="interval")) == (2, 0, 0)
    # 5.9 + 0.5 + 0.6 + 0.7 + 0.7
    assert heating.shown()[-1] == ("2026-01-10T09:00", 8400)


def test_an_interval_that_was_corrected_is_refused(heating: Any) -> None:
    """Where a later file gives another value for an interval, its sums contradict the readings that are kept."""
    heating.take(HEADER, *FIVE, values="interval")
    report = heating.take(HEADER, *hours("0.1", "0.5", "1.2", "1.9", "2.3"), values="interval")
    assert counts(report) == (0, 1, 4)
    assert report["refusals"][0]["reason"] == (
        "energy_heat_kwh adds up to 0.600 at 2026-01-10T02:00:00Z, but a reading of 0.500 at that instant exists"
    )


def test_missing_intervals_are_refused(heating: Any) -> None:
    """Nobody knows what was used where rows are missing or refused; gaps=zero counts nothing there and says so."""
    rows = [*FIVE[:2], *FIVE[3:]]
    assert "are missing between 2026-01-10T02:00:00Z and 2026-01-10T03:00:00Z (before line 4)" in heating.refusal(
        HEADER, *rows, values="interval"
    )
    assert "are missing" in heating.refusal(
        HEADER, *FIVE[:2], "660,2026-01-10T02:00:00Z,NA", *FIVE[3:], values="interval"
    )
    assert "are missing" in heating.refusal(HEADER, *hours("0.1", "9999", "0.3", "0.2"), values="interval")
    report = heating.take(HEADER, *rows, values="interval", gaps="zero")
    assert report["notes"] == ["Intervals are missing in 1 places; nothing is counted there."]
    # 0.1 + 0.4, nothing from two to three, then 1.9 and 2.3
    assert [value for _, value in heating.shown()] == [0, 100, 500, 500, 2400, 4700]


def test_a_hole_between_two_files(heating: Any) -> None:
    """A file that begins after the last reading leaves a hole as well."""
    heating.take(HEADER, *FIVE, values="interval")
    later = hours("0.5", "0.6", first=8)
    answer = heating.send(HEADER, *later, values="interval")
    assert answer.status_code == 422
    assert "are missing between 2026-01-10T05:00:00Z and 2026-01-10T08:00:00Z" in answer.json()["detail"]


def test_files_that_cannot_be_joined(heating: Any) -> None:
    """A file before the counter's begin, or beside readings that no interval ends at, is refused as a whole."""
    heating.take(HEADER, *hours("0.5", "0.6", "0.4", first=5), values="interval")
    before = heating.send(HEADER, *hours("0.5", "0.6", "0.4", first=4), values="interval")
    assert before.status_code == 422
    assert "undo the earlier import, and import the longer file" in before.json()["detail"]
    meter = heating.meter(serial="7")
    heating.read(meter, ("2026-01-10T00:30:00Z", 5_000_000))
    beside = heating.send(HEADER, *(row.replace("660", "7") for row in FIVE), values="interval")
    assert beside.status_code == 422
    assert "cannot be joined" in beside.json()["detail"]


def test_intervals_go_on_from_a_reading(heating: Any) -> None:
    """Intervals after a reading taken by hand count on from it."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-10T00:00:00Z", 5_000_000))
    heating.take(HEADER, *FIVE, values="interval")
    assert heating.shown()[-1] == ("2026-01-10T05:00", 5_005_900)


def test_an_interval_twice_with_two_values(heating: Any) -> None:
    """Two values for one interval contradict each other, and every sum after them: nothing is taken."""
    detail = heating.refusal(HEADER, *FIVE, "660,2026-01-10T02:00:00Z,1.3", values="interval")
    assert "lines 4 and 7 give 1.200 and 1.300 for one interval" in detail


@pytest.mark.parametrize(("name", "value"), [("stamp", "end"), ("gaps", "zero")])
def test_what_is_for_intervals_alone(heating: Any, name: str, value: str) -> None:
    """Whoever gives stamp or gaps means intervals: as levels the file is not taken."""
    assert "give values=interval as well" in heating.refusal(HEADER, *hours("5000.5", "5001.5"), **{name: value})
    assert "digits is for files of level values" in heating.refusal(HEADER, *FIVE, values="interval", digits="5")


def test_one_interval_alone(heating: Any) -> None:
    """One row does not tell how long its interval is."""
    assert "one interval alone (line 2)" in heating.refusal(HEADER, FIVE[0], values="interval")


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (("2026-03-27", "2026-03-28", "2026-03-29"), "2026-03-29T22:00"),  # the last has 23 hours
        (("2026-10-23", "2026-10-24", "2026-10-25"), "2026-10-25T23:00"),  # the last has 25 hours
        (("2026-01-01", "2026-02-01", "2026-03-01"), "2026-03-31T22:00"),  # months, the last in summer time
    ],
)
def test_local_days_and_months(heating: Any, days: tuple[str, ...], ends: str) -> None:
    """Days and months are those of the zone, however long summer time makes them."""
    rows = [f"{day},660,10.5" for day in days]
    assert counts(heating.take("date,meter,heat_kwh", *rows, values="interval", zone="Europe/Berlin")) == (3, 0, 0)
    assert heating.shown()[-1] == (ends, 31_500)


def test_months_of_intervals_are_those_of_the_zone(heating: Any) -> None:
    """What was used before local midnight is the old month's, to the hour: no month is estimated."""
    values = ("1.5", "2.5", "4.5", "8.5")
    # 21:00 to 23:00 UTC is January in Berlin, 23:00 to 01:00 is February there
    at = ("2026-01-31T21:00:00Z", "2026-01-31T22:00:00Z", "2026-01-31T23:00:00Z", "2026-02-01T00:00:00Z")
    heating.take(HEADER, *(f"660,{time},{value}" for time, value in zip(at, values, strict=True)), values="interval")
    meter = heating.get("meters")["items"][0]["id"]
    berlin = [
        (month["month"], month["kwh_milli"], month["estimated"])
        for month in heating.months(meter, zone="Europe/Berlin")
    ]
    assert berlin == [("2026-01", 4000, False), ("2026-02", 13_000, False)]
    assert [month["kwh_milli"] for month in heating.months(meter)] == [8500, 8500]


def test_days_with_offsets_need_their_zone(heating: Any) -> None:
    """Local days written with offsets are 23 and 25 hours long; their zone says so, and without it they are refused."""
    rows = [
        "2026-03-28T00:00:00+01:00,660,10.5",
        "2026-03-29T00:00:00+01:00,660,10.5",
        "2026-03-30T00:00:00+02:00,660,10.5",
    ]
    assert "give zone" in heating.refusal("date,meter,heat_kwh", *rows, values="interval")
    assert counts(heating.take("date,meter,heat_kwh", *rows, values="interval", zone="Europe/Berlin")) == (3, 0, 0)
    assert heating.shown()[-1] == ("2026-03-30T22:00", 31_500)


def test_the_hour_that_autumn_has_twice(heating: Any) -> None:
    """Local hours over the change: 02:00 comes twice and is two intervals; the day has 25 hours and 25 kWh."""
    local = [f"2026-10-25 {hour:02d}:00" for hour in (0, 1, 2, 2, *range(3, 24))]
    rows = [f"{at},660,1.{place % 10}" for place, at in enumerate(local)]
    # 25 kWh, and the tenths 0 to 9 twice (9.0) and 0 to 4 (1.0)
    for order in (1, -1):
        report = heating.take("time,meter,heat_kwh", *rows[::order], values="interval", zone="Europe/Berlin")
        assert counts(report) in {(25, 0, 0), (0, 25, 0)}
    assert heating.shown()[0] == ("2026-10-24T22:00", 0)
    assert heating.shown()[-1] == ("2026-10-25T23:00", 35_000)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.integers(0, 99), min_size=4, max_size=20), st.data())
def test_parts_of_a_file_add_up_to_the_whole(heating: Any, tenths: list[int], data: st.DataObject) -> None:
    """In two parts that meet or overlap, each in any order, a file gives what it gives as a whole."""
    rows = hours(*(f"{each // 10}.{each % 10}" for each in tenths))
    begin = data.draw(st.integers(2, len(rows) - 2))
    end = data.draw(st.integers(begin, len(rows)))
    serial = heating.new_id()
    for part in (rows[:end], rows[begin:]):
        mixed = data.draw(st.permutations(part))
        report = heating.take(HEADER, *(row.replace("660", serial, 1) for row in mixed), values="interval", unit="kWh")
        assert report["refused"] == 0
    (last,) = heating.rows(
        "SELECT max(value_milli), count(*) FROM heating_reading JOIN heating_meter ON heating_meter.id = meter_id"
        " WHERE serial = :serial",
        serial=serial,
    )
    assert last == (sum(tenths) * 100, len(tenths) + 1)
