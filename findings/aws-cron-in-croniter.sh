#!/usr/bin/env bash
# An AWS cron expression is valid in croniter, where it means another day and each second of the minute.
#
# One would guess: a crontab parser refuses AWS's six fields, or reads them as AWS does: minute, hour, day, month,
#   weekday from SUN=1 to SAT=7, year
#   (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html).
# What happens: croniter takes the text as it is, `?` included. Its sixth field is seconds («About second repeats» in
#   https://github.com/pallets-eco/croniter), so AWS's year `*` becomes every second, and weekday 7 is Sunday.
#   aws-croniter reads the same text as AWS does.
# Why it matters here: trackstack_infra/components/nightly.py and schedule.py write such expressions. A test or a timer
#   that checks one with croniter finds it valid, then fires on the wrong day, 60 times. Day names cure half of it.
# Seen on 2026-11-30 with Python 3.11, croniter 7.0.0, aws-croniter 2.1.1, for `30 22 ? * 7 *`:
#   aws-croniter  Sat 2026-12-05 22:30:00 · Sat 2026-12-12 22:30:00 · Sat 2026-12-19 22:30:00
#   croniter      Sun 2026-12-06 22:30:00 · Sun 2026-12-06 22:30:01 · Sun 2026-12-06 22:30:02 (60 in the first minute)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check croniter==7.0.0 aws-croniter==2.1.1
cat > check.py <<'PY'
import sys
from datetime import UTC, datetime, timedelta
from itertools import takewhile

from aws_croniter import AwsCroniter
from croniter import croniter

SATURDAYS = "30 22 ? * 7 *"  # on AWS: Saturdays at 22:30, every year
START = datetime(2026, 11, 30, tzinfo=UTC)


def shown(times):
    return " · ".join(f"{time:%a %Y-%m-%d %H:%M:%S}" for time in times)


aws = AwsCroniter(SATURDAYS).get_next(START, 3)
valid = croniter.is_valid(SATURDAYS)
fired = croniter(SATURDAYS, START).all_next(datetime)
first = next(fired)
within_a_minute = [first, *takewhile(lambda time: time < first + timedelta(minutes=1), fired)]
print("aws-croniter ", shown(aws))
print("croniter     ", shown(within_a_minute[:3]), f"({len(within_a_minute)} in the first minute)")
if not valid or shown(aws[:1]) != "Sat 2026-12-05 22:30:00":
    sys.exit("CHANGED: croniter refuses the expression, or aws-croniter reads it otherwise")
if shown([first]) != "Sun 2026-12-06 22:30:00" or len(within_a_minute) != 60:
    sys.exit("CHANGED: croniter no longer reads weekday 7 as Sunday and the year as seconds")
print("HOLDS: croniter accepts AWS's expression and fires on Sunday, 60 times")
PY
venv/bin/python check.py
