"""What one domain tells another, seen over HTTP: in process in the monolith, over SNS and SQS between the services."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

WAIT_S = 60


def eventually(look: Callable[[], T], until: Callable[[T], bool]) -> T:
    """What `look` sees as soon as it is as hoped; fails with what it saw last."""
    deadline = time.monotonic() + WAIT_S
    while not until(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {WAIT_S} s"
        time.sleep(0.02)
    return seen


def bill(minor: int, period_to: str) -> dict[str, Any]:
    return {
        "period_from": "2025-10-01",
        "period_to": period_to,
        "kwh_milli": 11_250_000,
        "amount_minor": minor,
        "currency": "EUR",
    }


def visits(api: Any, month: str, number: int) -> list[Any]:
    """Workouts of a month, completed."""
    made = []
    for day in range(1, number + 1):
        times = {"started_at": f"{month}-{day:02d}T18:00:00+02:00", "ended_at": f"{month}-{day:02d}T19:00:00+02:00"}
        workout = api.made("gym/workouts", times)
        path = f"gym/workouts/{workout['id']}/complete"
        answer = api("POST", path, json={}, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        made.append(answer.json())
    return made


def test_a_heating_bill_is_an_expense(api: Any) -> None:
    """A heating bill shows up among the expenses once; a correction corrects it, a withdrawal takes it away."""
    day = {"from": "2027-01-31", "to": "2027-01-31"}

    def expenses() -> Any:
        items = api("GET", "expenses/expenses", params=day).json()["items"]
        return [(item["amount_minor"], item["source"], item["source_ref"]) for item in items]

    made = api.made("heating/bills", bill(123456, "2027-01-31"))
    path = f"heating/bills/{made['id']}"
    eventually(expenses, lambda seen: seen == [(123456, "heating", made["id"])])
    corrected = api("PUT", path, json=bill(120000, "2027-01-31"), headers={"If-Match": '"1"'})
    assert corrected.status_code == 200
    eventually(expenses, lambda seen: seen == [(120000, "heating", made["id"])])
    (item,) = api("GET", "expenses/expenses", params=day).json()["items"]
    category = api("GET", f"expenses/categories/{item['category_id']}").json()
    assert (category["name"], category["tag"]) == ("Heating", "heating")
    refused = api("DELETE", f"expenses/expenses/{item['id']}", headers={"If-Match": "*"})
    assert (refused.status_code, "withdraw the bill" in refused.json()["detail"]) == (409, True)
    assert api("DELETE", path, headers={"If-Match": '"2"'}).status_code == 204
    eventually(expenses, lambda seen: seen == [])


def test_a_visit_has_a_price_in_expenses(api: Any) -> None:
    """Gym 49.90 €, 6 visits, 8.32 € each: workouts of gym beside the membership of expenses."""
    category = api.category(tag="gym")
    api.expense(category, occurred_on="2027-02-01", amount_minor=4990)

    def report() -> Any:
        (month,) = api("GET", "expenses/reports/monthly", params={"from": "2027-02"}).json()["months"]
        (row,) = month["currencies"][0]["categories"]
        return (row["amount_minor"], row["visits"], row["per_visit_minor"])

    made = visits(api, "2027-02", 6)
    eventually(report, lambda seen: seen == (4990, 6, 832))
    last = made[-1]
    removed = api("DELETE", f"gym/workouts/{last['id']}", headers={"If-Match": f'"{last["version"]}"'})
    assert removed.status_code == 204
    eventually(report, lambda seen: seen == (4990, 5, 998))


def test_a_membership_has_a_price_per_visit_in_gym(api: Any) -> None:
    """The same the other way round: gym hears of tagged expenses, and of those whose category is tagged later."""
    category = api.category()
    api.expense(category, occurred_on="2027-03-01", amount_minor=3000)
    visits(api, "2027-03", 2)

    def report() -> Any:
        months = api("GET", "gym/reports/cost-per-visit", params={"from": "2027-03", "to": "2027-03"}).json()["months"]
        return [(month["visits"], [each["per_visit_minor"] for each in month["costs"]]) for month in months]

    assert report() == [(2, [])]
    path = f"expenses/categories/{category['id']}"
    tagged = {"name": category["name"], "tag": "gym"}
    assert api("PUT", path, json=tagged, headers={"If-Match": '"1"'}).status_code == 200
    eventually(report, lambda seen: seen == [(2, [1500])])
    assert api("PUT", path, json={"name": category["name"]}, headers={"If-Match": '"2"'}).status_code == 200
    eventually(report, lambda seen: seen == [(2, [])])


def test_an_advance_is_paid_in_heating(api: Any) -> None:
    """Heating counts expenses tagged heating as advances, but never the expense made from its own bill."""
    category = api.category(tag="heating")
    paid = api.expense(category, occurred_on="2027-04-01", amount_minor=8500)
    api.made("heating/bills", bill(99900, "2027-04-30"))

    def booked() -> Any:
        items = api("GET", "expenses/expenses", params={"from": "2027-04-30", "to": "2027-04-30"}).json()["items"]
        return [item["amount_minor"] for item in items]

    def advances() -> Any:
        months = api("GET", "heating/reports/cost", params={"from": "2027-04", "to": "2027-04"}).json()["months"]
        return [each["advances_minor"] for month in months for each in month["currencies"]]

    eventually(booked, lambda seen: seen == [99900])
    eventually(advances, lambda seen: seen == [8500])
    # Told after the bill's expense: what heating knows now, it knows with that one behind it.
    api("DELETE", f"expenses/expenses/{paid['id']}", headers={"If-Match": '"1"'})
    eventually(advances, lambda seen: sum(seen) == 0)
