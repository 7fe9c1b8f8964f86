"""Which statement a file is: the mapping its caller names, else the format whose columns it has."""

from functools import partial

from apps.common.imports.formats import Format, open_sheet
from apps.common.imports.intake import Intake
from apps.common.imports.sheet import Sheet, SheetText, read_text
from apps.common.problem import BadRequest, Unprocessable
from apps.expenses.entry import Entry
from apps.expenses.statements.bank import BankIntake
from apps.expenses.statements.household import COLUMNS, HouseholdIntake
from apps.expenses.statements.mapping import Mapping, mapping_of, shipped
from apps.expenses.statements.reading import Given


def open_statement(
    body: bytes, given: Given, *, mapping: str | None, encoding: str | None
) -> tuple[Sheet, Intake[Entry]]:
    """The rows of a file and their intake; 422 when no format and no mapping knows its columns."""
    if mapping is not None:
        chosen = mapping_of(mapping)
        text = _text_of(body, encoding, chosen.encoding)
        return open_sheet(text, [_by(chosen, given, chosen=True)])
    household = Format("household", COLUMNS, (), lambda sheet: HouseholdIntake(sheet, given))
    try:
        return open_sheet(
            read_text(body, encoding), [household, *(_by(each, given, chosen=False) for each in shipped())]
        )
    except BadRequest:
        # Not UTF-8: banks whose mapping names another encoding write in that one.
        for each in shipped():
            if encoding is None and each.encoding is not None:
                try:
                    return open_sheet(read_text(body, each.encoding), [_by(each, given, chosen=False)])
                except (BadRequest, Unprocessable):
                    continue
        raise


def _text_of(body: bytes, given: str | None, usual: str | None) -> SheetText:
    """The text in the encoding that is given, else UTF-8, else the usual one of its bank."""
    try:
        return read_text(body, given)
    except BadRequest:
        if given is not None or usual is None:
            raise
        return read_text(body, usual)


def _by(mapping: Mapping, given: Given, *, chosen: bool) -> Format[Entry]:
    return Format(
        mapping.name,
        tuple(sorted(mapping.headers())),
        (),
        partial(BankIntake, mapping=mapping, given=given, chosen=chosen),
        any_other=True,
    )
