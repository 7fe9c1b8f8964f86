"""Three real exports, imported into pragmatic and brought across the bridge: both APIs must agree to the unit."""

import json
from collections import Counter
from typing import Any

import pytest
from laptop import CHECKOUT, HANGS_S, Api, Laptop

DATA = CHECKOUT.parent / "shared" / "data"
FILES = {"expenses": "expenses.csv", "gym": "gym-strong.csv", "heating": "heat-meter.csv"}

GIVEN = {"gym": ("--with", "weight=kg", "--with", "zone=Europe/Berlin")}
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(HANGS_S),
    pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not beside this checkout (../shared/data)"),
]


def test_real_exports_come_across_the_bridge_to_the_unit(laptop: Laptop) -> None:
    """Counts, monthly sums per category, volume per exercise and monthly kWh agree in pragmatic and in enterprise."""
    laptop.json("up", "pragmatic")
    rows = {}
    for domain, name in FILES.items():
        first = laptop.json("import", "pragmatic", domain, str(DATA / name), *GIVEN.get(domain, ()))
        again = laptop.json("import", "pragmatic", domain, str(DATA / name))
        assert (again["taken"], again["known"]) == (0, first["taken"] + first["known"]), domain
        rows[domain] = (first["taken"] + first["known"], first["refused"])
    # 2,461 rows, of which 160 transfers between own accounts are skipped; every set and every reading is taken.
    assert rows["gym"] == (2078, 0)
    assert rows["heating"] == (26256, 0)
    assert rows["expenses"] == (2301, 0)

    backup = laptop.json("bridge", "backup")["id"]
    report = laptop.json("up", "enterprise")
    assert report["backup"] == backup
    moved = json.loads(laptop.json("outputs", "enterprise")["bridge_report"])
    tables = [table["rows"] for domain in moved["domains"].values() for table in domain["tables"].values()]
    assert sum(tables) == laptop.json("bridge", "list")[0]["rows"] > 26256 + 2078 + 2301
    assert (moved["dropped"], moved["orphans"]) == ([], [])
    pragmatic, enterprise = laptop.api("pragmatic"), laptop.api("enterprise")
    assert _figures(enterprise) == _figures(pragmatic)
    assert _counts(enterprise) == _counts(pragmatic)


def _figures(api: Api) -> dict[str, Any]:
    """What people would look at: sums by month and category, volume by exercise, kWh by month."""
    return {
        "expenses": api.get("/expenses/reports/monthly?from=2015-01&to=2018-12").body["months"],
        "gym": api.get("/gym/reports/volume").body,
        "records": api.get("/gym/reports/records").body,
        "heating": api.get("/heating/reports/monthly?from=2018-01&to=2020-12").body["meters"],
    }


def _counts(api: Api) -> Counter[str]:
    """How many documents each list holds."""
    lists = ("/expenses/expenses", "/expenses/categories", "/gym/exercises", "/gym/workouts", "/heating/meters")
    return Counter({path: len(api.items(path)) for path in (*lists, "/heating/readings")})
