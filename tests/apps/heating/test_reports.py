"""Use and cost by month, worked out by hand."""

from datetime import date
from typing import Any

from apps.contracts import ExpenseRecorded
from apps.heating.handlers import HANDLERS


def test_month_ends_are_interpolated(heating: Any) -> None:
    """Between two readings use is spread evenly, so a month gets the share of its days."""
    meter = heating.meter()
    # 59 days, January and February 2026, with 590 kWh: 10 a day.
    heating.read(meter, ("2026-01-01", 1_000_000), ("2026-03-01", 1_590_000), ("2026-03-11", 1_600_000))
    january, february, march = heating.months(meter)
    assert (january["month"], january["kwh_milli"], january["amount_milli"]) == ("2026-01", 310_000, 310_000)
    assert (january["complete"], january["estimated"]) == (True, True)
    assert (february["kwh_milli"], february["complete"], february["estimated"]) == (280_000, True, True)
    assert (march["kwh_milli"], march["complete"], march["estimated"]) == (10_000, False, False)


def test_a_month_read_at_both_ends_is_not_estimated(heating: Any) -> None:
    """Readings at the very begin and end of a month are its use, without an estimate."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-01", 1_000_000), ("2026-01-17", 1_100_000), ("2026-02-01", 1_234_567))
    (month,) = heating.months(meter)
    assert (month["kwh_milli"], month["complete"], month["estimated"]) == (234_567, True, False)


def test_use_is_rounded_once_so_that_months_add_up(heating: Any) -> None:
    """Whatever the rounding, the months add up to what the meter counted."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-01", 0), ("2027-01-01", 1_000_001))
    months = heating.months(meter, to="2026-12")
    # 1000.001 · 31/365 = 84.931591…; the total at the end of February: 1000.001 · 59/365 = 161.643997…
    assert [month["kwh_milli"] for month in months[:2]] == [84_932, 161_644 - 84_932]
    assert sum(month["kwh_milli"] for month in months) == 1_000_001


def test_months_begin_where_the_house_is(heating: Any) -> None:
    """A month begins at local midnight: in Copenhagen an hour before UTC's, two in summer."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-31T22:00:00Z", 0), ("2026-02-01T00:00:00Z", 2000), ("2026-04-30T22:00:00Z", 3000))
    assert heating.months(meter, to="2026-01")[0]["kwh_milli"] == 2000
    report = heating.get("reports/monthly", meter=meter, zone="Europe/Copenhagen")
    months = report["meters"][0]["months"]
    assert (report["zone"], report["interpolation"]) == ("Europe/Copenhagen", "linear")
    assert (months[0]["month"], months[0]["kwh_milli"]) == ("2026-01", 1000)
    assert (months[-1]["month"], months[-1]["complete"]) == ("2026-04", True)
    assert heating("GET", "reports/monthly", params={"zone": "Mars/Base"}).status_code == 422


def test_a_month_costs_its_base_price_and_its_use(heating: Any) -> None:
    """A month costs the base price and kWh times work price, each rounded to the cent, halves to even."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-01", 1_000_000), ("2026-02-01", 1_310_500))
    heating.tariff(meter, "2025-10-01", 1_234_500, 990)  # 12.345 ct a kWh, 9.90 € a month
    (month,) = heating.months(meter)
    # 310.5 kWh · 12.345 ct = 3833.1225 ct
    assert (month["work_minor"], month["base_minor"], month["cost_minor"]) == (3833, 990, 4823)
    assert (month["currency"], month["missing"]) == ("EUR", None)


def test_half_a_cent_is_rounded_to_even(heating: Any) -> None:
    """2.5 ct are 2, 3.5 ct are 4."""
    for serial, use, expected in (("1", 2500, 2), ("2", 3500, 4)):
        meter = heating.meter(serial=serial)
        heating.read(meter, ("2026-01-01", 0), ("2026-02-01", use))
        heating.tariff(meter, "2026-01-01", 100_000, 0)  # 1 ct a kWh
        assert heating.months(meter, to="2026-01")[0]["cost_minor"] == expected


