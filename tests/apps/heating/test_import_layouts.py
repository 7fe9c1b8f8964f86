"""Layouts of other files: lists of readings as people keep them, and what portals and Home Assistant export."""

from typing import Any

import pytest

MORE = {"zone": "Europe/Berlin"}


def counts(report: Any) -> tuple[int, int, int]:
    return report["taken"], report["known"], report["refused"]


def decided(report: Any) -> dict[str, tuple[str, str]]:
    return {each["name"]: (each["value"], each["how"]) for each in report["decisions"]}


GAS = (
    "Datum;Zählernummer;Zählerstand in m³;Notiz",
    "01.01.2026;G4;5.347,5;",
    "01.02.2026;G4;5.597,5;",
    "1.3.2026;G4;5.797,5;warm",
)


def test_monthly_gas_as_people_keep_it(heating: Any) -> None:
    """Dates with dots, a comma before the decimals, m³ in the header: a gas meter, read at local midnights."""
    report = heating.take(*GAS, **MORE)
    assert counts(report) == (3, 0, 0)
    assert decided(report) == {
        "kind": ("gas_m3", "declared"),
        "unit": ("m3", "declared"),
        "decimal": ("comma", "proved"),
        "dates": ("day-first", "assumed"),
        "zone": ("Europe/Berlin", "given"),
        "values": ("level", "assumed"),
    }
    assert heating.shown() == [
        ("2025-12-31T23:00", 5_347_500),
        ("2026-01-31T23:00", 5_597_500),
        ("2026-02-28T23:00", 5_797_500),
    ]


def test_gas_without_a_conversion_has_no_kilowatt_hours(heating: Any) -> None:
    """Cubic metres are no kWh: the report says so until the meter has its calorific value and state number."""
    heating.take(*GAS, **MORE)
    meter = heating.get("meters")["items"][0]
    (january, february) = heating.months(meter["id"], zone="Europe/Berlin")
    assert (january["amount_milli"], january["kwh_milli"], january["missing"]) == (
        250_000,
        None,
        "no conversion to kWh for 2026-01-01",
    )
    conversion = {"valid_from": "2025-01-01", "calorific_milli": 11_200, "z_e4": 9500}
    body = {"kind": "gas_m3", "serial": "G4", "conversions": [conversion]}
    heating("PUT", f"meters/{meter['id']}", json=body, headers={"If-Match": "*"})
    (january, february) = heating.months(meter["id"], zone="Europe/Berlin")
    # 250 m³ · 0.95 · 11.2 = 2660 kWh; 200 m³ · 0.95 · 11.2 = 2128 kWh; both from local midnight to local midnight
    assert [(each["kwh_milli"], each["complete"], each["estimated"]) for each in (january, february)] == [
        (2_660_000, True, False),
        (2_128_000, True, False),
    ]


@pytest.mark.parametrize(
    ("header", "kind", "milli"),
    [
        ("date,meter,gas_m3", "gas_m3", 1500),
        ("date,meter,heat_kwh", "heat_kwh", 1500),
        ("date,meter,heat_mwh", "heat_kwh", 1_500_000),
        ("date,meter,electricity_kwh", "electricity_kwh", 1500),
        ("date,meter,oil_l", "oil_l", 1500),
        ("timestamp,serial,value (m3)", "gas_m3", 1500),
    ],
)
def test_the_header_says_what_is_counted(heating: Any, header: str, kind: str, milli: int) -> None:
    """The name of the value's column says the kind of the meter and the unit."""
    heating.take(header, "2026-01-01,A1,1.5", **MORE)
    assert [each["kind"] for each in heating.get("meters")["items"]] == [kind]
    assert heating.shown() == [("2025-12-31T23:00", milli)]


def test_what_a_file_does_not_say(heating: Any) -> None:
    """Kind, meter and zone are asked for, never guessed; then the next file of that meter knows its kind and zone."""
    rows = ("2026-01-01,5.5", "2026-02-01,6.5")
    assert "give meter" in heating.refusal("date,value", *rows)
    assert "give kind=" in heating.refusal("date,value", *rows, meter="A1")
    assert "give its zone" in heating.refusal("date,value", *rows, meter="A1", kind="gas_m3")
    assert counts(heating.take("date,value", *rows, meter="A1", kind="gas_m3", **MORE)) == (2, 0, 0)
    next_one = heating.take("date,value", "2026-03-01,7.5", meter="A1")
    assert (decided(next_one)["kind"], decided(next_one)["zone"]) == (("gas_m3", "known"), ("Europe/Berlin", "known"))


def test_what_contradicts_the_header(heating: Any) -> None:
    """A unit or a kind that the header denies is refused, and so is a meter beside a column of meters."""
    rows = ("2026-01-01,A1,5.5",)
    assert "count in m3, not in kWh" in heating.refusal("date,meter,gas_m3", *rows, unit="kWh", **MORE)
    assert "leave kind out" in heating.refusal("date,meter,gas_m3", *rows, kind="oil_l", **MORE)
    assert "leave meter out" in heating.refusal("date,meter,gas_m3", *rows, meter="A2", **MORE)


def test_the_order_of_day_and_month_is_one_for_the_file(heating: Any) -> None:
    """01/02 is either: nothing is taken before another date, or the owner, says which."""
    header = "date,meter,gas_m3"
    rows = ("01/02/2026,A1,5.5", "01/03/2026,A1,6.5")
    assert "dates=day-first or dates=month-first" in heating.refusal(header, *rows, **MORE)
    assert decided(heating.take(header, *rows, "01/31/2026,A1,9.5", dry_run="true", **MORE))["dates"] == (
        "month-first",
        "proved",
    )
    heating.take(header, *rows, dates="month-first", **MORE)
    assert [at for at, _ in heating.shown()] == ["2026-01-01T23:00", "2026-01-02T23:00"]


