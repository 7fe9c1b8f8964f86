"""What the intakes of all statements have in common: decisions, identity, and booking."""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from apps.common.fields import name_key
from apps.common.imports import runs
from apps.common.imports.days import Days
from apps.common.imports.decimals import SIGNS, Sign
from apps.common.imports.decisions import Decision, Evidence
from apps.common.imports.intake import Intake, Outcome, Row, Run
from apps.common.transaction import Readable, Transaction
from apps.expenses.booking import Booking
from apps.expenses.entry import Entry

SignRule = Literal["as-booked", "negative-is-spent"]
"""What a negative expense is: a refund, or money spent."""

Categories = Literal["keep", "update"]
"""What happens to a known row whose category is another one in the file."""

NAME_MAX: Final = 100
NOTE_MAX: Final = 2000


class Given(NamedTuple):
    """What the caller decided for the file."""

    dates: Literal["day-first", "month-first"] | None = None
    dashed_dates: Literal["year-month-day", "year-day-month"] | None = None
    decimal: Sign | None = None
    sign: SignRule | None = None
    categories: Categories = "keep"


class EntryIntake(Intake[Entry]):
    """What the intakes of all statements have in common: decisions about dates and decimals, identity, and booking."""

    def __init__(
        self, format_name: str, given: Given, days: Days, declared_decimal: tuple[Sign, str] | None = None
    ) -> None:
        """`declared_decimal` is a decimal sign, and who says it of the file."""
        self.format = format_name
        self._given = given
        self._days = days
        self._decimals = Evidence("decimal")
        self._ambiguous = False
        """Whether some amount has two meanings, so that the decimal sign of the others is needed."""
        self._currencies: set[str] = set()
        self._declared_decimal = declared_decimal
        self._sign: Sign | None = None
        self._booking = Booking(update=given.categories == "update")
        self._checked: set[str] = set()
        self._keys: dict[str, str] = {}

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """Order of dates, and the decimal sign where the file tells it."""
        known = runs.known_decision(reader, "expenses", self.format, "dates")
        usual = self._currencies == {"USD"}
        found = self._days.decide(known=known, month_first_is_usual=usual)
        self._currencies.clear()
        said = self._given.decimal is not None or self._declared_decimal is not None
        if said or (self._ambiguous and len(self._decimals.proofs) == 1):
            decimal = self._decimals.decide(
                given=self._given.decimal,
                declared=self._declared_decimal,
                words=lambda sign: f"Amounts were read with a decimal {sign}",
            )
            assert decimal is not None
            self._sign = next(sign for sign in SIGNS if sign == decimal.value)
            found.append(decimal)
        return found

    def identity(self, meaning: Entry) -> Sequence[str | int | None]:
        """Day, direction, amount, payee or note, and account. Not the category: that one may be corrected."""
        return (
            meaning.day,
            meaning.kind,
            meaning.amount_minor,
            meaning.currency,
            self._key(meaning.payee),
            self._key(meaning.note),
            self._key(meaning.account),
        )

    def _key(self, text: str) -> str:
        """How a text is compared, worked out once for the texts that come again."""
        key = self._keys.get(text)
        if key is None:
            key = name_key(text)
            if len(self._keys) < 10_000:
                self._keys[text] = key
        return key

    def take(self, rows: Sequence[Row[Entry]], tx: Transaction, run: Run) -> Sequence[Outcome]:
        """Book what is new; see booking.py."""
        return self._booking.book([(row.meaning, row.key) for row in rows], tx, run)

    def notes(self) -> Sequence[str]:
        """What became of known rows with another category."""
        return self._booking.notes()

    def _text(self, column: str, text: str, most: int = NAME_MAX) -> str:
        """A text that can be kept, checked once for all rows that have it."""
        if text not in self._checked:
            _check(column, text, most)
            if len(self._checked) < 10_000:
                self._checked.add(text)
        elif len(text) > most:
            _check(column, text, most)
        return text


def _check(column: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"{column} has {len(text)} characters; {most} are the most")
    wrong = next((each for each in text if (each < " " and each not in "\t\n\r") or each == "\x7f"), None)
    if wrong is not None:
        raise ValueError(f"{column} contains the control character U+{ord(wrong):04X}")