def test_a_tariff_that_begins_within_a_month(heating: Any) -> None:
    """Where a tariff begins within a month, use is split at that day, and the base price by days."""
    meter = heating.meter()
    # 31 days with 310 kWh: 10 a day.
    heating.read(meter, ("2026-01-01", 0), ("2026-02-01", 310_000))
    heating.tariff(meter, "2025-01-01", 1_000_000, 3100)  # 10 ct, 31 €
    heating.tariff(meter, "2026-01-11", 2_000_000, 6200)  # 20 ct, 62 €
    (month,) = heating.months(meter, to="2026-01", first="2026-01")
    # 100 kWh · 10 ct + 210 kWh · 20 ct; 31 € · 10/31 + 62 € · 21/31
    assert (month["work_minor"], month["base_minor"]) == (5200, 5200)
    assert (month["kwh_milli"], month["estimated"]) == (310_000, True)


def test_without_a_tariff_there_is_no_cost(heating: Any) -> None:
    """Use before the first tariff has no price: the report says from when on, and never 0."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-01", 0), ("2026-03-01", 590_000))
    heating.tariff(meter, "2026-01-11", 1_000_000, 100)
    january, february = heating.months(meter, to="2026-02")
    assert (january["kwh_milli"], january["cost_minor"], january["missing"]) == (
        310_000,
        None,
        "no tariff for 2026-01-01",
    )
    assert february["cost_minor"] == 2800 + 100


def test_gas_becomes_kilowatt_hours(heating: Any) -> None:
    """Gas is cubic metres times state number times calorific value, each from its day on."""
    conversions = [
        {"valid_from": "2025-01-01", "calorific_milli": 11_000, "z_e4": 9500},
        {"valid_from": "2026-01-11", "calorific_milli": 10_000, "z_e4": 9600},
    ]
    meter = heating.meter("gas_m3", "G4", conversions=conversions)
    heating.read(meter, ("2026-01-01", 100_000), ("2026-02-01", 131_000))  # 1 m³ a day
    heating.tariff(meter, "2025-01-01", 1_000_000, 0)
    (month,) = heating.months(meter, to="2026-01", first="2026-01")
    # 10 m³ · 0.95 · 11 = 104.5 kWh and 21 m³ · 0.96 · 10 = 201.6 kWh; at 10 ct 3061 ct
    assert (month["amount_milli"], month["kwh_milli"], month["cost_minor"]) == (31_000, 306_100, 3061)


def test_gas_without_a_conversion_has_no_kilowatt_hours(heating: Any) -> None:
    """Without calorific value the report says cubic metres, and what is missing."""
    meter = heating.meter("gas_m3", "G4")
    heating.read(meter, ("2026-01-01", 100_000), ("2026-02-01", 131_000))
    (month,) = heating.months(meter)
    assert (month["amount_milli"], month["kwh_milli"]) == (31_000, None)
    assert month["missing"] == "no conversion to kWh for 2026-01-01"


def test_oil_becomes_kilowatt_hours(heating: Any) -> None:
    """Oil is litres times calorific value: 31 l of 9.8 kWh are 303.8 kWh."""
    meter = heating.meter("oil_l", "tank", conversions=[{"valid_from": "2025-01-01", "calorific_milli": 9800}])
    heating.read(meter, ("2026-01-01", 0), ("2026-02-01", 31_000))
    assert heating.months(meter, to="2026-01")[0]["kwh_milli"] == 303_800


def test_use_goes_on_over_an_exchange_and_a_roll_over(heating: Any) -> None:
    """An exchanged or rolled over meter has used what the old one and the new one counted together."""
    meter = heating.meter(digits=5)
    heating.read(meter, ("2026-01-01", 99_900_000))
    heating.made("readings", meter_id=meter, read_at="2026-02-01T00:00:00Z", value_milli=100_000, rolled_over=True)
    heating.made(
        "exchanges", meter_id=meter, exchanged_at="2026-02-11T00:00:00Z", old_final_milli=200_000, new_start_milli=7000
    )
    heating.read(meter, ("2026-03-01", 57_000), ("2026-04-01", 67_000))
    january, february, march = heating.months(meter)
    # 99900 → 100 is 200; 100 → 200 and 7 → 57 are 150; 57 → 67 is 10.
    assert [each["kwh_milli"] for each in (january, february, march)] == [200_000, 150_000, 10_000]
    assert [each["estimated"] for each in (january, february, march)] == [False, False, False]


def test_a_month_without_readings_says_so(heating: Any) -> None:
    """Months the readings do not reach are in the report, without numbers."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-11", 0), ("2026-01-21", 10_000))
    before, month, after = heating.months(meter, first="2025-12", to="2026-02")
    for each in (before, after):
        assert (each["kwh_milli"], each["cost_minor"], each["complete"], each["missing"]) == (
            None,
            None,
            False,
            "no readings",
        )
    assert (month["kwh_milli"], month["complete"]) == (10_000, False)
    empty = heating.meter(serial="empty")
    assert heating.months(empty) == []
    assert heating("GET", "reports/monthly", params={"from": "2026-02", "to": "2026-01"}).status_code == 422
    assert heating("GET", "reports/monthly", params={"meter": heating.new_id()}).status_code == 404


