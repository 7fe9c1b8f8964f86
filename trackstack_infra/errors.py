"""What can go wrong for a user of TrackStack: each error carries its sentence, the next step, and the exit code."""

# ruff: noqa: N818 (they are raised and read as outcomes: `raise Locked(...)`)

from typing import ClassVar


class TrackStackError(Exception):
    """An error meant for a person: what happened, to what and why (`message`), and what to do next (`hint`)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class Failed(TrackStackError):
    """An operation failed; what was done before it is recorded, so the same command may be run again."""

    exit_code = 1


class UsageError(TrackStackError):
    """The command was asked for something it does not offer."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file or a setting given by hand does not say what it must."""


class ChangesPending(TrackStackError):
    """A preview found changes, and the caller asked to be told by the exit code."""

    exit_code = 3


class Locked(TrackStackError):
    """Another run is working on the same stack."""

    exit_code = 4


class PolicyViolated(TrackStackError):
    """A stack does not hold a rule that blocks, or its suppression has expired."""

    exit_code = 5


class BudgetExceeded(TrackStackError):
    """A stack would cost more than its budget, or has grown dearer than is allowed."""

    exit_code = 6


class DataNotVerified(TrackStackError):
    """A backup or a copy of data is not what it claims to be; nothing was replaced by it."""

    exit_code = 7


class NothingImported(TrackStackError):
    """Of a file that was to be imported nothing was taken, and something was refused."""

    exit_code = 7


class ClaimIsFalse(TrackStackError):
    """Our own documentation says of a cost what is not so."""

    exit_code = 7


class PrerequisiteMissing(TrackStackError):
    """A program, a file or a credential that the command needs is not there."""

    exit_code = 9


class NotHealthy(TrackStackError):
    """Everything was created, but it did not answer in time."""

    exit_code = 10


class Interrupted(TrackStackError):
    """Stopped by the user; what was running has finished and is recorded."""

    exit_code = 130
