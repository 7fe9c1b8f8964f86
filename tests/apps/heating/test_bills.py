"""Tariffs and bills over HTTP."""

from typing import Any

import pytest

NEW = {"If-None-Match": "*"}
BILL = {
    "period_from": "2025-10-01",
    "period_to": "2026-09-30",
    "kwh_milli": 11_250_000,
    "amount_minor": 123_456,
    "currency": "EUR",
}


def test_a_bill_is_told_when_it_is_recorded_corrected_and_withdrawn(heating: Any) -> None:
    """Each change of a bill is published with the whole bill and its version."""
    made = heating("POST", "bills", json=BILL)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    bill = made.json()["id"]
    body = BILL | {"amount_minor": 120_000, "note": "meter read again"}
    assert heating("PUT", f"bills/{bill}", json=body, headers={"If-Match": '"1"'}).json()["version"] == 2
    assert heating("DELETE", f"bills/{bill}", headers={"If-Match": '"2"'}).status_code == 204
    assert heating("GET", f"bills/{bill}").status_code == 404
    data = BILL | {"bill_id": bill}
    assert heating.published() == [
        ("recorded.v1", data | {"version": 1}),
        ("corrected.v1", data | {"amount_minor": 120_000, "version": 2}),
        ("withdrawn.v1", data | {"amount_minor": 120_000, "version": 3}),
    ]
    again = heating("PUT", f"bills/{bill}", json=BILL, headers=NEW)
    assert (again.status_code, again.json()["version"]) == (201, 4)
    assert heating.published()[-1][0] == "recorded.v1"


def test_a_bill_sent_again_is_told_once(heating: Any) -> None:
    """A PUT whose answer was lost, and a POST with the same Idempotency-Key, make one bill and tell of it once."""
    path = f"bills/{heating.new_id()}"
    answers = [heating("PUT", path, json=BILL, headers=NEW) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 200]
    assert len(heating.published()) == 1
    key = {"Idempotency-Key": "bill-2026"}
    first, second = (heating("POST", "bills", json=BILL, headers=key) for _ in range(2))
    assert first.json() == second.json()
    assert len(heating.published()) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"period_to": "2025-09-30"},
        {"amount_minor": 0},
        {"amount_minor": 12.5},
        {"kwh_milli": -1},
        {"currency": "EURO"},
        {"currency": "XXX"},
        {"period_from": "2025-02-29"},
        {"meter": "660"},
    ],
)
def test_what_a_bill_cannot_be(heating: Any, wrong: dict[str, Any]) -> None:
    """An empty period, an amount of 0, unknown currencies and unknown fields are refused, and nothing is published."""
    assert heating("POST", "bills", json=BILL | wrong).status_code == 422
    assert heating.published() == []


def test_a_bill_over_one_day_and_one_that_gives_money_back(heating: Any) -> None:
    """A period of one day is a period; money given back is negative."""
    made = heating.made("bills", **BILL | {"period_from": "2026-09-30", "amount_minor": -500})
    assert made["amount_minor"] == -500


def test_bills_are_listed_newest_period_first(heating: Any) -> None:
    """The list goes by the last day of the period."""
    for year in (2024, 2026, 2025):
        heating.made("bills", **BILL | {"period_from": f"{year - 1}-10-01", "period_to": f"{year}-09-30"})
    first = heating.get("bills", limit=2)
    assert [each["period_to"][:4] for each in first["items"]] == ["2026", "2025"]
    rest = heating.get("bills", limit=2, cursor=first["next"])
    assert [each["period_to"][:4] for each in rest["items"]] == ["2024"]


def test_a_tariff_ends_the_one_before_it(heating: Any) -> None:
    """Tariffs of a meter begin on different days and share a currency, so that two never hold at once."""
    meter = heating.meter()
    first = heating.tariff(meter, "2026-01-01", 1_234_500, 990)
    body = {
        "meter_id": meter,
        "valid_from": "2026-01-01",
        "work_price_e5_minor_per_kwh": 1,
        "base_price_minor_per_month": 0,
        "currency": "EUR",
    }
    assert heating("POST", "tariffs", json=body).status_code == 409
    assert heating("POST", "tariffs", json=body | {"valid_from": "2026-02-01", "currency": "DKK"}).status_code == 422
    assert heating("POST", "tariffs", json=body | {"meter_id": heating.new_id()}).status_code == 422
    second = heating.tariff(meter, "2026-02-01", 1_300_000, 990)
    moved = heating("PUT", f"tariffs/{second}", json=body, headers={"If-Match": '"1"'})
    assert moved.status_code == 409
    fixed = heating("PUT", f"tariffs/{second}", json=body | {"valid_from": "2026-03-01"}, headers={"If-Match": '"1"'})
    assert (fixed.status_code, fixed.json()["version"]) == (200, 2)
    assert [each["id"] for each in heating.get("tariffs", meter=meter)["items"]] == [second, first]
    assert heating("DELETE", f"tariffs/{second}", headers={"If-Match": '"2"'}).status_code == 204
    # Alone, it may change its currency.
    alone = heating("PUT", f"tariffs/{first}", json=body | {"currency": "DKK"}, headers={"If-Match": '"1"'})
    assert alone.status_code == 200


def test_a_correction_whose_answer_was_lost_is_told_once(heating: Any) -> None:
    """The same correction sent again is answered with what is there, and nothing is published twice."""
    path = f"bills/{heating.made('bills', **BILL)['id']}"
    body = BILL | {"amount_minor": 120_000}
    answers = [heating("PUT", path, json=body, headers={"If-Match": '"1"'}) for _ in range(2)]
    assert [(each.status_code, each.json()["version"]) for each in answers] == [(200, 2), (200, 2)]
    assert len(heating.published()) == 2
    assert heating("PUT", path, json=body).status_code == 428
