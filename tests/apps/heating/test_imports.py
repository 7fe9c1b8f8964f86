"""Readings of Danish heat meters, imported over HTTP."""

from typing import Any

import pytest

HEADER = "customer_id,meter_id,time_rounded,energy_heat_kwh,volume_flow_m3,inlet_flow_energy_m3xC,back_flow_energy_m3xC"


def row(at: str, value: str, meter: str = "660") -> str:
    return f"772,{meter},{at},{value},113.99,8246.4,3528.8"


def counts(report: Any) -> tuple[int, int, int]:
    return report["taken"], report["known"], report["refused"]


def reasons(report: Any) -> dict[int, str]:
    return {each["line"]: each["reason"] for each in report["refusals"]}


ROWS = (row("2018-01-02T23:00:00Z", "5347.61445783133"), row("2018-01-03T00:00:00Z", "5350.73684210526"))


def test_rows_are_readings_of_a_meter_made_on_demand(heating: Any) -> None:
    """Each row is a reading in thousandths of a kWh; a meter that is not known is made with its id as serial."""
    report = heating.take(HEADER, *ROWS, row("2018-01-03T00:00:00Z", "1", "661"))
    assert counts(report) == (3, 0, 0)
    assert [(each["kind"], each["serial"]) for each in heating.get("meters")["items"]] == [
        ("heat_kwh", "660"),
        ("heat_kwh", "661"),
    ]
    meter = heating.get("meters")["items"][0]["id"]
    readings = heating.get("readings", meter=meter)["items"]
    assert [(each["read_at"], each["value_milli"], each["source"], each["version"]) for each in readings] == [
        ("2018-01-03T00:00:00.000000Z", 5_350_737, "import", 1),
        ("2018-01-02T23:00:00.000000Z", 5_347_614, "import", 1),
    ]


def test_every_decision_is_in_the_report(heating: Any) -> None:
    """What was decided for a file, how and why, is in its report, under the name that overrides it."""
    decisions = heating.take(HEADER, *ROWS)["decisions"]
    assert [(each["name"], each["value"], each["how"]) for each in decisions] == [
        ("kind", "heat_kwh", "declared"),
        ("unit", "kWh", "declared"),
        ("decimal", "dot", "proved"),
        ("values", "level", "assumed"),
    ]
    assert decisions[2]["note"] == (
        "Values are read with a decimal dot: line 2 (5347.61445783133) can mean nothing else."
    )


def test_the_same_file_twice_changes_nothing(heating: Any) -> None:
    """A reading is known by its meter and instant; the same row twice in one file is one reading."""
    assert counts(heating.take(HEADER, *ROWS, ROWS[0])) == (2, 1, 0)
    before = heating.get("readings")
    assert counts(heating.take(HEADER, *ROWS)) == (0, 2, 0)
    assert heating.get("readings") == before


def test_a_row_written_otherwise_is_the_same_row(heating: Any) -> None:
    """Another offset, another number of decimals and another separator are the same readings."""
    heating.take(HEADER, *ROWS)
    again = heating.take(
        "meter_id;time_rounded;energy_heat_kwh",
        "660;2018-01-03T00:00+01:00;5347,614",
        "660;2018-01-03 01:00:00.000+01:00;5350,7370",
    )
    assert counts(again) == (0, 2, 0)


def test_a_serial_that_a_spreadsheet_has_changed(heating: Any) -> None:
    """A spreadsheet saves 0660 as 660 and eighteen digits as 5.71313E+17: nothing is there twice."""
    heating.take(HEADER, *(each.replace(",660,", ",0660,") for each in ROWS))
    report = heating.take(HEADER, *ROWS)
    assert counts(report) == (0, 2, 0)
    assert report["decisions"][-1]["note"] == (
        "Meter 660 is 0660, which is known. If it is another one, make a meter 660 first."
    )
    heating.meter(serial="660")
    assert counts(heating.take(HEADER, *ROWS)) == (2, 0, 0)
    rounded = heating.take(HEADER, row("2018-01-02T23:00:00Z", "1.5", "5.71313E+17"))
    assert reasons(rounded)[2].startswith("meter_id says '5.71313E+17', a number that a spreadsheet has rounded")


