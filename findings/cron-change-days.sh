#!/usr/bin/env bash
# Three cron libraries, one nightly job, the two nights on which clocks change: three answers.
#
# One would guess: `30 2 * * *` fires once a night, and libraries agree on when. cron(8) promises it for a fixed hour:
#   a job in the hour that is skipped runs right after it, one in the hour that comes twice is not repeated
#   (https://man7.org/linux/man-pages/man8/cron.8.html). croniter's README says only that DST needs an aware start.
# What happens in Europe/Berlin (no 02:00-03:00 on 2026-03-29, two of them on 2026-10-25): cronsim does as cron(8) says.
#   croniter fires twice in autumn. APScheduler does too, and in spring it names 02:30 at +01:00, which no clock shows
#   that night; its guide warns that such jobs run more or less often than expected
#   (https://apscheduler.readthedocs.io/en/3.x/modules/triggers/cron.html).
# Why it matters here: EventBridge Scheduler gives a fourth answer: nothing in spring, once in autumn
#   (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html). A preview, a test or a local timer
#   built on any of the three is wrong about AWS. So trackstack_infra/schedule.py computes windows from local dates, and
#   trackstack_infra/components/nightly.py says to stay out of that hour.
# Seen on 2026-11-30 with Python 3.11, croniter 7.0.0, cronsim 2.8, APScheduler 3.11.3, tzdata 2026.6:
#   croniter     spring 03:00+0200   autumn 02:30+0200 02:30+0100
#   cronsim      spring 03:00+0200   autumn 02:30+0200
#   APScheduler  spring 02:30+0100   autumn 02:30+0200 02:30+0100
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check croniter==7.0.0 cronsim==2.8 APScheduler==3.11.3 tzdata==2026.6
cat > check.py <<'PY'
import sys
import zoneinfo
from datetime import datetime

zoneinfo.reset_tzpath(())  # the pinned tzdata, not the system's
from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from cronsim import CronSim

NIGHTLY, BERLIN = "30 2 * * *", zoneinfo.ZoneInfo("Europe/Berlin")


def by_croniter(start):
    times = croniter(NIGHTLY, start)
    while True:
        yield times.get_next(datetime)


def by_apscheduler(start):
    trigger, last = CronTrigger.from_crontab(NIGHTLY, timezone=BERLIN), None
    while True:
        last = trigger.get_next_fire_time(last, last or start)
        yield last


def on(day, library):
    """What it fires on that day, asked from noon of the day before."""
    fired = library(datetime(2026, day.month, day.day - 1, 12, tzinfo=BERLIN))
    found = []
    for time in fired:
        if time.date() > day.date():
            return " ".join(found)
        found.append(time.strftime("%H:%M%z"))


libraries = {"croniter": by_croniter, "cronsim": lambda start: CronSim(NIGHTLY, start), "APScheduler": by_apscheduler}
days = datetime(2026, 3, 29), datetime(2026, 10, 25)
seen = {name: tuple(on(day, library) for day in days) for name, library in libraries.items()}
for name, (spring, autumn) in seen.items():
    print(f"{name:12} spring {spring}   autumn {autumn}")
twice = "02:30+0200 02:30+0100"
if seen != {
    "croniter": ("03:00+0200", twice),
    "cronsim": ("03:00+0200", "02:30+0200"),
    "APScheduler": ("02:30+0100", twice),
}:
    sys.exit("CHANGED: at least one library gives another answer than on 2026-11-30")
print("HOLDS: three libraries give three answers for the two nights")
PY
venv/bin/python check.py
