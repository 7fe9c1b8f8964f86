"""Banks' files: rows without a category, read with a mapping."""

from collections.abc import Sequence

from apps.common.imports.days import Days
from apps.common.imports.decimals import proves
from apps.common.imports.decisions import Decision, How
from apps.common.imports.intake import Skip
from apps.common.imports.sheet import Record, Sheet
from apps.common.money import CURRENCIES
from apps.common.transaction import Readable
from apps.expenses.entry import Entry
from apps.expenses.model import Kind
from apps.expenses.statements.amounts import minor_of
from apps.expenses.statements.mapping import Mapping
from apps.expenses.statements.reading import NAME_MAX, NOTE_MAX, EntryIntake, Given


class BankIntake(EntryIntake):
    """One file of a bank."""

    def __init__(self, sheet: Sheet, mapping: Mapping, given: Given, *, chosen: bool) -> None:
        who = f"mapping {mapping.name}"
        days = Days(
            order=given.dates,
            reading=given.dashed_dates,
            column=mapping.columns.date,
            declared=(mapping.dates, who),
        )
        super().__init__(mapping.name, given, days, declared_decimal=(mapping.decimal, who))
        self._mapping, self._chosen = mapping, chosen
        columns = mapping.columns
        place = {name: place for place, name in enumerate(sheet.columns)}
        self._place = {field: place[name.lower()] for field, name in columns.model_dump().items() if name is not None}
        self._amounts = [self._place[field] for field in ("amount", "debit", "credit", "fee") if field in self._place]
        self._only, self._skip, self._refunds = (
            [(place[name.lower()], name, {each.casefold() for each in texts}) for name, texts in rule.items()]
            for rule in (mapping.only, mapping.skip, mapping.refunds)
        )
        self._debit_says = {each.casefold() for each in mapping.debit_says}
        self._credit_says = {each.casefold() for each in mapping.credit_says}
        self._rules = [
            (tuple(each.casefold() for each in rule.contains), rule.category, rule.subcategory or "")
            for rule in mapping.categories
        ]

    def survey(self, record: Record) -> None:
        """Look at date and amounts: the edition of the bank for another country may write them otherwise."""
        self._days.survey(record.cells[self._place["date"]], record.line)
        for place in self._amounts:
            sign = proves(record.cells[place])
            if sign is not None:
                self._decimals.proves(sign, record.line, record.cells[place])

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """The mapping, and what it says."""
        how: How = "given" if self._chosen else "declared"
        why = "as given" if self._chosen else "chosen by its columns; give mapping to choose another"
        mapping = Decision(
            name="mapping",
            value=self._mapping.mark if self._chosen else self._mapping.name,
            how=how,
            note=f"Columns were read with this mapping, {why}.",
        )
        return [mapping, *super().decide(reader)]

    def read(self, record: Record) -> Entry:
        """The entry of a row; raises ValueError, naming the column, to refuse it."""
        for place, name, wanted in self._only:
            if record.cells[place].casefold() not in wanted:
                raise Skip(f"{name} says {record.cells[place][:40]!r}, which is no completed payment")
        for place, name, unwanted in self._skip:
            if record.cells[place].casefold() in unwanted:
                raise Skip(f"{name} says {record.cells[place][:40]!r}, which moves money between your own accounts")
        currency = (self._mapping.currency or self._cell(record, "currency")).upper()
        if currency not in CURRENCIES:
            raise ValueError(f"{self._mapping.columns.currency} says {currency[:40]!r}; that is no ISO 4217 code")
        signed = self._signed_minor(record, currency)
        if signed == 0:
            raise Skip("an amount of 0 is neither spent nor earned")
        refund = any(record.cells[place].casefold() in texts for place, _, texts in self._refunds)
        kind: Kind = "spend" if signed < 0 or refund else "income"
        payee, note = self._cell(record, "payee"), self._cell(record, "note")
        given_category = self._cell(record, "category")
        category, subcategory = self._category(kind, f"{payee}\n{note}\n{given_category}".casefold(), given_category)
        return Entry(
            day=self._days.read(self._cell(record, "date")),
            kind=kind,
            amount_minor=-signed if kind == "spend" else signed,
            currency=currency,
            category=self._text("category", category),
            subcategory=subcategory,
            payee=self._text("payee", payee[:NAME_MAX].strip()),
            account=self._text("account", (self._mapping.account or self._cell(record, "account"))[:NAME_MAX]),
            note=self._text("note", note[:NOTE_MAX], NOTE_MAX),
        )

    def _signed_minor(self, record: Record, currency: str) -> int:
        """What came in, negative for what went out and for the fee."""
        fee = self._minor(record, "fee", currency) if self._cell(record, "fee") else 0
        return self._without_fee(record, currency) - abs(fee)

    def _without_fee(self, record: Record, currency: str) -> int:
        if "amount" in self._place:
            minor = self._minor(record, "amount", currency)
            if "direction" in self._place:
                return self._directed(minor, self._cell(record, "direction"))
            return minor if self._mapping.sign == "negative-is-spent" else -minor
        # Some banks write 0.00 into the column that does not apply.
        debit, credit = (
            "" if not self._cell(record, name).strip("0.,") else self._cell(record, name)
            for name in ("debit", "credit")
        )
        if bool(debit) == bool(credit):
            both = self._mapping.columns
            raise ValueError(f"{both.debit} and {both.credit} must not both be filled, nor both be empty")
        # Some banks write what went out with a minus in its own column as well.
        return -abs(self._minor(record, "debit", currency)) if debit else self._minor(record, "credit", currency)

    def _directed(self, minor: int, said: str) -> int:
        column = self._mapping.columns.direction
        if minor < 0:
            raise ValueError(
                f"{self._mapping.columns.amount} has a sign, and {column} says {said[:40]!r}: which holds?"
            )
        if said.casefold() in self._debit_says:
            return -minor
        if said.casefold() in self._credit_says:
            return minor
        raise ValueError(f"{column} says {said[:40]!r}; name that in debit_says or credit_says of the mapping")

    def _minor(self, record: Record, field: str, currency: str) -> int:
        text = self._cell(record, field)
        try:
            return minor_of(text, currency, self._sign)
        except ValueError as error:
            column = getattr(self._mapping.columns, field)
            raise ValueError(f"{column} says {text[:40]!r}: {error}") from None

    def _category(self, kind: Kind, text: str, given: str) -> tuple[str, str]:
        for needles, category, subcategory in self._rules:
            if any(needle in text for needle in needles):
                return category, subcategory
        if given:
            return given, ""
        return (self._mapping.spend_category if kind == "spend" else self._mapping.income_category), ""

    def _cell(self, record: Record, field: str) -> str:
        place = self._place.get(field)
        return record.cells[place] if place is not None else ""
