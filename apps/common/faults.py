"""Faults: what an error of SQLite means for the process, and the problem the caller gets."""

import os
import sqlite3
import sys

from apps.common.problem import Conflict, Problem, StorageFull, Unavailable, Unprocessable

EXIT_IO_ERROR = 70
"""Exit code after an I/O error of the database: the file may be gone or damaged, so this connection must not go on."""

_FATAL = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def is_fatal(error: BaseException) -> bool:
    """Whether the connection cannot be trusted any more after this error."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and (code & 0xFF in _FATAL or code == sqlite3.SQLITE_READONLY_DBMOVED)


def end_process(error: BaseException) -> None:
    """End the process at once, without answering anybody: an answer now might confirm what is not on disk."""
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    print(
        f"database: {name}: {error}; ending with {EXIT_IO_ERROR}, nothing more is confirmed",
        file=sys.stderr,
        flush=True,
    )
    os._exit(EXIT_IO_ERROR)


def as_problem(error: BaseException) -> Problem | None:
    """The problem a caller gets for an error out of the database; None when it is a bug of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, OverflowError | UnicodeEncodeError):
        return Unprocessable("a value of the request is outside the range that can be stored")
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return StorageFull("the disk of the database is full; nothing of this request was kept")
    if code & 0xFF == sqlite3.SQLITE_READONLY:
        return Unavailable("the database is read-only at the moment", retry_after_s=30)
    if code in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
        return Conflict("something with this name or key already exists")
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return Conflict("it refers to something that does not exist, or something else still refers to it")
    return None
