"""`trackstack cost prices refresh`."""

from pathlib import Path
from typing import Annotated

import typer

from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.verbs.price_options import PricesOption, chosen_snapshot, require_region
from trackstack_infra.errors import Failed


def refresh(
    region: Annotated[list[str] | None, typer.Option("--region", help="Only this region; may be repeated.")] = None,
    prices: PricesOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to write; else into the package, by date."),
    ] = None,
    offers: Annotated[str | None, typer.Option(metavar="URL", help="Another host with AWS's price files.")] = None,
    spot_feed: Annotated[
        str | None, typer.Option(metavar="URL", help="Another address of the Fargate Spot feed.")
    ] = None,
    api: Annotated[
        bool, typer.Option(help="Ask AWS's price API for what its files do not state; it needs credentials.")
    ] = True,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Read AWS's own prices and write a new snapshot. Prices that are not found stay as they were, and are listed.

    Uses the network, which no other command about prices does. EC2's price file has some hundred MB a region.
    """
    from datetime import UTC, datetime

    from trackstack_infra.cli.views.output import print_json, stderr
    from trackstack_infra.cli.views.prices_in_words import outcome
    from trackstack_infra.costs.snapshot import FOLDER
    from trackstack_infra.price_refresh.offers import HOST
    from trackstack_infra.price_refresh.renewal import Sources, renew
    from trackstack_infra.price_refresh.spot import FEED
    from trackstack_infra.price_refresh.write import write_snapshot

    snapshot = chosen_snapshot(prices)
    for each in region or ():
        require_region(snapshot, each)
    progress = stderr()
    renewal = renew(
        snapshot,
        Sources(offers=offers or HOST, spot_feed=spot_feed or FEED, api=_price_api if api else None),
        today=datetime.now(UTC).date(),
        regions=region or (),
        on_progress=lambda file: progress.print(f"reading {file}"),
    )
    if not renewal.renewed:
        raise Failed(
            f"none of {len(renewal.kept)} prices could be read, so nothing was written: {renewal.kept[0].why}",
            hint="check the connection, or name a mirror after --offers and --spot-feed",
        )
    path = out or FOLDER / f"{renewal.snapshot.snapshot}.yaml"
    write_snapshot(renewal.snapshot, path)
    if json:
        kept = [{"id": each.price.id, "region": each.price.region, "why": each.why} for each in renewal.kept]
        print_json({"file": str(path), "renewed": len(renewal.renewed), "kept": kept})
    else:
        print(outcome(renewal, path))


def _price_api() -> object:
    """The price API answers in a few regions only, and for all of them."""
    import boto3

    return boto3.client("pricing", region_name="us-east-1")
