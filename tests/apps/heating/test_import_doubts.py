"""Files with values that no meter shows: a spike, a drop, a roll-over, an exchange, another unit, another sign."""

from pathlib import Path
from typing import Any

import pytest

HEADER = "customer_id,meter_id,time_rounded,energy_heat_kwh"


def hours(*values: str, meter: str = "660", day: int = 10) -> list[str]:
    """Rows of one meter an hour apart."""
    return [HEADER, *(f"1,{meter},2026-01-{day}T{hour:02d}:00:00Z,{value}" for hour, value in enumerate(values))]


def days(*values: str, meter: str = "660", first: int = 10) -> list[str]:
    """Rows of one meter a day apart."""
    return [HEADER, *(f"1,{meter},2026-01-{first + day}T00:00:00Z,{value}" for day, value in enumerate(values))]


def counts(report: Any) -> tuple[int, int, int]:
    return report["taken"], report["known"], report["refused"]


def refused(report: Any) -> list[int]:
    return [each["line"] for each in report["refusals"]]


def reason(report: Any, line: int) -> str:
    return next(str(each["reason"]) for each in report["refusals"] if each["line"] == line)


# Spikes and drops


def test_a_spike_is_judged_by_what_follows_it(heating: Any) -> None:
    """Two false values do not lock out the good ones after them: what follows contradicts the two."""
    report = heating.take(*hours("35548.8", "355549.2", "355549.9", "35550.3", "35551.0", "35552.4", "35553.0"))
    assert (counts(report), refused(report)) == ((5, 0, 2), [3, 4])
    assert reason(report, 3).startswith(
        "energy_heat_kwh says 355549.200 at 2026-01-10T01:00:00Z, which does not fit the 35550.300 of line 5"
        " (2026-01-10T03:00:00Z) after it: a meter counts up"
    )
    meter = heating.get("meters")["items"][0]["id"]
    # 35553.0 - 35548.8 = 4.2
    assert [(month["month"], month["kwh_milli"]) for month in heating.months(meter)] == [("2026-01", 4200)]


@pytest.mark.parametrize(
    ("values", "false"),
    [
        (("5000.5", "0", "5001.5", "5002.5"), [3]),  # a drop in the middle
        (("0", "5000.5", "5001.5", "5002.5"), [2]),  # a drop at the begin: no meter makes the step to the second
        (("5000.5", "5001.5", "5002.5", "0"), [5]),  # a drop at the end
        (("5000.5", "5001.5", "5002.5", "50030.5"), [5]),  # a spike at the end: no meter makes the step
        (("50000.5", "5001.5", "5002.5", "5003.5"), [2]),  # a spike at the begin
        (("5000.5", "5050.5", "5001.5", "5002.5", "5003.5"), [3]),  # a spike that the pace allows
        (("5000.5", "0", "5001.5", "0", "5002.5", "5003.5", "0", "5004.5"), [3, 5, 8]),
        (("5000.5", "9999.9", "0", "5001.5", "5002.5", "5003.5"), [3, 4]),
    ],
)
def test_false_values_cost_only_themselves(heating: Any, values: tuple[str, ...], false: list[int]) -> None:
    """A false value is refused alone, wherever it stands, high or low."""
    report = heating.take(*hours(*values))
    assert refused(report) == false
    assert report["taken"] == len(values) - len(false)


def test_where_it_cannot_be_told_neither_side_is_taken(heating: Any) -> None:
    """Two rows high and two low: nobody knows which are false, so that all four are refused, each with another."""
    report = heating.take(*hours("5000.5", "5001.5", "4000.5", "4001.5", meter="660"))
    assert (counts(report), refused(report)) == ((0, 0, 4), [2, 3, 4, 5])
    assert "the 4000.500 of line 4 (2026-01-10T02:00:00Z) after it" in reason(report, 2)
    assert "about as many rows say one as the other, so that neither is taken" in reason(report, 2)


def test_two_values_of_one_instant(heating: Any) -> None:
    """A file with two values of an instant proves neither: both are refused, unless others deny one of them."""
    rows = hours("5000.5", "5001.5", "5002.5")
    report = heating.take(*rows, "1,660,2026-01-10T01:00:00Z,5001.9")
    assert (counts(report), refused(report)) == ((2, 0, 2), [3, 5])
    assert "and the 5001.900 of line 5 (2026-01-10T01:00:00Z) says otherwise" in reason(report, 3)
    other = heating.take(*hours("6000.5", "6001.5", "6002.5", meter="7"), "1,7,2026-01-10T01:00:00Z,601.5")
    assert refused(other) == [5]


def test_what_is_kept_decides(heating: Any) -> None:
    """Beside a kept reading even one row is right and three are false."""
    heating.take(*hours("35548.8", "35549.1"))
    later = hours("355549.2", "355549.9", "355550.1", "35553.0", day=11)
    report = heating.take(*later)
    assert (counts(report), refused(report)) == ((1, 0, 3), [2, 3, 4])


