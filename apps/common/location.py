"""Location: which file is the database. Either the process's own, or the one the data bridge has published."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.common.settings import Settings, SettingsRefused

_BACKUP_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,99}")


@dataclass(frozen=True)
class Location:
    """The database's file, and the backup it was made from when the bridge made it."""

    path: Path
    backup: str | None = None


def locate(settings: Settings, domains: Sequence[str]) -> Location:
    """Find the database; raises SettingsRefused when the bridge has not published one.

    The bridge writes `CURRENT` last and replaces it at once, so what it names is complete.
    """
    folder = settings.data_dir
    if settings.database == "own":
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsRefused(f"DATA_DIR {folder} cannot be created: {error.strerror}") from error
        return Location(folder / "app.db")
    if len(domains) != 1:
        raise SettingsRefused(f"DATABASE=bridge is for one domain a process; this one has {', '.join(domains)}")
    current = folder / "CURRENT"
    try:
        backup = current.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsRefused(f"{current} cannot be read, so there is no data to serve; run the data bridge") from error
    if not _BACKUP_ID.fullmatch(backup):
        raise SettingsRefused(f"{current} does not name a backup: {backup[:80]!r}; run the data bridge")
    path = folder / f"{domains[0]}.{backup}.db"
    if not path.is_file():
        raise SettingsRefused(f"{current} names {backup}, but {path} is missing; run the data bridge")
    return Location(path, backup)
