"""Formats: which files a domain takes, found by the columns of their header."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.common.imports.intake import Intake
from apps.common.imports.sheet import Sheet, SheetText, find_header, first_record
from apps.common.problem import Unprocessable

T = TypeVar("T")


@dataclass(frozen=True)
class Format(Generic[T]):
    """One kind of file: the columns it must and may have (lower case), and what reads a file of them."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    open: Callable[[Sheet], Intake[T]]

    any_other: bool = False
    """Whether a file may have other columns as well."""

    def fits(self, columns: Sequence[str]) -> bool:
        """Whether these are the columns of this format, each once."""
        present = set(columns)
        if self.any_other:
            return present.issuperset(self.required) and all(list(columns).count(name) == 1 for name in self.required)
        known = {*self.required, *self.optional}
        return present.issuperset(self.required) and len(present) == len(columns) and present <= known


def open_sheet(text: SheetText, formats: Sequence[Format[T]]) -> tuple[Sheet, Intake[T]]:
    """The sheet in a file and its intake, in the first format whose columns a line near the top names; 422 if none."""
    for each in formats:
        sheet = find_header(text, each.fits)
        if sheet is not None:
            return sheet, each.open(sheet)
    wanted = "; or ".join(
        ", ".join(each.required) + (f" (optional: {', '.join(each.optional)})" if each.optional else "")
        for each in formats
    )
    found = ", ".join(cell.lower() for cell in first_record(text).cells)[:200] or "nothing"
    raise Unprocessable(f"the first line must name the columns: {wanted}. Found: {found}")
