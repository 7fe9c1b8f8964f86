"""Imports of readings are listed and undone, and what was deleted stays deleted."""

from typing import Any

HEADER = "meter_id,time_rounded,energy_heat_kwh"
ROWS = ("660,2026-01-01T00:00:00Z,5000.5", "660,2026-01-02T00:00:00Z,5020.5", "660,2026-01-03T00:00:00Z,5040.5")


def counts(report: Any) -> tuple[int, int, int]:
    return report["taken"], report["known"], report["refused"]


def undo(heating: Any, import_id: str, **parameters: Any) -> Any:
    answer = heating("DELETE", f"imports/{import_id}", params=parameters)
    assert answer.status_code == 200, answer.text
    report = answer.json()
    return report["removed"], report["kept"], report["gone"]


def delete(heating: Any, path: str) -> None:
    assert heating("DELETE", path, headers={"If-Match": "*"}).status_code == 204


def test_an_import_is_undone_with_its_meter(heating: Any) -> None:
    """Undoing removes readings and the meter that was made for them; then the same file is new again."""
    report = heating.take(HEADER, *ROWS, file_name="january.csv")
    assert undo(heating, report["import_id"]) == (3, 0, 0)
    assert heating.get("readings")["items"] == heating.get("meters")["items"] == []
    assert [
        (each["file_name"], each["taken"], each["undone_at"] is None) for each in heating.get("imports")["items"]
    ] == [("january.csv", 3, False)]
    assert counts(heating.take(HEADER, *ROWS)) == (3, 0, 0)


def test_a_meter_in_use_stays(heating: Any) -> None:
    """A meter that was there before, has a tariff, or was given a name is not removed with its imported readings."""
    heating.meter(serial="661")
    report = heating.take(
        HEADER, *ROWS, *(row.replace("660", "661") for row in ROWS), *(row.replace("660", "662") for row in ROWS)
    )
    meters = {each["serial"]: each for each in heating.get("meters")["items"]}
    heating.tariff(meters["660"]["id"], "2026-01-01", 1_200_000, 0)
    named = {"kind": "heat_kwh", "serial": "662", "name": "Cellar"}
    assert heating("PUT", f"meters/{meters['662']['id']}", json=named, headers={"If-Match": "*"}).status_code == 200
    assert undo(heating, report["import_id"]) == (9, 0, 0)
    assert [each["serial"] for each in heating.get("meters")["items"]] == ["661", "660", "662"]


def test_what_was_deleted_stays_deleted(heating: Any) -> None:
    """A reading its owner has deleted is known and does not come back, unless he asks for it with again."""
    heating.take(HEADER, *ROWS)
    middle = heating.get("readings")["items"][1]
    delete(heating, f"readings/{middle['id']}")
    assert counts(heating.take(HEADER, *ROWS)) == (0, 3, 0)
    assert len(heating.get("readings")["items"]) == 2
    assert counts(heating.take(HEADER, *ROWS, again="true")) == (1, 2, 0)
    assert [value for _, value in heating.shown()] == [5_000_500, 5_020_500, 5_040_500]


def test_a_deleted_reading_with_another_value_is_another_one(heating: Any) -> None:
    """What was deleted is what the row meant: when a file brings another value for that instant, it is taken."""
    heating.take(HEADER, *ROWS)
    delete(heating, f"readings/{heating.get('readings')['items'][1]['id']}")
    assert counts(heating.take(HEADER, ROWS[0], ROWS[1].replace("5020.5", "5021.5"), ROWS[2])) == (1, 2, 0)


def test_changed_readings_are_asked_about(heating: Any) -> None:
    """A reading that was corrected since is not undone unasked: refused, kept or removed, as the caller says."""
    report = heating.take(HEADER, *ROWS)
    newest = heating.get("readings")["items"][0]
    changed = {"meter_id": newest["meter_id"], "read_at": newest["read_at"], "value_milli": 5_041_000}
    assert heating("PUT", f"readings/{newest['id']}", json=changed, headers={"If-Match": "*"}).status_code == 200
    refused = heating("DELETE", f"imports/{report['import_id']}")
    assert refused.status_code == 409
    assert "1 of the 3 records" in refused.json()["detail"]
    assert undo(heating, report["import_id"], edited="keep") == (2, 1, 0)
    assert [value for _, value in heating.shown()] == [5_041_000]


def test_a_roll_over_passes_to_the_next_reading(heating: Any) -> None:
    """When the reading that says so is undone, the one after it says that the meter has rolled over."""
    first = heating.take(HEADER, "660,2026-01-01T00:00:00Z,99990.5", digits="5")
    second = heating.take(HEADER, "660,2026-01-02T00:00:00Z,10.5", "660,2026-01-03T00:00:00Z,20.5")
    third = heating.take(HEADER, "660,2026-01-04T00:00:00Z,30.5")
    assert [counts(each) for each in (first, second, third)] == [(1, 0, 0), (2, 0, 0), (1, 0, 0)]
    assert undo(heating, second["import_id"]) == (2, 0, 0)
    newest, oldest = heating.get("readings")["items"]
    assert (newest["value_milli"], newest["rolled_over"], newest["version"]) == (30_500, True, 2)
    assert oldest["rolled_over"] is False
    # 100,000 - 99,990.5 + 30.5 = 40
    assert heating.months(newest["meter_id"])[0]["kwh_milli"] == 40_000
