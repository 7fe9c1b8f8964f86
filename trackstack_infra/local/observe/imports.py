"""Importing a file through a stack's API, listing the imports that were made, and undoing one."""

import difflib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trackstack_infra.errors import Failed, NotHealthy, NothingImported, TrackStackError, UsageError
from trackstack_infra.local.observe.api import Api, Refusal

MAX_IMPORT_BYTES = 10 * 1024 * 1024  # the HTTP API takes no more: apps.common refuses it as well

MAPPING_MAX = 6000
"""How long a mapping may be in an address, of whose 8 KiB the rest is left to other parameters."""

_UNKNOWN = re.compile(r"unknown query parameter '(?P<name>[^']*)'; known are: (?P<known>.*)")
_OURS = frozenset({"again", "dry_run", "file_name", "import_id", "mapping"})
"""Parameters of the API that the command line has options for, or sets itself."""

COUNTS = ("taken", "known", "changed", "skipped", "refused")


def read_file(file: Path) -> bytes:
    """The bytes of a file to import; UsageError when it cannot be read or is larger than the API takes."""
    try:
        size = file.stat().st_size
        if size > MAX_IMPORT_BYTES:
            raise UsageError(
                f"{file} has {size:,} bytes; an import takes at most {MAX_IMPORT_BYTES:,}",
                hint="split the file; rows imported twice change nothing",
            )
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", hint="pass an existing file") from error


def read_mapping(file: Path) -> str:
    """A mapping of a bank's columns, written as YAML, as the JSON that the API takes.

    Raises UsageError when it cannot be read, is no YAML, or is larger than an address may be.
    """
    import yaml

    try:
        mapping = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", hint="pass an existing YAML file to --map") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{file} is not valid YAML: {str(error).splitlines()[0]}", hint="docs/imports.md shows a mapping"
        ) from error
    if not isinstance(mapping, dict):
        raise UsageError(f"{file} is no mapping of names to values", hint="docs/imports.md shows a mapping")
    text = json.dumps(mapping, ensure_ascii=False, separators=(",", ":"), default=str)
    if len(quote(text)) > MAPPING_MAX:
        raise UsageError(
            f"{file} is larger than the {MAPPING_MAX} bytes an address can hold", hint="use fewer category rules"
        )
    return text


def import_file(
    api: Api,
    domain: str,
    file: Path,
    *,
    parameters: Mapping[str, str],
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Send a file until all of its rows were looked at; the report of all answers together.

    `progress` hears how many rows of how many are done. Raises NothingImported for a file that is refused whole,
    UsageError for a wrong parameter, and says of an import that broke off what was stored of it.
    """
    content = read_file(file)
    total: dict[str, Any] | None = None
    while total is None or not total["complete"]:
        query = dict(parameters) | {"file_name": file.name[:200]}
        if total is not None and total["import_id"]:
            query["import_id"] = total["import_id"]
        try:
            answer = api.call("POST", f"{domain}/imports", query=query, content=content, media_type="text/csv")
        except Refusal as refusal:
            raise _refused(domain, file, refusal) from None
        except (Failed, NotHealthy) as error:
            raise _broke_off(file, total, error) from None
        total = answer if total is None else _together(total, answer)
        progress(total["rows"], total["of_rows"])
    return total


def list_imports(api: Api, domain: str) -> list[dict[str, Any]]:
    """The newest imports of a domain, the newest first."""
    found: list[dict[str, Any]] = api.call("GET", f"{domain}/imports")["items"]
    return found


def find_import(api: Api, domain: str, wanted: str | None) -> dict[str, Any]:
    """The import whose id begins or ends with `wanted`; without it the newest that was not undone."""
    found = [each for each in list_imports(api, domain) if not each["undone_at"] or wanted]
    if wanted is not None:
        found = [each for each in found if each["id"].startswith(wanted) or each["id"].endswith(wanted)]
        if len(found) > 1:
            raise UsageError(
                f"{len(found)} imports of {domain} have an ID like {wanted!r}", hint="write more of the ID"
            )
    if not found:
        what = "no import that can be undone" if wanted is None else f"no import with ID {wanted!r}"
        raise UsageError(
            f"{api.stack} has {what} in {domain}", hint=f"run `trackstack import list {api.stack} {domain}`"
        )
    return found[0]


def undo_import(api: Api, domain: str, import_id: str, *, edited: str) -> dict[str, Any]:
    """Undo an import, in as many requests as it takes; what was removed and kept in all."""
    total: dict[str, Any] | None = None
    while total is None or not total["complete"]:
        try:
            answer = api.call("DELETE", f"{domain}/imports/{import_id}", query={"edited": edited})
        except Refusal as refusal:
            raise Failed(
                f"import {import_id} was not undone: {refusal.detail}",
                hint=f"run `trackstack import undo {api.stack} {domain} {import_id} --edited keep` (or remove)"
                if "edited=" in refusal.detail
                else f"run `trackstack import list {api.stack} {domain}`",
            ) from None
        if total is not None:
            for name in ("removed", "kept", "gone"):
                answer[name] += total[name]
        total = answer
    return total


def _together(before: Mapping[str, Any], answer: Mapping[str, Any]) -> dict[str, Any]:
    """The report of two answers about one file."""
    added = {name: before[name] + answer[name] for name in COUNTS}
    notes = list(dict.fromkeys([*before["notes"], *answer["notes"]]))
    return {**answer, **added, "refusals": [*before["refusals"], *answer["refusals"]][:100], "notes": notes}


def _refused(domain: str, file: Path, refusal: Refusal) -> TrackStackError:
    unknown = _UNKNOWN.match(refusal.detail)
    if unknown is not None:
        known = [name for name in unknown["known"].split(", ") if name not in _OURS]
        near = difflib.get_close_matches(unknown["name"], known, n=1)
        return UsageError(
            f"{domain} has nothing to decide that is called {unknown['name']}"
            + (f"; did you mean {near[0]}?" if near else ""),
            hint=f"--with takes {', '.join(known)}",
        )
    if refusal.parameter:
        return UsageError(f"{domain} refuses the import: {refusal.detail}", hint="correct the parameters of --with")
    if "must name the columns" in refusal.detail or "the file is empty" in refusal.detail:
        hint = "nothing was imported; docs/imports.md lists the formats" + (
            ", and how to describe the file of another bank for --map" if domain == "expenses" else ""
        )
    elif "mapping" in refusal.detail:
        hint = "nothing was imported; correct the file of --map (docs/imports.md shows one)"
    else:
        hint = "nothing was imported; correct the file, or decide with --with what the message asks for"
    return NothingImported(f"{domain} refuses {file.name}: {refusal.detail}", hint=hint)


def _broke_off(file: Path, so_far: Mapping[str, Any] | None, error: TrackStackError) -> TrackStackError:
    stored = f"; {so_far['rows']:,} of {so_far['of_rows']:,} rows of {file.name} were done" if so_far else ""
    return type(error)(
        f"{error.message}{stored}",
        hint=f"{error.hint}, then import the file again: rows that were imported are known",
    )
