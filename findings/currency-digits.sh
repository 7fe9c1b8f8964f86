#!/usr/bin/env bash
# Babel gives 13 currencies fewer decimals than ISO 4217, so «minor units» are off by 100 or 1,000.
#
# One would guess: how many decimals a currency has is one number. ISO 4217 defines it as the minor unit
#   (https://www.six-group.com/en/products-services/financial-information/data-standards.html), and Babel's
#   get_currency_precision is described as the number of decimals after the decimal point
#   (https://babel.pocoo.org/en/latest/api/numbers.html).
# What happens: Babel answers with CLDR's display digits, which follow what shops write: none for the Serbian dinar,
#   whose ISO minor unit is 2, none for the Iraqi dinar, whose minor unit is 3. CLDR differs from ISO on purpose
#   (its reasons are quoted in https://github.com/bojanz/currency/issues/37).
# Why it matters here: amounts are whole minor units (apps/common/money.py). Whoever scales them by Babel's precision
#   turns 1234 para into 1,234 dinar instead of 12.34, and format_currency drops the para of a right amount. Amounts in
#   EUR and USD never show it. Scale by ISO 4217; keep CLDR for display, with the digits given.
# Seen on 2026-11-30 with Python 3.11, babel 2.18.0, iso4217 1.16.20260101:
#   AFN 2/0 ALL 2/0 IQD 3/0 IRR 2/0 KPW 2/0 LAK 2/0 LBP 2/0 MGA 2/0 MMK 2/0 RSD 2/0 SOS 2/0 SYP 2/0 YER 2/0
#   12.34 RSD is shown as RSD12
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check babel==2.18.0 iso4217==1.16.20260101
cat > check.py <<'PY'
import sys
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from iso4217 import Currency

digits = {each.code.upper(): (each.exponent, get_currency_precision(each.code.upper())) for each in Currency}
apart = {code: pair for code, pair in sorted(digits.items()) if pair[0] is not None and pair[0] != pair[1]}
shown = format_currency(Decimal("12.34"), "RSD", locale="en_US")
print(*(f"{code} {iso}/{cldr}" for code, (iso, cldr) in apart.items()))
print(f"12.34 RSD is shown as {shown}")
twos = "AFN ALL IRR KPW LAK LBP MGA MMK RSD SOS SYP YER".split()
if apart != dict.fromkeys(twos, (2, 0)) | {"IQD": (3, 0)} or shown != "RSD12":
    sys.exit("CHANGED: ISO 4217 and Babel differ in other currencies, or in none")
print("HOLDS: ISO 4217 and Babel disagree on the decimals of 13 currencies")
PY
venv/bin/python check.py
