#!/usr/bin/env bash
# The same OFX time is two instants in two libraries, and no way to write half an hour suits both.
#
# One would guess: libraries that read a bank's OFX file agree when a payment was posted; `[+5.30:IST]` is 5 h 30 min
#   east of UTC, and `[-5]` is 5 h west of it, with or without the zone's name.
# What happens: ofxparse takes 5.30 for a decimal fraction, 5 h 18 min, and ignores an offset without a name. ofxtools
#   takes 5.30 for hours and minutes, honours the offset alone, and refuses `[+5.5:IST]`, which ofxparse reads well.
#   -3.30 (Newfoundland) becomes 3 h 18 min west in the one, and 3 h 30 min west in the other.
# Why it matters here: the day of an expense is what a statement's import decides. A payment in the small hours moves to
#   the day before or stays, by the library alone; an import that is repeated after a change of library finds new days,
#   and with them new payments. So one library, with its zone rule in a test.
# Seen on 2026-12-01 with Python 3.11, ofxparse 0.21, ofxtools 1.1.1, for 02:15 on 1 December, in UTC:
#   [+5.30:IST]  ofxparse 2026-11-30 20:57  ofxtools 2026-11-30 20:45
#   [+5.5:IST]   ofxparse 2026-11-30 20:45  ofxtools refuses it
#   [-5]         ofxparse 2026-12-01 02:15  ofxtools 2026-12-01 07:15
#   [-3.30:NST]  ofxparse 2026-12-01 05:33  ofxtools 2026-12-01 05:45
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check ofxparse==0.21 ofxtools==1.1.1
cat > check.py <<'PY'
import io
import sys

from ofxparse import OfxParser
from ofxtools.Parser import OFXTree
from ofxtools.Types import OFXSpecError

STATEMENT = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><DTSERVER>20261201<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>INR
<BANKACCTFROM><BANKID>1<ACCTID>2<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261201
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261201021500{offset}<TRNAMT>-5.00<FITID>1<NAME>Shop</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1.00<DTASOF>20261201</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
SEEN = {
    "[+5.30:IST]": ("2026-11-30 20:57", "2026-11-30 20:45"),
    "[+5.5:IST]": ("2026-11-30 20:45", "refused"),
    "[-5]": ("2026-12-01 02:15", "2026-12-01 07:15"),
    "[-3.30:NST]": ("2026-12-01 05:33", "2026-12-01 05:45"),
}


def by_ofxparse(statement):
    posted = OfxParser.parse(io.BytesIO(statement)).account.statement.transactions[0].date
    return f"{posted:%Y-%m-%d %H:%M}"


def by_ofxtools(statement):
    tree = OFXTree()
    tree.parse(io.BytesIO(statement))
    try:
        posted = tree.convert().statements[0].transactions[0].dtposted
    except OFXSpecError:
        return "refused"
    return f"{posted:%Y-%m-%d %H:%M}"


changed = False
for offset, seen in SEEN.items():
    statement = STATEMENT.format(offset=offset).encode()
    found = by_ofxparse(statement), by_ofxtools(statement)
    print(f"{offset:12} ofxparse {found[0]:17} ofxtools {found[1]}")
    changed = changed or found != seen
if changed:
    sys.exit("CHANGED: the libraries read these offsets otherwise now")
print("HOLDS: one file, two libraries, two instants for each of four offsets")
PY
venv/bin/python check.py
