"""One clock for everybody: old zone files of the system change nothing that a command says."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.old_zones import write_old_zones
from trackstack_infra.zones import zone_of

CHECKOUT = Path(__file__).resolve().parents[2]
REPORT = "cost-report enterprise --month 2027-01 --any-age --json --set schedule.timezone=America/Vancouver"


def python(*words: str, environment: Mapping[str, str], cwd: Path = CHECKOUT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_hours_of_a_schedule_are_those_of_the_pinned_zones(tmp_path: Path) -> None:
    """January 2027 has ten weekend days of 14 h; the last, Sunday the 31st, begins at 15:00 UTC in Vancouver, and the
    month ends 9 h later: 9 · 14 + 9 = 135 h. Zone files of 2025 have 16:00 UTC, and 134 h."""
    shown = python("-m", "trackstack_infra.cli", *REPORT.split(), environment=write_old_zones(tmp_path))
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["hours"]["enterprise"]["running"] == "135"


@pytest.mark.parametrize(
    "start",
    [
        "from trackstack_infra.cli.__main__ import main\nmain(['graph', 'nowhere'])",
        # Ends at once, as its options are complete and its state directory cannot be made; the zones are seen to first.
        "from trackstack_infra.local.supervisor.__main__ import main\n"
        "try: main(['--home', '/dev/null/x'])\nexcept OSError: pass",
    ],
    ids=["command line", "supervisor"],
)
def test_a_process_reads_the_pinned_zones_from_its_start(start: str, tmp_path: Path) -> None:
    """Vancouver's winter is -07 since 2026 for every library of the process."""
    code = (
        f"{start}\nimport zoneinfo; from datetime import datetime\n"
        "print(datetime(2027, 1, 15, tzinfo=zoneinfo.ZoneInfo('America/Vancouver')).utcoffset().total_seconds() / 3600)"
    )
    shown = python("-c", code, environment=write_old_zones(tmp_path))
    assert shown.stdout == "-7.0\n", shown.stderr


def test_a_missing_package_is_named() -> None:
    """With the way on, instead of reading the system's zones in silence."""
    # -S: without site-packages, so without the package.
    shown = python(
        "-S", "-c", "from trackstack_infra.zones import use_pinned_zones; use_pinned_zones()", environment={}
    )
    assert shown.stderr.splitlines()[-1] == (
        "trackstack_infra.errors.PrerequisiteMissing: time zones are read from the Python package tzdata, "
        "which is not installed"
    )


@pytest.mark.parametrize("name", ["Europe", "Mars/Base", "", "../../etc/passwd", "/etc/localtime"])
def test_what_is_no_zone_is_refused(name: str) -> None:
    """Also the name of a folder of zones, and paths."""
    with pytest.raises(ValueError, match="must be an IANA time zone"):
        zone_of(name)
