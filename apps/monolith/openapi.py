"""OpenAPI documents of all domains, kept in docs/openapi: `python -m apps.monolith.openapi [FOLDER]` writes them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from apps.common.openapi import document
from apps.common.service import Service
from apps.monolith.services import SERVICES

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"


def render(service: Service) -> str:
    """The document of one domain as it is committed."""
    return json.dumps(document(service), indent=2, ensure_ascii=False) + "\n"


def write(folder: Path, services: Sequence[Service] = SERVICES) -> None:
    """Write all documents into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for service in services:
        (folder / f"{service.name}.json").write_text(render(service), encoding="utf-8")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    write(target)
    sys.stdout.write(f"wrote {', '.join(f'{service.name}.json' for service in SERVICES)} to {target}\n")
