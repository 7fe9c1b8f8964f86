"""Reports: what became of a file, in counts, with the decisions made for it and the first of its refusals."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from apps.common.imports.decisions import Decision

REFUSALS_SHOWN: Final = 100
"""How many refusals a report lists: each has a reason of up to some hundred bytes."""


class Refusal(BaseModel):
    """Why a row was refused; `line` is where it begins in the file, whose first line is 1."""

    model_config = ConfigDict(frozen=True)

    line: int
    reason: str


class ImportReport(BaseModel):
    """What became of a file so far."""

    model_config = ConfigDict(frozen=True)

    import_id: str | None = Field(
        description="Names the import from now on; null in a dry run and when nothing came in"
    )
    format: str
    complete: bool = Field(
        description="False when time ran out: send the same file again with import_id, and it goes on where it stopped"
    )
    rows: int = Field(description="How many rows of the file were looked at so far")
    of_rows: int = Field(description="How many rows the file has")
    taken: int
    known: int = Field(description="Rows that an earlier import, or an earlier row, has brought already")
    changed: int = Field(description="Known rows that the file describes otherwise, such as in another category")
    skipped: int = Field(description="Rows that are no entries, such as rest timers or transfers; the notes say which")
    refused: int
    refusals: tuple[Refusal, ...] = Field(description=f"The first {REFUSALS_SHOWN} refusals of this answer")
    decisions: tuple[Decision, ...] = Field(description="What was decided for the file as a whole")
    notes: tuple[str, ...] = Field(description="What else is worth knowing, in words")


class ImportRun(BaseModel):
    """An import that was made: `trackstack import list` shows them."""

    model_config = ConfigDict(frozen=True)

    id: str
    imported_at: str
    file_name: str
    format: str
    decisions: tuple[Decision, ...]
    rows: int
    taken: int
    known: int
    changed: int
    skipped: int
    refused: int
    undone_at: str | None


class UndoReport(BaseModel):
    """What undoing an import did."""

    model_config = ConfigDict(frozen=True)

    import_id: str
    complete: bool = Field(description="False when time ran out: repeat the request, and it goes on where it stopped")
    removed: int = Field(description="Records deleted")
    kept: int = Field(description="Records left because they were changed since the import")
    gone: int = Field(description="Records that had been deleted before; their rows can be imported again")
