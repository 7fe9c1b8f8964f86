"""Options that the verbs of `cost prices` share, and the snapshot that they choose."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from trackstack_infra.costs.snapshot import Snapshot

PricesOption = Annotated[
    Path | None, typer.Option("--prices", metavar="FILE", help="Use this price snapshot instead of the newest one.")
]
RegionOption = Annotated[str | None, typer.Option("--region", help="Show only this region, such as us-east-1.")]


def chosen_snapshot(path: Path | None) -> "Snapshot":
    """The snapshot of a file, else the newest of the package."""
    from trackstack_infra.costs.snapshot import read_snapshot, shipped

    return read_snapshot(path or shipped())


def require_region(snapshot: "Snapshot", region: str | None) -> None:
    """Refuse a region of which the snapshot knows no price."""
    if region is not None:
        snapshot.require(region)
