#!/usr/bin/env bash
# The CloudEvents SDK dates an undated event to the moment of reading, another one at each delivery.
#
# One would guess: an event without the optional attribute `time` has none after parsing. The specification lets only
#   the producer put something else in its place when the time of the occurrence is unknown
#   (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#time).
# What happens: the SDK's reader builds the event with the producer's constructor, whose docstring promises defaults:
#   `time` becomes the present (and a missing `id` a random one). Written out again, the made-up time is in the event.
# Why it matters here: delivery is at least once and late after `down`. A redelivered event would differ from its first
#   copy, lag would always be about zero, and a forwarded event would state when it was forwarded. apps/common/events.py
#   therefore reads its own envelope and refuses an event without `time`.
# Seen on 2026-11-30 with Python 3.11, cloudevents 2.2.0 (the two times are those of the run):
#   sent      {"specversion": "1.0", "id": "1", "source": "/meter", "type": "reading"}
#   read 1    2026-11-30T22:21:30.867842+00:00
#   read 2    2026-11-30T22:21:30.879492+00:00
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check cloudevents==2.2.0
cat > check.py <<'PY'
import json
import sys
import time
from datetime import UTC, datetime

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

sent = json.dumps({"specversion": "1.0", "id": "1", "source": "/meter", "type": "reading"})
started = datetime.now(UTC)
first = JSONFormat().read(CloudEvent, sent)
time.sleep(0.01)
second = JSONFormat().read(CloudEvent, sent)
print("sent     ", sent)
for number, event in enumerate((first, second), 1):
    print("read", number, "  ", event.get_time() and event.get_time().isoformat())
if first.get_time() is None or not started <= first.get_time() < second.get_time():
    sys.exit("CHANGED: reading no longer dates the event to the present")
if "time" not in json.loads(JSONFormat().write(first)):
    sys.exit("CHANGED: the made-up time is not written out")
print("HOLDS: one message without a time, read twice, has two times")
PY
venv/bin/python check.py