def test_two_orders_in_one_file(heating: Any) -> None:
    """A file with 31/01 and 01/31 contradicts itself: nothing is taken, both lines are named."""
    detail = heating.refusal("date,meter,gas_m3", "31/01/2026,A1,5.5", "01/31/2026,A1,6.5", **MORE)
    assert "line 2 (31/01/2026) proves day-first, line 3 (01/31/2026) proves month-first" in detail
    report = heating.take("date,meter,gas_m3", "31/01/2026,A1,5.5", "02/28/2026,A1,6.5", dates="day-first", **MORE)
    assert [each["reason"] for each in report["refusals"]] == ["date is no date with the day first"]


def test_times_that_a_zone_has_not_or_has_twice(heating: Any) -> None:
    """02:30 in spring is no time; in autumn it is two, and one row does not tell which."""
    report = heating.take(
        "time,meter,heat_kwh", "2026-03-29 02:30,A1,5.5", "2026-10-25 02:30,A1,6.5", "2026-10-26 02:30,A1,7.5", **MORE
    )
    assert [each["reason"] for each in report["refusals"]] == [
        "time says 2026-03-29 02:30:00, an hour that Europe/Berlin skips in spring",
        "time says 2026-10-25 02:30:00, which Europe/Berlin has twice in autumn; write it with an offset",
    ]
    assert heating.shown() == [("2026-10-26T01:30", 7500)]


def test_eloverblik(heating: Any) -> None:
    """Hours of a Danish electricity meter: begin and end named, a comma before the decimals, local times."""
    report = heating.take(
        "\ufeffMålepunktsID;Fra_dato;Til_dato;Mængde;Måleenhed;Kvalitet;Type",
        "571313155411053087;01-02-2026 00:00:00;01-02-2026 01:00:00;0,198;KWH;Målt;Tidsserie",
        "571313155411053087;01-02-2026 01:00:00;01-02-2026 02:00:00;1,196;KWH;Målt;Tidsserie",
        zone="Europe/Copenhagen",
    )
    assert counts(report) == (2, 0, 0)
    # 0.198 + 1.196 = 1.394
    assert heating.shown() == [("2026-01-31T23:00", 0), ("2026-02-01T00:00", 198), ("2026-02-01T01:00", 1394)]
    assert heating.get("meters")["items"][0]["kind"] == "electricity_kwh"


def test_octopus(heating: Any) -> None:
    """Half hours with offsets, over the autumn change: the two 01:30 are two intervals."""
    rows = (
        "0.579000, 2026-10-25T00:30:00+01:00, 2026-10-25T01:00:00+01:00",
        "0.421000, 2026-10-25T01:00:00+01:00, 2026-10-25T01:30:00+01:00",
        "0.250000, 2026-10-25T01:30:00+01:00, 2026-10-25T01:00:00Z",
        "0.750000, 2026-10-25T01:00:00Z, 2026-10-25T01:30:00Z",
    )
    header = "Consumption (kwh), Start, End"
    assert "give meter" in heating.refusal(header, *rows)
    assert "kind=heat_kwh or kind=electricity_kwh" in heating.refusal(header, *rows, meter="E1")
    assert counts(heating.take(header, *rows, meter="E1", kind="electricity_kwh")) == (4, 0, 0)
    assert heating.shown()[0] == ("2026-10-24T23:30", 0)
    assert heating.shown()[-1] == ("2026-10-25T01:30", 2000)


def test_home_assistant_statistics(heating: Any) -> None:
    """Long-term statistics: a row of an hour holds the sum at the hour's end; the unit column says m³."""
    report = heating.take(
        "statistic_id,unit,start,sum,state",
        "sensor.gas,m³,26.01.2026 12:00,10.5,5100.5",
        "sensor.gas,m³,26.01.2026 13:00,11.5,5101.5",
        "sensor.gas,m³,26.01.2026 14:00,,",
        "sensor.gas,m³,29.03.2026 01:00,90.5,5190.5",
        **MORE,
    )
    assert (counts(report), report["skipped"]) == ((3, 0, 0), 1)
    # The last is the hour before summer time begins: it ends at an hour that no clock shows.
    assert heating.shown() == [("2026-01-26T12:00", 10_500), ("2026-01-26T13:00", 11_500), ("2026-03-29T01:00", 90_500)]
    assert heating.get("meters")["items"][0]["kind"] == "gas_m3"


def test_home_assistant_history(heating: Any) -> None:
    """The history of an entity: what was not to be had is skipped and noted."""
    report = heating.take(
        "entity_id,state,last_changed",
        "sensor.heat,5347.5,2026-01-26T12:00:00.123Z",
        "sensor.heat,unavailable,2026-01-26T12:30:00.000Z",
        "sensor.heat,5348.5,2026-01-26T13:00:00.123Z",
        kind="heat_kwh",
    )
    assert (counts(report), report["skipped"]) == ((2, 0, 0), 1)
    assert report["notes"] == ["1 row skipped: state says 'unavailable'."]


def test_a_unit_that_changes_within_a_file(heating: Any) -> None:
    """A row in another unit than the rows before it is refused."""
    report = heating.take(
        "date,meter,value,unit",
        "2026-01-01,A1,5.5,MWh",
        "2026-01-02,A1,5600,kWh",
        "2026-01-03,A1,5,bar",
        kind="heat_kwh",
        **MORE,
    )
    assert [each["reason"] for each in report["refusals"]] == [
        "unit says 'kWh', but the file is read in MWh (line 2 says MWh)",
        "unit says 'bar', which is none of GJ, MWh, Wh, kWh, l, m3",
    ]
    assert heating.shown() == [("2025-12-31T23:00", 5_500_000)]
