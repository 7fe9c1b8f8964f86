"""Household files: Date, Mode, Category, Subcategory, Note, Amount, Income/Expense, Currency."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from apps.common.imports import runs
from apps.common.imports.days import Days
from apps.common.imports.decisions import Decision, How
from apps.common.imports.intake import Skip
from apps.common.imports.sheet import Record, Sheet
from apps.common.money import CURRENCIES
from apps.common.transaction import Readable
from apps.expenses import store
from apps.expenses.entry import Entry
from apps.expenses.model import Kind
from apps.expenses.statements.amounts import Amount, minor_of, plain
from apps.expenses.statements.reading import NOTE_MAX, EntryIntake, Given

COLUMNS: Final = ("date", "mode", "category", "subcategory", "note", "amount", "income/expense", "currency")
KINDS: Final[Mapping[str, Kind]] = {"expense": "spend", "income": "income"}


class HouseholdIntake(EntryIntake):
    """One file whose rows say category and direction themselves."""

    def __init__(self, sheet: Sheet, given: Given) -> None:
        super().__init__("household", given, Days(order=given.dates, reading=given.dashed_dates))
        (
            self._date,
            self._mode,
            self._category,
            self._subcategory,
            self._note,
            self._amount,
            self._booked,
            self._currency,
        ) = (sheet.columns.index(name) for name in COLUMNS)
        self._spent: Counter[bool] = Counter()
        self._negative_is_spent = self._has_dots = False
        self._old_keys: Counter[str] | None = None

    def survey(self, record: Record) -> None:
        """Look at date, amount and direction."""
        cells = record.cells
        self._days.survey(cells[self._date], record.line)
        self._currencies.add(cells[self._currency].upper())
        self._survey_amount(cells[self._amount], record.line, spent=cells[self._booked].lower() == "expense")

    def _survey_amount(self, text: str, line: int, *, spent: bool) -> None:
        amount = plain(text)
        negative = amount is not None and amount.negative
        if amount is None:
            try:
                other = Amount(text)
            except ValueError:
                return
            negative = other.negative
            self._ambiguous = self._ambiguous or other.is_ambiguous
            sign = other.proves()
            if sign is not None:
                self._decimals.proves(sign, line, text)
        elif amount.part and not self._has_dots:
            self._has_dots = True
            self._decimals.proves("dot", line, text)
        if spent:
            self._spent[negative] += 1

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """Besides dates and decimals, whether expenses are written as negative amounts."""
        found = [*super().decide(reader)]
        if self._spent[True] or self._given.sign:
            found.append(self._decide_sign(runs.known_decision(reader, "expenses", self.format, "sign")))
        if store.has_old_imports(reader):
            self._old_keys = Counter()
        return found

    def _decide_sign(self, known: str | None) -> Decision:
        seen = "as-booked" if self._spent[False] else known or "negative-is-spent"
        rule = self._given.sign or seen
        self._negative_is_spent = rule == "negative-is-spent"
        if self._given.sign:
            note = f"{_SIGNS[rule]}, as given."
        elif known == rule and not self._spent[False]:
            note = f"{_SIGNS[rule]}, as in earlier imports."
        elif self._negative_is_spent:
            note = f"{_SIGNS[rule]}: all {self._spent[True]} expenses of the file are negative."
        else:
            note = f"{_SIGNS[rule]}: {self._spent[True]} expenses are negative and {self._spent[False]} are not."
        how: How = "given" if self._given.sign else "known" if "earlier" in note else "proved"
        return Decision(name="sign", value=rule, how=how, note=note)

    def read(self, record: Record) -> Entry:
        """The entry of a row; raises ValueError, naming the column, to refuse it."""
        cells = record.cells
        kind = KINDS.get(cells[self._booked].lower())
        if kind is None:
            if cells[self._booked].lower().startswith("transfer"):
                raise Skip("a transfer moves money between your own accounts; it is neither spent nor earned")
            raise ValueError(
                f"Income/Expense says {cells[self._booked][:40]!r}; known are Expense, Income and transfers"
            )
        if not cells[self._category]:
            raise ValueError("Category is empty")
        currency = cells[self._currency].upper()
        if currency not in CURRENCIES:
            raise ValueError(f"Currency says {cells[self._currency][:40]!r}; write an ISO 4217 code like EUR")
        try:
            minor = minor_of(cells[self._amount], currency, self._sign)
        except ValueError as error:
            raise ValueError(f"Amount says {cells[self._amount][:40]!r}: {error}") from None
        if minor == 0:
            raise ValueError("Amount is 0: neither spent nor earned")
        return Entry(
            day=self._days.read(cells[self._date]),
            kind=kind,
            amount_minor=-minor if kind == "spend" and self._negative_is_spent else minor,
            currency=currency,
            category=self._text("Category", cells[self._category]),
            subcategory=self._text("Subcategory", cells[self._subcategory]),
            payee="",
            account=self._text("Mode", cells[self._mode]),
            note=self._text("Note", cells[self._note], NOTE_MAX),
            old_key=self._old_key(cells, kind, currency),
        )

    def _old_key(self, cells: Sequence[str], kind: Kind, currency: str) -> str | None:
        """The key of the row as written, where the book has rows that were kept under such keys."""
        if self._old_keys is None:
            return None
        written = [
            cells[self._date],
            cells[self._mode],
            cells[self._category],
            kind,
            cells[self._subcategory],
            cells[self._note],
            cells[self._amount],
            currency,
        ]
        identity = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
        self._old_keys[identity] += 1
        return hashlib.sha256(f"{identity}#{self._old_keys[identity]}".encode()).hexdigest()


_SIGNS: Final = {
    "as-booked": "A negative expense was read as a refund",
    "negative-is-spent": "Negative expenses were read as money spent",
}