def test_a_power_that_no_house_has(heating: Any) -> None:
    """A step of more than 100 kW is refused with the way to allow it: 250 kWh in an hour are 250 kW."""
    rows = hours("5000.5", "5250.5", "5500.5", "5750.5")
    report = heating.take(*rows, dry_run="true")
    assert report["refused"] == 4
    assert "max_kw allows more" in reason(report, 3)
    assert counts(heating.take(*rows, max_kw="300")) == (4, 0, 0)


def test_a_reading_by_hand_is_not_to_the_watt_hour(heating: Any) -> None:
    """A kept reading of 5350 at noon does not deny 5350.4 a second later, though that is 1,440 kW."""
    heating.read(heating.meter(), ("2026-01-10T00:00:00Z", 5_350_000))
    assert counts(heating.take(HEADER, "1,660,2026-01-10T00:00:01Z,5350.4")) == (1, 0, 0)


# Roll-overs and exchanges


def test_a_roll_over_with_the_digits_given(heating: Any) -> None:
    """With five digits 99,999.5 is followed by 3.0, and 3.5 kWh went through."""
    rows = days("99990.0", "99995.0", "99999.5", "3.0", "8.0", "14.0")
    assert counts(heating.take(*rows, digits="5")) == (6, 0, 0)
    meter = heating.get("meters")["items"][0]
    assert meter["digits"] == 5
    marks = [(each["value_milli"], each["rolled_over"]) for each in heating.get("readings")["items"]]
    assert marks == [
        (14_000, False),
        (8000, False),
        (3000, True),
        (99_999_500, False),
        (99_995_000, False),
        (99_990_000, False),
    ]
    # (100,000 - 99,990) + 14 = 24
    assert heating.months(meter["id"])[0]["kwh_milli"] == 24_000
    assert counts(heating.take(*rows)) == (0, 6, 0)


def test_a_roll_over_of_a_meter_whose_digits_are_known(heating: Any) -> None:
    """A meter with digits needs no parameter, and the next file goes on after its roll-over."""
    heating.meter(serial="ROLL1", digits=5)
    assert counts(heating.take(*days("99995.0", "99999.5", meter="ROLL1"))) == (2, 0, 0)
    assert counts(heating.take(*days("3.0", "8.0", meter="ROLL1", first=12))) == (2, 0, 0)
    assert counts(heating.take(*days("99995.0", "99999.5", "3.0", "8.0", "14.0", meter="ROLL1"))) == (1, 4, 0)
    meter = heating.get("meters")["items"][0]["id"]
    # (100,000 - 99,995) + 14 = 19
    assert heating.months(meter)[0]["kwh_milli"] == 19_000


def test_a_drop_is_no_roll_over(heating: Any) -> None:
    """A false 0 far below the last digit, or one that what follows denies, is refused, whatever the digits."""
    report = heating.take(*days("50000.0", "50010.0", "0.0", "50020.0", "50030.0"), digits="5")
    assert refused(report) == [4]
    near = heating.take(*days("99980.0", "99985.0", "0.0", "99990.0", "99995.0", meter="7"), digits="5")
    assert refused(near) == [4]


def test_without_digits_a_roll_over_is_refused_with_the_way_to_say_so(heating: Any) -> None:
    """Three rows before and three after: none is taken, and each refusal names digits and the exchange."""
    report = heating.take(*days("99990.0", "99995.0", "99999.5", "3.0", "8.0", "14.0"))
    assert counts(report) == (0, 0, 6)
    for line in range(2, 8):
        assert "if it has rolled over, give digits, such as digits=5" in reason(report, line)
        assert "if the meter was exchanged, record that first" in reason(report, line)


def test_other_digits_than_the_meter_has(heating: Any) -> None:
    """Digits that contradict those of the meter are refused, and so is a value they cannot show."""
    heating.meter(digits=6)
    assert "has 6 digits, not 5" in heating.refusal(*days("5000.5", "5001.5"), digits="5")
    heating.take(*days("123456.5", meter="7"))
    answer = heating.send(*days("123460.5", meter="7", first=11), digits="5")
    assert answer.status_code == 422
    assert "meter 7 has shown 123456.500, more than 5 digits can" in answer.json()["detail"]


def test_an_exchange_in_the_middle(heating: Any) -> None:
    """An exchange is refused with the way to record it; once it is recorded, the same file is taken."""
    rows = days("41810.5", "41815.5", "41820.5", "2.5", "7.5", "12.5")
    report = heating.take(*rows)
    assert counts(report) == (0, 0, 6)
    assert "POST /api/v1/heating/exchanges" in reason(report, 5)
    swap = {"exchanged_at": "2026-01-12T12:00:00Z", "old_final_milli": 41_822_000, "new_start_milli": 0}
    meter = heating.meter()
    heating.made("exchanges", meter_id=meter, **swap)
    assert counts(heating.take(*rows)) == (6, 0, 0)
    # (41,822 - 41,810.5) + 12.5 = 24
    assert heating.months(meter)[0]["kwh_milli"] == 24_000


