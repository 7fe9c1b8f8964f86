"""Meters, readings and exchanges over HTTP."""

from typing import Any

import pytest

NEW = {"If-None-Match": "*"}


def test_a_meter_is_made_read_changed_and_removed(heating: Any) -> None:
    """A meter has a version as its ETag; a change names the version it changes."""
    body = {
        "kind": "gas_m3",
        "serial": "G4-77",
        "digits": 5,
        "conversions": [{"valid_from": "2026-01-01", "calorific_milli": 11_234, "z_e4": 9521}],
    }
    made = heating("POST", "meters", json=body)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    path = f"meters/{made.json()['id']}"
    assert made.headers["location"] == f"/api/v1/heating/{path}"
    assert heating.get(path) == body | {"id": made.json()["id"], "name": None, "version": 1}
    assert heating.get("meters") == {"items": [heating.get(path)], "next": None}
    assert heating("GET", path, headers={"If-None-Match": '"1"'}).status_code == 304
    assert heating("PUT", path, json=body).status_code == 428
    changed = heating("PUT", path, json=body | {"name": "Cellar"}, headers={"If-Match": '"1"'})
    assert (changed.json()["name"], changed.json()["version"]) == ("Cellar", 2)
    assert heating("DELETE", path, headers={"If-Match": '"1"'}).status_code == 412
    assert heating("DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    assert heating("GET", path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "steam"},
        {"digits": 0},
        {"digits": 10},
        {"serial": " "},
        {"unit": "kWh"},
        {"kind": "heat_kwh", "conversions": [{"valid_from": "2026-01-01", "calorific_milli": 1000}]},
        {"kind": "oil_l", "conversions": [{"valid_from": "2026-01-01", "calorific_milli": 10_000, "z_e4": 9500}]},
        {"conversions": [{"valid_from": "2026-01-01", "calorific_milli": 11_000}] * 2},
        {"conversions": [{"valid_from": day, "calorific_milli": 11_000} for day in ("2026-02-01", "2026-01-01")]},
    ],
)
def test_what_a_meter_cannot_be(heating: Any, wrong: dict[str, Any]) -> None:
    """Unknown kinds, impossible digits, and conversions that make no sense are refused."""
    assert heating("POST", "meters", json={"kind": "gas_m3", "serial": "1"} | wrong).status_code == 422


def test_a_serial_is_taken_once_a_kind(heating: Any) -> None:
    """Two meters of a kind cannot have the same serial."""
    heating.meter("heat_kwh", "660")
    heating.meter("gas_m3", "660")
    assert heating("POST", "meters", json={"kind": "heat_kwh", "serial": "660"}).status_code == 409


def test_readings_settle_what_a_meter_is(heating: Any) -> None:
    """A meter with readings keeps its kind and stays, and cannot get fewer digits than it has shown."""
    meter = heating.meter(digits=5)
    heating.read(meter, ("2026-01-01", 12_345_000))
    for body in ({"kind": "gas_m3", "serial": "660"}, {"kind": "heat_kwh", "serial": "660", "digits": 4}):
        assert heating("PUT", f"meters/{meter}", json=body, headers={"If-Match": "*"}).status_code == 409
    assert heating("DELETE", f"meters/{meter}", headers={"If-Match": "*"}).status_code == 409


def reading(meter: str, at: str, value: int, **fields: Any) -> dict[str, Any]:
    return {"meter_id": meter, "read_at": f"{at}T00:00:00Z", "value_milli": value} | fields


def test_a_reading_lies_between_its_neighbours(heating: Any) -> None:
    """A reading is not less than the one before it nor more than the one after it, and there is one an instant."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-10", 100_000), ("2026-01-20", 200_000))
    heating.read(meter, ("2026-01-15", 150_000), ("2026-01-05", 100_000), ("2026-01-25", 200_000))
    for at, value in (
        ("2026-01-16", 149_999),
        ("2026-01-16", 200_001),
        ("2026-01-26", 199_999),
        ("2026-01-04", 100_001),
    ):
        refused = heating("POST", "readings", json=reading(meter, at, value))
        assert refused.status_code == 409, (at, value)
        assert "a meter counts up" in refused.json()["detail"]
    taken = heating("POST", "readings", json=reading(meter, "2026-01-15", 150_000))
    assert taken.status_code == 409
    assert "a reading of 150.000 at 2026-01-15" in taken.json()["detail"]
    # Written with another offset it is the same instant.
    same = reading(meter, "2026-01-15", 150_000) | {"read_at": "2026-01-15T01:00:00+01:00"}
    assert heating("POST", "readings", json=same).status_code == 409


def test_a_reading_is_corrected_and_removed(heating: Any) -> None:
    """A reading is a document with a version; corrected or moved, it must fit its new neighbours."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-10", 100_000), ("2026-01-20", 200_000))
    path = f"readings/{heating.new_id()}"
    body = reading(meter, "2026-01-15", 150_000)
    assert heating("PUT", path, json=body, headers=NEW).status_code == 201
    assert heating("PUT", path, json=body, headers=NEW).status_code == 200
    assert heating("PUT", path, json=body | {"value_milli": 1}, headers=NEW).status_code == 412
    assert heating("PUT", path, json=body | {"value_milli": 99_999}, headers={"If-Match": '"1"'}).status_code == 409
    moved = reading(meter, "2026-01-25", 250_000, note="seen late")
    assert heating("PUT", path, json=moved, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert heating.get(path)["read_at"] == "2026-01-25T00:00:00.000000Z"
    assert heating.get(path)["source"] == "manual"
    other = heating.meter("gas_m3")
    assert heating("PUT", path, json=moved | {"meter_id": other}, headers={"If-Match": '"2"'}).status_code == 409
    assert heating("DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    assert heating("GET", path).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"value_milli": -1},
        {"value_milli": 1.5},
        {"value_milli": "1"},
        {"rolled_over": 1},
        {"read_at": "2026-01-15"},
        {"read_at": 1736899200},
        {"source": "import"},
        {"value_milli": 100_000_000},
        {"meter_id": "0196f0c4-0000-7000-8000-ffffffffffff"},
    ],
)
def test_what_a_reading_cannot_be(heating: Any, wrong: dict[str, Any]) -> None:
    """Negative values, values beyond the meter's digits, times without a zone and unknown meters are refused."""
    meter = heating.meter(digits=5)
    assert heating("POST", "readings", json=reading(meter, "2026-01-15", 99_999_999)).status_code == 201
    assert heating("POST", "readings", json=reading(meter, "2026-01-16", 99_999_999) | wrong).status_code == 422


