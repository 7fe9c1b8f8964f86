"""Readings of Danish heat meters, imported over HTTP."""

from typing import Any

HEADER = "customer_id,meter_id,time_rounded,energy_heat_kwh,volume_flow_m3,inlet_flow_energy_m3xC,back_flow_energy_m3xC"


def row(at: str, value: str, meter: str = "660") -> str:
    return f"772,{meter},{at},{value},113.99,8246.4,3528.8"


def take(heating: Any, *rows: str, header: str = HEADER, **parameters: Any) -> Any:
    text = "\n".join([header, *rows]) + "\n"
    answer = heating("POST", "imports", content=text, headers={"Content-Type": "text/csv"}, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(result: Any) -> tuple[int, int, int]:
    return result["taken"], result["known"], result["refused"]


ROWS = (row("2018-01-02T23:00:00Z", "5347.61445783133"), row("2018-01-03T00:00:00Z", "5350.73684210526"))


def test_rows_are_readings_of_a_meter_made_on_demand(heating: Any) -> None:
    """Each row is a reading in thousandths of a kWh; a meter that is not known is made with its id as serial."""
    assert counts(take(heating, *ROWS, row("2018-01-03T00:00:00Z", "1", "661"))) == (3, 0, 0)
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


def test_the_same_file_twice_changes_nothing(heating: Any) -> None:
    """A reading is known by its meter and instant; the same row twice in one file is one reading."""
    assert counts(take(heating, *ROWS, ROWS[0])) == (2, 1, 0)
    before = heating.get("readings")
    assert counts(take(heating, *ROWS)) == (0, 2, 0)
    assert heating.get("readings") == before


def test_a_wrong_row_is_refused_alone(heating: Any) -> None:
    """Rows that count down, contradict a reading or cannot be read are refused with the reason; the rest is taken."""
    result = take(
        heating,
        *ROWS,
        row("2018-01-03T01:00:00Z", "5350.7"),
        row("2018-01-03T00:00:00Z", "5351"),
        row("2018-01-03T02:00:00Z", "NA"),
        "772,660",
        row("2018-01-03T03:00:00Z", "5360"),
    )
    assert counts(result) == (3, 0, 4)
    assert [(each["row"], each["reason"]) for each in result["rows"] if each["result"] == "refused"] == [
        (
            4,
            "5350.700 at 2018-01-03T01:00:00.000000Z is less than the 5350.737 of the reading of"
            " 2018-01-03T00:00:00.000000Z; a meter counts up, unless it was exchanged or has rolled over",
        ),
        (5, "a reading of 5350.737 at 2018-01-03T00:00:00.000000Z already exists"),
        (6, "energy_heat_kwh 'NA' is not a meter value; it should look like 5347.614"),
        (7, "has 2 cells, but the header names 7 columns"),
    ]


def test_rows_fit_between_the_readings_there_are(heating: Any) -> None:
    """Rows in any order, between readings taken by hand and over an exchange, are judged by their neighbours."""
    meter = heating.meter(digits=4)
    heating.read(meter, ("2018-01-10", 6_000_000), ("2018-01-01", 5_000_000))
    swap = {"meter_id": meter, "exchanged_at": "2018-01-12T00:00:00Z", "old_final_milli": 6_100_000}
    heating.made("exchanges", **swap)
    result = take(
        heating,
        row("2018-01-14T00:00:00Z", "30"),
        row("2018-01-05T00:00:00Z", "5500"),
        row("2018-01-13T00:00:00Z", "20"),
        row("2018-01-04T00:00:00Z", "5600"),
        row("2018-01-06T00:00:00Z", "6001"),
        row("2018-01-12T00:00:00Z", "10"),
        row("2018-01-15T00:00:00Z", "10000"),
    )
    assert [each["result"] for each in result["rows"]] == ["taken"] * 3 + ["refused"] * 4
    assert "exchanged at" in result["rows"][5]["reason"]
    assert result["rows"][6]["reason"] == "the meter has 4 digits and cannot show 10000.000"
    assert [each["value_milli"] for each in heating.get("readings")["items"]] == [
        30_000,
        20_000,
        6_000_000,
        5_500_000,
        5_000_000,
    ]


def test_a_dry_run_only_says_what_would_happen(heating: Any) -> None:
    """A dry run answers like an import and keeps nothing."""
    assert counts(take(heating, *ROWS, dry_run="true")) == (2, 0, 0)
    assert heating.get("meters")["items"] == []
    assert counts(take(heating, *ROWS)) == (2, 0, 0)


def test_the_least_columns_are_enough(heating: Any) -> None:
    """Meter, time and energy are needed, other columns are not; unknown ones are refused, and the known ones named."""
    header = "meter_id,time_rounded,energy_heat_kwh"
    assert counts(take(heating, "660,2018-01-02T23:00:00Z,5347.6", header=header)) == (1, 0, 0)
    answer = heating("POST", "imports", content="zeit,wert\n1,2\n", headers={"Content-Type": "text/csv"})
    assert answer.status_code == 422
    assert "energy_heat_kwh" in answer.json()["detail"]


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