def advance(heating: Any, expense_id: str, day: date, minor: int, source: str = "manual") -> None:
    event = ExpenseRecorded.model_validate(
        {
            "expense_id": expense_id,
            "occurred_on": day,
            "amount_minor": minor,
            "currency": "EUR",
            "category_id": "category-1",
            "category_name": "Heating",
            "tag": "heating",
            "source": source,
            "version": 1,
        }
    )
    heating.write(lambda tx: HANDLERS[ExpenseRecorded](event, tx))


def test_cost_and_advances_side_by_side(heating: Any) -> None:
    """The cost report adds all meters by month and sets the advances paid against them; bills are no advances."""
    heat, gas = (
        heating.meter(),
        heating.meter("gas_m3", "G4", conversions=[{"valid_from": "2025-01-01", "calorific_milli": 10_000}]),
    )
    heating.read(heat, ("2026-01-01", 0), ("2026-02-01", 310_000))
    heating.read(gas, ("2026-01-01", 0), ("2026-02-01", 31_000))
    heating.tariff(heat, "2025-01-01", 1_000_000, 500)  # 310 kWh · 10 ct + 5 € = 36 €
    heating.tariff(gas, "2025-01-01", 2_000_000, 0)  # 31 m³ · 10 kWh · 20 ct = 62 €
    advance(heating, "a", date(2026, 1, 3), 8500)
    advance(heating, "b", date(2026, 1, 31), 500)
    advance(heating, "c", date(2026, 1, 31), 99_999, source="heating")
    advance(heating, "d", date(2026, 3, 3), 8500)
    report = heating.get("reports/cost")
    assert (report["as_of"], report["interpolation"], report["zone"]) == (
        "2026-11-24T12:00:00.000000Z",
        "linear",
        "UTC",
    )
    january, _, march = report["months"]
    assert january == {
        "month": "2026-01",
        "kwh_milli": 620_000,
        "complete": True,
        "missing": [],
        "currencies": [{"currency": "EUR", "cost_minor": 9800, "advances_minor": 9000, "balance_minor": -800}],
    }
    assert march["missing"] == ["gas_m3 G4: no readings", "heat_kwh 660: no readings"]
    assert march["currencies"] == [{"currency": "EUR", "cost_minor": 0, "advances_minor": 8500, "balance_minor": 8500}]


def test_costs_of_two_currencies_are_kept_apart(heating: Any) -> None:
    """Amounts of two currencies are never added."""
    for serial, currency in (("1", "EUR"), ("2", "DKK")):
        meter = heating.meter(serial=serial)
        heating.read(meter, ("2026-01-01", 0), ("2026-02-01", 100_000))
        heating.tariff(meter, "2025-01-01", 1_000_000, 0, currency)
    (month,) = heating.get("reports/cost", first="2026-01", to="2026-01")["months"]
    assert [(each["currency"], each["cost_minor"]) for each in month["currencies"]] == [("DKK", 1000), ("EUR", 1000)]


def test_without_anything_the_reports_are_empty(heating: Any) -> None:
    """A new household has reports without months, and no as_of."""
    assert heating.get("reports/cost") == {"interpolation": "linear", "zone": "UTC", "as_of": None, "months": []}
    assert heating.get("reports/monthly")["meters"] == []
