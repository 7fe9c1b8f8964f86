#!/usr/bin/env bash
# A QIF file with decimal commas is read without an error, and each amount is a hundred, or a thousandth, times too much.
#
# One would guess: a reader of QIF, whose files follow the settings of the computer that wrote them, reads `-1234,56` as
#   -1234.56, or refuses it, or asks.
# What happens: quiffen removes every comma: -1234,56 is -123456, and 12,5 is 125. With a point for the thousands,
#   -1.234,56 becomes -1.23456. Dates are guessed too: with day_first, the ISO date 2026-12-11 is 12 November.
# Why it matters here: amounts of one kind of file come out wrong by factors that differ from row to row, and nothing is
#   refused. apps/expenses decides the decimal sign for a file as a whole, and takes no QIF.
# Seen on 2026-12-01 with Python 3.11, quiffen 4.0.1:
#   -1234,56 -> -123456 · -1.234,56 -> -1.23456 · 12,5 -> 125 · -1,234.56 -> -1234.56 · 2026-12-11 -> 2026-11-12
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check quiffen==4.0.1
cat > check.py <<'PY'
import sys

import quiffen

SEEN = {"-1234,56": "-123456", "-1.234,56": "-1.23456", "12,5": "125", "-1,234.56": "-1234.56"}


def only_transaction(date, amount):
    text = f"!Type:Bank\nD{date}\nT{amount}\nPShop\n^\n"
    (account,) = quiffen.Qif.parse_string(text, day_first=True).accounts.values()
    ((transaction,),) = account.transactions.values()
    return transaction


found = {amount: str(only_transaction("11/12/2026", amount).amount) for amount in SEEN}
date = f"{only_transaction('2026-12-11', '-5.00').date:%Y-%m-%d}"
print(" · ".join(f"{amount} -> {read}" for amount, read in found.items()) + f" · 2026-12-11 -> {date}")
if found != SEEN:
    sys.exit("CHANGED: amounts with a comma are read otherwise now")
if date != "2026-11-12":
    sys.exit("CHANGED: an ISO date is read otherwise now")
print("HOLDS: commas are dropped from amounts, and an ISO date is turned round, without a word")
PY
venv/bin/python check.py
