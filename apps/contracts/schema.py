"""One JSON Schema per event type, made from the event classes and committed beside them.

`python -m apps.contracts.schema` writes them again after an event class changed. A changed schema of a published
version may only have gained optional fields: anything else is a new type `…v2`.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apps.common.events import Event, EventType
from apps.contracts import EVENTS

FOLDER = Path(__file__).parent / "schemas"
SAMPLES = Path(__file__).parent / "samples"
PREFIX = "dev.trackstack."


def file_name(event: type[Event]) -> str:
    """`expenses.expense.recorded.v1.json`: the type without the prefix all of them share."""
    return event.type.removeprefix(PREFIX) + ".json"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The schema of one type's `data`. Fields it does not list are allowed, as a later producer may add some."""
    schema = event.model_json_schema()
    schema.pop("additionalProperties", None)
    kind = EventType.of(event.type)
    name = f"https://trackstack.dev/events/{kind.domain}.{kind.name}/{kind.version}.json"  # as the envelopes say
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, **schema}


def render(event: type[Event]) -> str:
    return json.dumps(schema_of(event), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path, events: Sequence[type[Event]] = EVENTS) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for event in events:
        (folder / file_name(event)).write_text(render(event), encoding="utf-8")


if __name__ == "__main__":
    write(FOLDER)
    sys.stdout.write(f"wrote {len(EVENTS)} schemas to {FOLDER}\n")
