"""Decisions: what holds for a file, and why."""

import pytest

from apps.common.imports.decisions import Decision, Evidence
from apps.common.problem import Unprocessable


def words(value: str) -> str:
    """A decision about dates, for people."""
    return f"Dates were read {value}"


def test_one_row_proves_it_for_the_file() -> None:
    """The note names the first row that can mean nothing else."""
    evidence = Evidence("dates")
    evidence.proves("month-first", 7, "09/28/2026")
    evidence.proves("month-first", 9, "09/30/2026")
    assert evidence.decide(given=None, words=words) == Decision(
        name="dates",
        value="month-first",
        how="proved",
        note="Dates were read month-first: line 7 (09/28/2026) can mean nothing else.",
    )
    assert evidence.count("month-first") == 2


def test_two_rows_that_contradict_are_named() -> None:
    """Nothing of the file is taken; the message says which rows, and how to import it all the same."""
    evidence = Evidence("dates")
    evidence.proves("month-first", 7, "09/28/2026")
    evidence.proves("day-first", 12, "13/01/2026")
    with pytest.raises(Unprocessable) as refused:
        evidence.decide(given=None, words=words, known="day-first")
    assert refused.value.detail == (
        "the file contradicts itself, so nothing of it is taken: line 7 (09/28/2026) proves month-first,"
        " line 12 (13/01/2026) proves day-first; correct the file, or import it with dates=month-first or"
        " dates=day-first"
    )


def test_what_is_given_holds() -> None:
    """Whoever imports the file decides, also against its rows and where they contradict each other."""
    evidence = Evidence("dates")
    evidence.proves("month-first", 7, "09/28/2026")
    evidence.proves("day-first", 12, "13/01/2026")
    decision = evidence.decide(given="day-first", words=words)
    assert decision is not None
    assert (decision.value, decision.how, decision.note) == (
        "day-first",
        "given",
        "Dates were read day-first, as given.",
    )


def test_an_assumption_says_that_it_is_one() -> None:
    """Proof goes before what earlier imports had, and that before an assumption; without any there is no decision."""
    none = Evidence("dates")
    known = none.decide(given=None, words=words, known="day-first", assumed="month-first")
    assumed = none.decide(given=None, words=words, assumed="day-first", why_assumed="no date tells")
    assert known is not None
    assert assumed is not None
    assert (known.how, known.note) == ("known", "Dates were read day-first, as in earlier imports.")
    assert (assumed.how, assumed.note) == (
        "assumed",
        "Dates were read day-first: no date tells. If that is wrong, undo the import and give dates.",
    )
    assert none.decide(given=None, words=words) is None
