"""What can be wrong with a backup, its split or its destination, in sentences for the person who has to act.

A Lambda reports an error by its class name and its text only, so the text holds the whole story: what, where, why, and
what to do.
"""

# ruff: noqa: N818 (they are raised and read as outcomes: `raise InUse(...)`)


class BridgeError(Exception):
    """The bridge changed nothing that services use: CURRENT and the databases it names are as they were."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(f"{message} ({hint})")
        self.message = message
        self.hint = hint


class BackupMissing(BridgeError):
    """No complete backup of that name: one exists only when its manifest does."""


class BackupDamaged(BridgeError):
    """The backup's file or manifest is not what the app once wrote."""


class BackupTooNew(BridgeError):
    """The backup was written by a later version of the app than this bridge knows."""


class SchemaDiffers(BridgeError):
    """A table is not spelled alike in the backup and in the service's own migrations."""


class NotVerified(BridgeError):
    """Rows of the split are not the rows of the backup."""


class NoSpace(BridgeError):
    """The disk is too small for the work."""


class StorageFailed(BridgeError):
    """The bucket or a queue refused, or answered something else than what was sent."""


class PlaceRefused(BridgeError):
    """The file system of the services' directories, or the work's disk, refused."""


class InUse(BridgeError):
    """A service or another run of the bridge holds what this run would have to replace."""


class SplitFailed(BridgeError):
    """A splitting process ended without an answer."""
