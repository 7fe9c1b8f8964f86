"""Rows that were judged are checked once more when they are written, and a file's order never matters."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.imports.intake import Run
from apps.heating.imports.taking import Taken, Target, take

HEADER = "meter_id,time_rounded,energy_heat_kwh"
HOUR = 3_600_000_000
RUN = "0196f0c4-0000-7000-8000-00000000ffff"


def rows(*values: int) -> list[Taken]:
    """What one meter showed each hour from 1970 on, in whole kWh."""
    return [Taken(0, hour * HOUR, value * 1000, False, False, None) for hour, value in enumerate(values)]


def test_what_was_written_in_between_is_believed(heating: Any) -> None:
    """Somebody keeps a reading after a file was judged: rows that contradict it are refused when they are written."""
    heating.read(heating.meter(), ("1970-01-01T01:30:00Z", 105_000))
    outcomes = heating.write(
        lambda tx: take(
            rows(100, 104, 103, 106, 104, 108), ["660"], Target("heat_kwh", None, tx, Run(RUN, again=False))
        )
    )
    assert [each.result for each in outcomes] == ["taken", "taken", "refused", "taken", "refused", "taken"]
    assert "is less than the 105.000" in outcomes[2].reason
    assert [value for _, value in heating.shown()] == [100_000, 104_000, 105_000, 106_000, 108_000]


def test_an_instant_taken_in_between(heating: Any) -> None:
    """A reading kept at the very instant of a row, after the file was judged, stays."""
    heating.read(heating.meter(), ("1970-01-01T01:00:00Z", 105_000))
    outcomes = heating.write(
        lambda tx: take(rows(100, 106, 107), ["660"], Target("heat_kwh", None, tx, Run(RUN, again=False)))
    )
    assert [each.result for each in outcomes] == ["taken", "refused", "taken"]
    assert outcomes[1].reason == "a reading of 105.000 at 1970-01-01T01:00:00.000000Z already exists"


def test_an_exchange_recorded_in_between(heating: Any) -> None:
    """An exchange after the file was judged makes its later rows too large for the new meter's start, or fit it."""
    meter = heating.meter()
    swap = {"meter_id": meter, "exchanged_at": "1970-01-01T01:30:00Z", "old_final_milli": 102_000}
    heating.made("exchanges", new_start_milli=500_000, **swap)
    outcomes = heating.write(
        lambda tx: take(rows(100, 101, 102, 501), ["660"], Target("heat_kwh", None, tx, Run(RUN, again=False)))
    )
    assert [each.result for each in outcomes] == ["taken", "taken", "refused", "taken"]


def test_a_thousand_readings_between_two_rows(heating: Any) -> None:
    """Rows of each day fit between the readings of each hour, more of them than a part looks at in one."""
    hours = [
        f"660,2026-{1 + h // 672:02d}-{1 + h % 672 // 24:02d}T{h % 24:02d}:00:00Z,{5000 + h}.5" for h in range(2688)
    ]
    assert heating.take(HEADER, *hours)["taken"] == 2688
    days = [row.replace(":00:00Z", ":30:00Z").replace(".5", ".7") for row in hours[::24]]
    assert heating.take(HEADER, *days)["taken"] == 112
    assert heating.take(HEADER, *days)["known"] == 112


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_the_order_of_a_file_does_not_matter(heating: Any, data: st.DataObject) -> None:
    """Rows in any order give the same readings, whatever is false among them."""
    values = data.draw(st.lists(st.integers(0, 20), min_size=2, max_size=12))
    serial = heating.new_id()
    lines = [f"A{serial},2026-01-10T{hour:02d}:00:00Z,{5000 + value}.5" for hour, value in enumerate(values)]
    mixed = data.draw(st.permutations(lines))
    first = heating.take(HEADER, *lines, values="level")
    second = heating.take(HEADER, *(line.replace("A", "B", 1) for line in mixed), values="level")
    assert (first["taken"], first["refused"]) == (second["taken"], second["refused"])
    shown = heating.rows(
        "SELECT read_at, value_milli, count(*) FROM heating_reading JOIN heating_meter ON heating_meter.id = meter_id"
        " WHERE serial IN (:a, :b) GROUP BY 1, 2",
        a=f"A{serial}",
        b=f"B{serial}",
    )
    assert {count for _, _, count in shown} <= {2}
