"""What a handler raises, whatever went wrong in it, and how AWS says that something is or is not there."""

import re
from typing import Literal

from botocore.exceptions import ClientError

Kind = Literal["failed", "data"]

# Services name the same two situations in some forty ways, but always with one of these words in the code.
_GONE = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent|^404$|NotExist")
_TAKEN = re.compile(
    r"AlreadyExist|AlreadyOwnedByYou|EntityAlready|AlreadyAssociated|Duplicate|NameExists|ConflictingDomainExists|"
    r"MountTargetConflict|PriorityInUse|ResourceInUseException|ResourceConflict"
)


class ProviderError(Exception):
    """A resource could not be created, read, changed or deleted. `kind` is "data" when code of ours refused its data
    (a Lambda invocation that raised), else "failed"."""

    def __init__(self, token: str, operation: str, code: str, message: str, *, kind: Kind = "failed") -> None:
        super().__init__(message if kind == "data" else f"{token}: {operation} failed: {code}: {message}")
        self.token = token
        self.operation = operation
        self.code = code
        self.message = message
        self.kind: Kind = kind


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown"))


def message_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message") or "the emulator gave no reason")


def is_gone(error: ClientError) -> bool:
    """Whether AWS says that the thing asked for is not there."""
    return _GONE.search(code_of(error)) is not None


def is_taken(error: ClientError) -> bool:
    """Whether AWS says that a thing of this name is there already."""
    return _TAKEN.search(code_of(error)) is not None or "already exists" in message_of(error)
