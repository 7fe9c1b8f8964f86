"""Imports of the pantry: lists of items, with the decimal sign of their pieces decided for the file."""

from collections.abc import Sequence

from apps.common.imports import runs
from apps.common.imports.decimals import SIGNS, Sign, decimal_of, proves
from apps.common.imports.decisions import Decision, Evidence
from apps.common.imports.formats import Format
from apps.common.imports.intake import KNOWN, TAKEN, Intake, Outcome, Row, Run, Skip, refused
from apps.common.imports.sheet import Record, Sheet
from apps.common.transaction import Readable, Transaction
from example_domains.pantry_items import NewItem, put


class ListIntake(Intake[NewItem]):
    """One list of items."""

    format = "list"

    def __init__(self, sheet: Sheet, decimal: Sign | None) -> None:
        self._name = sheet.columns.index("name")
        self._pieces = sheet.columns.index("pieces")
        self._given = decimal
        self._evidence = Evidence("decimal")
        self._sign: Sign = "dot"

    def survey(self, record: Record) -> None:
        """Look for numbers that can only be written with one decimal sign."""
        text = record.cells[self._pieces]
        sign = proves(text)
        if sign is not None:
            self._evidence.proves(sign, record.line, text)

    def decide(self, reader: Readable) -> Sequence[Decision]:
        """The decimal sign; a dot when no number tells."""
        decision = self._evidence.decide(
            given=self._given,
            words=lambda sign: f"Numbers were read with a decimal {sign}",
            assumed="dot",
            why_assumed="no number has decimals that tell",
        )
        assert decision is not None
        self._sign = next(sign for sign in SIGNS if sign == decision.value)
        return [decision]

    def read(self, record: Record) -> NewItem:
        """The item of a record."""
        if record.cells[self._name] == "Total":
            raise Skip("a total is no item")
        return NewItem(name=record.cells[self._name], pieces=int(decimal_of(record.cells[self._pieces], self._sign)))

    def identity(self, meaning: NewItem) -> Sequence[str | int | None]:
        """An item is its name and how many there are."""
        return meaning.name, meaning.pieces

    def take(self, rows: Sequence[Row[NewItem]], tx: Transaction, run: Run) -> Sequence[Outcome]:
        """Put the items in whose names are free."""
        kept = runs.kept_rows(tx, tx.domain, (row.key for row in rows))
        there = runs.existing_records(tx, "pantry_item", (each.record_id for each in kept.values()))
        taken: list[tuple[str, str]] = []
        outcomes = []
        for row in rows:
            before = kept.get(row.key)
            if before is not None and (before.record_id in there or not run.again):
                outcomes.append(KNOWN)
                continue
            try:
                taken.append((row.key, _put(row.meaning, tx)))
            except ValueError as error:
                outcomes.append(refused(error))
            else:
                outcomes.append(TAKEN)
        runs.keep_rows(tx, run.id, taken)
        return outcomes


def list_format(decimal: Sign | None) -> Format[NewItem]:
    """The format of lists, their numbers read with this decimal sign if one is given."""
    return Format("list", ("name", "pieces"), ("shelf",), lambda sheet: ListIntake(sheet, decimal))


class UndoItems:
    """How an imported item is taken back."""

    def is_edited(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Whether it was counted since."""
        row = tx.one("SELECT version FROM pantry_item WHERE id = :id", id=record_id)
        return row is not None and row["version"] > 1

    def remove(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Take it out."""
        return tx.execute("DELETE FROM pantry_item WHERE id = :id", id=record_id) == 1


def _put(new: NewItem, tx: Transaction) -> str:
    if tx.one("SELECT 1 FROM pantry_item WHERE name = :name", name=new.name) is not None:
        raise ValueError(f"{new.name} is in the pantry already")
    return put(new, tx)