def test_readings_of_before_imports_had_ids_are_known(heating: Any) -> None:
    """A reading that an older version imported is known by its meter and instant, though it has no key."""
    heating.take(HEADER, *ROWS)
    heating.write(lambda tx: tx.execute("DELETE FROM heating_import_row"))
    assert counts(heating.take(HEADER, *ROWS)) == (0, 2, 0)


def test_a_wrong_row_is_refused_alone(heating: Any) -> None:
    """Rows that cannot be read are refused with column and value, one that others deny with a row that does."""
    report = heating.take(
        HEADER,
        *ROWS,
        row("2018-01-03T01:00:00Z", "5340.7"),
        row("2018-01-03T02:00:00Z", "NA"),
        row("2018-01-03T02:00:00Z", "-3"),
        "772,660",
        row("2018-13-03T02:00:00Z", "5352"),
        row("1918-01-03T02:00:00Z", "5352"),
        row("2018-01-03T02:00:00Z", "5352", "x" * 101),
        row("2018-01-03T03:00:00Z", "5360"),
    )
    assert counts(report) == (3, 0, 7)
    # Line 4 has two rows before it that show more, so that it is the false one.
    assert reasons(report) == {
        4: "energy_heat_kwh says 5340.700 at 2018-01-03T01:00:00Z, which does not fit the 5350.737 of line 3"
        " (2018-01-03T00:00:00Z) before it: a meter counts up; if the meter was exchanged, record that first (POST"
        " /api/v1/heating/exchanges) and import the file again; if it has rolled over, give digits, such as digits=5",
        5: "energy_heat_kwh says 'NA', which is no meter value such as 5347.614",
        6: "energy_heat_kwh says '-3', and no meter shows less than 0",
        7: "has 2 cells, but the header names 7 columns",
        8: "time_rounded says '2018-13-03T02:00:00Z', which is no time such as 2018-01-02T23:00:00Z or"
        " 02.01.2018 23:00",
        9: "time_rounded says '1918-01-03T02:00:00Z', outside the years 1970 to 2100",
        10: f"meter_id says '{'x' * 40}', which is no serial of 1 to 100 characters",
    }


def test_a_kept_reading_is_believed(heating: Any) -> None:
    """A row with another value at the instant of a kept reading is refused with both, and so is what contradicts it."""
    heating.read(heating.meter(), ("2018-01-03", 5_350_000))
    report = heating.take(
        HEADER,
        row("2018-01-03T00:00:00Z", "5351.5"),
        row("2018-01-02T00:00:00Z", "5360.5"),
        row("2018-01-04T00:00:00Z", "5370.5"),
    )
    assert counts(report) == (1, 0, 2)
    assert reasons(report)[2] == (
        "energy_heat_kwh says 5351.500 at 2018-01-03T00:00:00Z, but a reading of 5350.000 at that instant exists"
    )
    assert "what is kept for 2018-01-03T00:00:00Z after it" in reasons(report)[3]
    assert "if that is false, delete it first" in reasons(report)[3]


def test_rows_fit_between_the_readings_there_are(heating: Any) -> None:
    """Rows in any order, between readings taken by hand and over an exchange, are judged by what is kept."""
    meter = heating.meter(digits=4)
    heating.read(meter, ("2018-01-10", 6_000_000), ("2018-01-01", 5_000_000))
    swap = {"meter_id": meter, "exchanged_at": "2018-01-12T00:00:00Z", "old_final_milli": 6_100_000}
    heating.made("exchanges", **swap)
    report = heating.take(
        HEADER,
        row("2018-01-14T00:00:00Z", "30"),
        row("2018-01-05T00:00:00Z", "5500"),
        row("2018-01-13T00:00:00Z", "20"),
        row("2018-01-06T00:00:00Z", "6001"),
        row("2018-01-12T00:00:00Z", "10"),
        row("2018-01-15T00:00:00Z", "10000"),
    )
    assert counts(report) == (3, 0, 3)
    assert list(reasons(report)) == [5, 6, 7]
    assert reasons(report)[6].endswith("the instant at which the meter was exchanged")
    assert reasons(report)[7].endswith("more than the 4 digits of the meter")
    assert [value for _, value in heating.shown()] == [5_000_000, 5_500_000, 6_000_000, 20_000, 30_000]


