#!/usr/bin/env bash
# pyMeterBus turns «no date» of a heat meter into 2027-15-31, and 47.1 °C into 47 decimal places.
#
# One would guess: a date that the meter marks as missing comes back as None, and a Decimal holds what the meter sent.
#   A date of type G is 16 bits for day, month and year; FFFFh says «invalid» (EN 13757-3, annex A). Meters send it for
#   a billing day they have not reached (a telegram with it: https://github.com/rscada/libmbus/issues/123), and another
#   parser has a case for it (`SingleEveryOrInvalid` in https://docs.rs/m-bus-application-layer). Temperature comes as
#   the decimal digits 0471 with a factor of 0.1.
# What happens: pyMeterBus cuts FFFFh into its bit fields, as if it were a date, and returns the text 2027-15-31. It
#   multiplies decimal digits by a binary float before it makes a Decimal of the product. No error, no warning.
# Why it matters here: readings are facts of the heating domain, in whole milli-units and with real dates
#   (apps/heating/imports.py, apps/heating/counter.py). An M-Bus import has to look at the raw date before decoding, and
#   to round values by the exponent of their unit.
# Seen on 2026-11-30 with Python 3.11, pyMeterBus 0.8.5, for one telegram of a made-up heat meter:
#   date FFFFh          2027-15-31
#   date 30 Nov 2026    2026-11-30
#   flow 47.1 °C        47.10000000000000142108547152020037174224853515625
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pyMeterBus==0.8.5
cat > check.py <<'PY'
import sys
from decimal import Decimal

import meterbus

HEADER = [0x78, 0x56, 0x34, 0x12, 0xA7, 0x32, 0x01, 0x04, 0x01, 0x00, 0x00, 0x00]  # id 12345678, medium heat
NOT_SET = [0x02, 0x6C, 0xFF, 0xFF]  # 16 bits, date of type G
SET = [0x02, 0x6C, 0x5E, 0x3B]  # day 30, month 11, year 26
FLOW = [0x0A, 0x5A, 0x71, 0x04]  # four BCD digits, flow temperature in 0.1 °C


def telegram(*records):
    body = [0x08, 0x01, 0x72, *HEADER, *(byte for record in records for byte in record)]
    return bytes([0x68, len(body), len(body), 0x68, *body, sum(body) % 256, 0x16])


missing, given, flow = (record.value for record in meterbus.load(telegram(NOT_SET, SET, FLOW)).records)
print(f"date FFFFh          {missing}\ndate 30 Nov 2026    {given}\nflow 47.1 °C        {flow}")
if given != "2026-11-30":
    sys.exit("cannot tell: not even a date that is set is read")
if missing != "2027-15-31" or flow == Decimal("47.1"):
    sys.exit("CHANGED: a missing date or a decimal value is read otherwise")
print("HOLDS: a missing date is a date in month 15, and 47.1 has more decimals than the meter sent")
PY
venv/bin/python check.py
