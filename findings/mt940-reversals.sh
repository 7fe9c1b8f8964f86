#!/usr/bin/env bash
# In a SWIFT MT940 statement, a credit that is taken back adds to the account once more.
#
# One would guess: a library that gives signed amounts gives the sign of what happened: C and RD (reversal of a debit)
#   add, D and RC (reversal of a credit) take away, so that opening balance plus amounts is the closing balance.
# What happens: mt-940 negates D alone. RC counts as plus. A statement with a credit and its reversal, a debit and its
#   reversal, which leaves the balance as it was, sums to 200.
# Why it matters here: an import of bank statements sums what the library gives. Only the two balances in the same file
#   tell that it is wrong, so whoever takes MT940 must hold the sum against them (apps/expenses has no MT940 for that
#   reason, but CAMT.053, where each entry says credit or debit and whether it is a reversal).
# Seen on 2026-12-01 with Python 3.11, mt-940 5.1.1:
#   C 100.00 · RC 100.00 · D -20.00 · RD 20.00, sum 200.00, balances 1000.00 and 1000.00
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check mt-940==5.1.1
cat > check.py <<'PY'
import sys

import mt940

STATEMENT = """:20:STARTUMSE
:25:10020030/1234567
:28C:00001/001
:60F:C261130EUR1000,00
:61:2612011201C100,00NMSCNONREF
:86:credit
:61:2612011201RC100,00NMSCNONREF
:86:reversal of the credit
:61:2612011201D20,00NMSCNONREF
:86:debit
:61:2612011201RD20,00NMSCNONREF
:86:reversal of the debit
:62F:C261201EUR1000,00
-
"""
read = mt940.parse(STATEMENT)
amounts = [(entry.data["status"], entry.data["amount"].amount) for entry in read]
total = sum(amount for _, amount in amounts)
opening, closing = (read.data[f"final_{name}_balance"].amount.amount for name in ("opening", "closing"))
print(" · ".join(f"{status} {amount}" for status, amount in amounts) + f", sum {total}, balances {opening} and {closing}")
if (opening, closing) != (1000, 1000):
    sys.exit("CHANGED: the balances are read otherwise now")
if total != 200:
    sys.exit("CHANGED: the sign of a reversal is another now")
print("HOLDS: the amounts sum to 200, between two equal balances")
PY
venv/bin/python check.py
