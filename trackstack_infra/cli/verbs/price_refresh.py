"""`trackstack cost prices refresh`."""

from pathlib import Path
from typing import Annotated

import typer

from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.verbs.price_options import PricesOption, chosen_snapshot, require_region
from trackstack_infra.errors import Failed


def refresh(
    region: Annotated[list[str] | None, typer.Option("--region", help="Refresh only this region (repeatable).")] = None,
    prices: PricesOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="File to write (default: a dated file in the package)."),
    ] = None,
    offers: Annotated[str | None, typer.Option(metavar="URL", help="Mirror of AWS's price files.")] = None,
    spot_feed: Annotated[str | None, typer.Option(metavar="URL", help="Mirror of the Fargate Spot price feed.")] = None,
    api: Annotated[
        bool, typer.Option(help="Query the AWS Price List API for prices that the files lack; requires credentials.")
    ] = True,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Download prices from AWS into a new price snapshot.

    Keeps and lists the prices that it does not find. Only this price command uses the network: EC2's price file has
    several hundred MB a region.
    """
    from datetime import UTC, datetime

    from trackstack_infra.cli.views.output import print_json, stderr
    from trackstack_infra.cli.views.prices_in_words import outcome
    from trackstack_infra.costs.price_age import refuse_future
    from trackstack_infra.costs.snapshot import FOLDER
    from trackstack_infra.price_refresh.offers import HOST
    from trackstack_infra.price_refresh.renewal import Sources, renew
    from trackstack_infra.price_refresh.spot import FEED
    from trackstack_infra.price_refresh.write import write_snapshot

    snapshot, today = chosen_snapshot(prices), datetime.now(UTC).date()
    refuse_future(snapshot, today)
    for each in region or ():
        require_region(snapshot, each)
    progress = stderr()
    renewal = renew(
        snapshot,
        Sources(offers=offers or HOST, spot_feed=spot_feed or FEED, api=_price_api if api else None),
        today=today,
        regions=region or (),
        on_progress=lambda file: progress.print(f"reading {file}"),
    )
    if not renewal.renewed:
        raise Failed(
            f"none of {len(renewal.kept)} prices could be read; nothing was written: {renewal.kept[0].why}",
            hint="check the connection, or use mirrors with --offers and --spot-feed",
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