# Units and signs


def test_megawatt_hours_in_a_column_of_kilowatt_hours(heating: Any) -> None:
    """5.347 rising by thousandths a day is less than 10 W: it looks like MWh, and waits for its owner to say so."""
    rows = days("5.347", "5.350", "5.354")
    assert "less than 10 W: this looks like MWh" in heating.refusal(*rows)
    heating.take(*rows, unit="MWh")
    assert [value for _, value in heating.shown()] == [5_347_000, 5_350_000, 5_354_000]


def test_kilowatt_hours_after_all(heating: Any) -> None:
    """A new meter that hardly counts is taken as it stands when its owner says so."""
    heating.take(*days("5.347", "5.350", "5.354"), unit="kWh")
    assert [value for _, value in heating.shown()] == [5347, 5350, 5354]


@pytest.mark.parametrize(
    ("unit", "value", "milli"),
    [
        ("Wh", "5347614.4", 5_347_614),
        ("MWh", "5.3476145", 5_347_614),  # 5347.6145: half to even
        ("GJ", "36", 10_000_000),  # 36 GJ = 10 MWh
        ("GJ", "1", 277_778),  # 1000 / 3.6 = 277.7…
    ],
)
def test_units_are_converted_once(heating: Any, unit: str, value: str, milli: int) -> None:
    """Values are converted from their text and rounded once."""
    heating.take(*days(value), unit=unit, decimal="dot")
    assert [each for _, each in heating.shown()] == [milli]


def test_a_jump_betrays_the_unit(heating: Any) -> None:
    """After 5,347 kWh a file that goes on with 5.350 is in MWh, or has points between thousands."""
    heating.take(*days("5347.5", "5350.5"))
    rows = days("5.3534", "5.3561", first=12)
    answer = heating.send(*rows)
    assert answer.status_code == 422
    assert "about a thousandth of the 5350.500 that is kept before it" in answer.json()["detail"]
    assert counts(heating.take(*rows, unit="MWh")) == (2, 0, 0)
    assert [value for _, value in heating.shown()] == [5_347_500, 5_350_500, 5_353_400, 5_356_100]


def test_a_point_between_thousands(heating: Any) -> None:
    """In a file with semicolons 5.347 may be 5,347: nothing is taken before its owner says which."""
    rows = [each.replace(",", ";") for each in days("5.347", "5.350")]
    assert "which may be 5.347 or 5,347" in heating.refusal(*rows)
    heating.take(*rows, decimal="comma")
    assert [value for _, value in heating.shown()] == [5_347_000, 5_350_000]


def test_another_value_tells_the_sign(heating: Any) -> None:
    """One value with one meaning settles the sign for the whole file; what contradicts it is refused as a whole."""
    rows = [each.replace(",", ";").replace("!", ",") for each in days("5.347", "5.350!5")]
    heating.take(*rows)
    assert [value for _, value in heating.shown()] == [5_347_000, 5_350_500]
    mixed = [each.replace(",", ";").replace("!", ",") for each in days("5347.5", "5350!5", meter="7")]
    answer = heating.send(*mixed)
    assert answer.status_code == 422
    assert "line 2 (5347.5) proves dot, line 3 (5350,5) proves comma" in answer.json()["detail"]


def test_the_shared_cases(heating: Any, cases: Path) -> None:
    """The small files that went wrong once give what is right, one after the other."""

    def lines(name: str) -> list[str]:
        return (cases / name).read_text().splitlines()

    assert "this looks like interval values" in heating.refusal(*lines("heat-interval-values.csv"))
    assert "which may be 5.347 or 5,347" in heating.refusal(*lines("heat-thousands.csv"))
    assert counts(heating.take(*lines("heat-interval-values.csv"), values="interval")) == (5, 0, 0)
    assert counts(heating.take(*lines("heat-thousands.csv"), decimal="comma")) == (2, 0, 0)
    assert counts(heating.take(*lines("heat-spike-then-back.csv"))) == (5, 0, 2)
    assert counts(heating.take(*lines("heat-rollover.csv"))) == (0, 0, 6)
    assert counts(heating.take(*lines("heat-rollover.csv"), digits="5")) == (6, 0, 0)
    used = {meter["serial"]: meter["months"][0]["kwh_milli"] for meter in heating.get("reports/monthly")["meters"]}
    # 0.1 + 0.4 + 1.2 + 1.9 + 2.3; 5350 - 5347; 35553.0 - 35548.8; 10 + 14
    assert used == {"INTERVAL": 5900, "THO1": 3000, "SPIKE1": 4200, "ROLL1": 24_000}