def test_a_dry_run_only_says_what_would_happen(heating: Any) -> None:
    """A dry run answers like an import and keeps nothing, neither a meter nor the import."""
    assert counts(heating.take(HEADER, *ROWS, dry_run="true")) == (2, 0, 0)
    assert heating.get("meters")["items"] == []
    assert heating.get("imports")["items"] == []
    assert counts(heating.take(HEADER, *ROWS)) == (2, 0, 0)


def test_the_least_columns_are_enough(heating: Any) -> None:
    """Meter, time and energy are needed, other columns are not; unknown ones are refused, and the known ones named."""
    header = "meter_id,time_rounded,energy_heat_kwh"
    assert counts(heating.take(header, "660,2018-01-02T23:00:00Z,5347.6")) == (1, 0, 0)
    answer = heating.send("zeit,was", "1,2")
    assert answer.status_code == 422
    assert "energy_heat_kwh" in answer.json()["detail"]


def test_many_meters_in_any_order(heating: Any) -> None:
    """A file may hold many meters, its rows by time, newest first, or as they come."""
    rows = [
        row(f"2018-01-{day:02d}T00:00:00Z", f"{1000 + meter * 10 + day}.5", str(meter))
        for day in range(20, 0, -1)
        for meter in range(40)
    ]
    assert counts(heating.take(HEADER, *rows)) == (800, 0, 0)
    assert counts(heating.take(HEADER, *sorted(rows))) == (0, 800, 0)
    assert len(heating.get("meters", limit=200)["items"]) == 40


@pytest.mark.parametrize("order", [1, -1])
def test_a_file_larger_than_one_part(heating: Any, order: int) -> None:
    """Rows beyond the first part are judged with all others: a false one at a border stays out, in either order."""
    rows = [
        row(f"2018-{1 + hour // 672:02d}-{1 + hour % 672 // 24:02d}T{hour % 24:02d}:00:00Z", f"{5000 + hour}.5")
        for hour in range(1200)
    ]
    rows[500] = row("2018-01-21T20:00:00Z", "0.5")
    report = heating.take(HEADER, *rows[::order])
    assert counts(report) == (1199, 0, 1)
    assert list(reasons(report)) == [502 if order == 1 else 701]
    assert counts(heating.take(HEADER, *rows)) == (0, 1199, 1)


def test_three_real_years_are_taken_whole_and_once(heating: Any, meter_csv: bytes) -> None:
    """26,256 real hourly readings are imported without a refusal, and again without a change."""
    headers = {"Content-Type": "text/csv"}
    assert counts(heating("POST", "imports", content=meter_csv, headers=headers).json()) == (26_256, 0, 0)
    assert counts(heating("POST", "imports", content=meter_csv, headers=headers).json()) == (0, 26_256, 0)
    (found,) = heating.get("reports/monthly", zone="Europe/Copenhagen")["meters"]
    by_month = {month["month"]: month for month in found["months"]}
    assert len(by_month) == 36
    # The file has a row for each local midnight, so that months are differences of two of its rows:
    # 10635.279 (10635.2790697674, 2018-02-28T23:00Z) less 7928.649 (7928.64864864865, 2018-01-31T23:00Z),
    # 50294 (2020-07-31T22:00Z) less 49568.968 (49568.9682539683, 2020-06-30T22:00Z).
    assert (by_month["2018-02"]["kwh_milli"], by_month["2018-02"]["estimated"]) == (2_706_630, False)
    assert by_month["2020-07"]["kwh_milli"] == 725_032
    # From the first row, 5347.61445783133, to the last, 56974.8571428571.
    assert sum(month["kwh_milli"] for month in found["months"]) == 56_974_857 - 5_347_614
    assert [month["month"] for month in found["months"] if not month["complete"]] == ["2018-01", "2020-12"]