def test_a_meter_rolls_over(heating: Any) -> None:
    """A smaller reading is taken when it says that the meter has passed its last digit since the one before."""
    meter = heating.meter(digits=5)
    heating.read(meter, ("2026-01-01", 99_990_000))
    over = reading(meter, "2026-01-03", 20_000)
    assert heating("POST", "readings", json=over).status_code == 409
    made = heating.made("readings", **over, rolled_over=True)
    # What lies in between must be on the old round, and what makes the roll-over true must stay.
    heating.read(meter, ("2026-01-02", 99_995_000))
    assert (
        heating(
            "PUT", f"meters/{meter}", json={"kind": "heat_kwh", "serial": "660", "digits": 6}, headers={"If-Match": "*"}
        ).status_code
        == 409
    )
    heating.read(meter, ("2026-01-04", 25_000))
    gone = heating("DELETE", f"readings/{made['id']}", headers={"If-Match": "*"})
    assert gone.status_code == 409  # the reading of the 4th would be less than that of the 2nd


def test_a_meter_is_exchanged(heating: Any) -> None:
    """After an exchange readings start again; the exchange must agree with the readings around it."""
    meter = heating.meter()
    heating.read(meter, ("2026-01-01", 800_000))
    swap = {
        "meter_id": meter,
        "exchanged_at": "2026-01-03T00:00:00Z",
        "old_final_milli": 790_000,
        "new_start_milli": 5000,
    }
    assert heating("POST", "exchanges", json=swap).status_code == 409
    made = heating.made("exchanges", **swap | {"old_final_milli": 810_000})
    assert heating("POST", "exchanges", json=swap | {"old_final_milli": 810_000}).status_code == 409
    assert heating("POST", "readings", json=reading(meter, "2026-01-03", 5000)).status_code == 409
    assert heating("POST", "readings", json=reading(meter, "2026-01-05", 4000)).status_code == 409
    heating.read(meter, ("2026-01-05", 25_000))
    path = f"exchanges/{made['id']}"
    late = swap | {"old_final_milli": 810_000, "exchanged_at": "2026-01-06T00:00:00Z"}
    assert heating("PUT", path, json=late, headers={"If-Match": '"1"'}).status_code == 409
    fixed = swap | {"old_final_milli": 812_000}
    assert heating("PUT", path, json=fixed, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert heating.get("exchanges", meter=meter)["items"] == [heating.get(path)]
    assert heating("DELETE", path, headers={"If-Match": '"2"'}).status_code == 409
    assert heating.get(path)["old_final_milli"] == 812_000


def test_readings_are_listed_newest_first(heating: Any) -> None:
    """The list goes by instant, the newest first, of one meter and a span when asked."""
    meter, other = heating.meter(), heating.meter("gas_m3")
    heating.read(meter, ("2026-01-01", 1000), ("2026-01-02", 2000), ("2026-01-03", 3000))
    heating.read(other, ("2026-01-02T12:00:00Z", 9000))
    assert [each["value_milli"] for each in heating.get("readings")["items"]] == [3000, 9000, 2000, 1000]
    first = heating.get("readings", meter=meter, limit=2)
    assert [each["value_milli"] for each in first["items"]] == [3000, 2000]
    rest = heating.get("readings", meter=meter, limit=2, cursor=first["next"])
    assert [each["value_milli"] for each in rest["items"]] == [1000]
    span = heating.get("readings", first="2026-01-02T00:00:00Z", before="2026-01-03T00:00:00Z")
    assert [each["value_milli"] for each in span["items"]] == [9000, 2000]
    assert span["items"][1] == heating.get(f"readings/{span['items'][1]['id']}")
