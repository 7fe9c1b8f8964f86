"""One clock for everybody: old zone files of the system change nothing that the app says."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.apps.running import StartApp
from tests.old_zones import write_old_zones

ROOT = Path(__file__).parents[3]
VANCOUVER_IN_WINTER = """
import zoneinfo
from datetime import datetime
print(datetime(2026, 11, 15, tzinfo=zoneinfo.ZoneInfo("America/Vancouver")).utcoffset().total_seconds() / 3600)
"""
STRONG = (
    "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    '2026-11-15 08:00:00,"Push",1h,"Bench Press (Barbell)",1,75.0,8,0,0,"","",\n'
)


@pytest.fixture
def old(tmp_path: Path) -> dict[str, str]:
    """The variable that has Python read old zone files."""
    return write_old_zones(tmp_path / "zoneinfo")


def python(program: str, environment: Mapping[str, str], *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_old_files_are_read_where_nobody_prevents_it(old: dict[str, str]) -> None:
    """So the other tests of this file can fail: plain Python has -08 for Vancouver's winter, the package -07."""
    assert python(VANCOUVER_IN_WINTER, old).stdout == "-8.0\n"
    assert python(VANCOUVER_IN_WINTER, {"PYTHONTZPATH": ""}).stdout == "-7.0\n"


@pytest.mark.parametrize("app", ["gym", "monolith"])
def test_an_imported_local_time_is_that_of_the_pinned_zones(start_app: StartApp, old: dict[str, str], app: str) -> None:
    """08:00 in Vancouver on 15 November 2026 is 15:00 UTC: since that year its winter is at -07, too."""
    running = start_app(app, old, anew=True)
    with httpx.Client(base_url=f"{running.url}/api/v1/gym/", verify=False, timeout=60) as gym:
        headers, place = {"Content-Type": "text/csv"}, {"zone": "America/Vancouver", "weight": "kg"}
        answer = gym.post("imports", content=STRONG, headers=headers, params=place)
        assert answer.json()["taken"] == 1, answer.text
        (workout,) = gym.get("workouts").json()["items"]
    assert workout["started_at"] == "2026-11-15T08:00:00.000000-07:00"


def test_a_month_of_heating_ends_by_the_pinned_zones(start_app: StartApp, old: dict[str, str]) -> None:
    """Morocco left +01 in 2026, so its October ends at midnight UTC, not an hour before.

    2 kWh were used in the two hours before that, which are all October's; with the old files only 1 kWh would be.
    """
    running = start_app("heating", old, anew=True)
    with httpx.Client(base_url=f"{running.url}/api/v1/heating/", verify=False, timeout=60) as heating:
        meter = heating.post("meters", json={"kind": "heat_kwh", "serial": "1"}).json()["id"]
        for at, value in (("2026-10-31T22", 0), ("2026-11-01T00", 2000), ("2026-11-15T00", 3000)):
            reading = {"meter_id": meter, "read_at": f"{at}:00:00Z", "value_milli": value}
            assert heating.post("readings", json=reading).status_code == 201
        report = heating.get("reports/monthly", params={"meter": meter, "zone": "Africa/Casablanca"}).json()
    (found,) = report["meters"]
    assert (found["months"][0]["month"], found["months"][0]["kwh_milli"]) == ("2026-10", 2000)


@pytest.mark.parametrize(
    "start",
    [
        # A call that names no backup is refused, after the zones were seen to.
        "from apps.bridge.handler import handler\ntry: handler({}, None)\nexcept Exception as refused: print(refused)",
        "from apps.common.zone import zone_of\nzone_of('UTC')",
        # A library has read the old zone before ours is asked: the cache forgets it.
        "import zoneinfo; before = zoneinfo.ZoneInfo('America/Vancouver')\n"
        "from apps.common.zone import zone_of\nassert zone_of('America/Vancouver') is not before",
    ],
    ids=["bridge", "zone_of", "cache"],
)
def test_a_function_and_whoever_asks_for_a_zone_gets_the_pinned_one(old: dict[str, str], start: str) -> None:
    """Also what other libraries read in the same process from then on."""
    shown = python(f"{start}\n{VANCOUVER_IN_WINTER}", old)
    assert shown.stdout.splitlines()[-1] == "-7.0", shown.stderr


def test_a_missing_package_is_named() -> None:
    """Instead of refusing every zone, or of reading the system's in silence."""
    # -S: without site-packages, so without the package.
    shown = python("from apps.common.pinned_zones import use_pinned_zones\nuse_pinned_zones()", {}, "-S")
    assert shown.returncode == 1
    assert shown.stderr.splitlines()[-1] == (
        "apps.common.pinned_zones.ZonesMissing: time zones are read from the Python package tzdata, which is not "
        "installed: install what requirements-app.txt lists"
    )


def test_nobody_makes_a_zone_or_asks_for_local_time_elsewhere() -> None:
    """Every zone comes from one function a package, and no code reads the clock of the system's own zone."""
    found = {
        (path.relative_to(ROOT).as_posix(), match[0])
        for folder in ("apps", "stacks", "trackstack_infra")
        for path in (ROOT / folder).rglob("*.py")
        for match in re.finditer(
            r"\bZoneInfo\(|astimezone\(\)|datetime\.now\(\)|\.localtime\(|\.fromtimestamp\([^,()]*\)|date\.today\(|tzlocal",
            path.read_text(encoding="utf-8"),
        )
    }
    assert found == {("apps/common/zone.py", "ZoneInfo("), ("trackstack_infra/zones.py", "ZoneInfo(")}


def test_the_spot_function_knows_no_zones() -> None:
    """It runs without any package of ours, on what Lambda brings, so it must not need a zone."""
    code = "import json, sys; import apps.spot.handler; print(json.dumps('apps.common' in sys.modules))"
    environment = {"AWS_DEFAULT_REGION": "us-east-1"}
    assert json.loads(python(code, environment).stdout) is False
    assert "zone" not in (ROOT / "apps/spot/handler.py").read_text().lower().replace("availability zone", "")
