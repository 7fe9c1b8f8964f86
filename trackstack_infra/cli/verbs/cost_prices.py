"""`trackstack cost prices list|show|diff|verify|refresh`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.errors import Failed, UsageError

if TYPE_CHECKING:
    from trackstack_infra.costs.snapshot import Snapshot

app = typer.Typer(
    name="prices",
    help="What is charged for, at which price, and who says so. Only `refresh` uses the network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

PricesOption = Annotated[
    Path | None, typer.Option("--prices", metavar="FILE", help="Another snapshot than the newest of the package.")
]
RegionOption = Annotated[str | None, typer.Option("--region", help="Only this region, such as us-east-1.")]


@app.command("list")
def list_(
    region: RegionOption = None, prices: PricesOption = None, json: JsonOption = False, debug: DebugOption = False
) -> None:
    """List all prices, a region beside the other."""
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.cli.views.prices_in_words import as_document, of_regions

    snapshot = _snapshot(prices)
    _check_region(snapshot, region)
    if json:
        chosen = [each for each in snapshot.entries if region is None or each.region in (region, "global")]
        print_json({"snapshot": str(snapshot.snapshot), "prices": [as_document(each) for each in chosen]})
    else:
        print(of_regions(snapshot, [region] if region else _in_order(snapshot)))
        print(f"\nsnapshot of {snapshot.snapshot}, US dollars before tax; `show ID` names the source")


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Such as nat.hour; `list` has them all.")],
    prices: PricesOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show one price in all regions, with its source, and what of it is free."""
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.cli.views.prices_in_words import as_document, in_words

    snapshot = _snapshot(prices)
    entries = [each for each in snapshot.entries if each.id == id_]
    if not entries:
        near = sorted({each.id for each in snapshot.entries if id_.split(".")[0] in each.id})
        raise UsageError(
            f"the snapshot of {snapshot.snapshot} has no price {id_!r}",
            hint=f"near it are {', '.join(near)}" if near else "`trackstack cost prices list` names them all",
        )
    free = [each for each in snapshot.free_tiers if id_ in each.prices]
    if json:
        tiers = [each.model_dump(mode="json") for each in free]
        print_json({"prices": [as_document(each) for each in entries], "free_tiers": tiers})
    else:
        print(in_words(id_, entries, free))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A snapshot file, or the date of one in the package.")],
    after: Annotated[str, typer.Argument(metavar="B", help="The same, for the later one.")],
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show which prices differ between two snapshots."""
    from trackstack_infra.cli.views.output import print_json, stdout
    from trackstack_infra.cli.views.prices_in_words import as_change, difference
    from trackstack_infra.costs.price_check import changes

    old, new = _named(before), _named(after)
    found = changes(old, new)
    if json:
        print_json(
            {"before": str(old.snapshot), "after": str(new.snapshot), "changes": [as_change(each) for each in found]}
        )
    elif found:
        stdout().print(difference(found))
    else:
        print(f"the snapshots of {old.snapshot} and {new.snapshot} have the same prices")


@app.command()
def verify(prices: PricesOption = None, json: JsonOption = False, debug: DebugOption = False) -> None:
    """Check that every price a billing rule may ask for is there; exits 1 where a full region lacks one."""
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.costs.price_check import FULL_REGIONS, IDS, loose_ends, missing_in

    snapshot = _snapshot(prices)
    missing = {region: missing_in(snapshot, region) for region in sorted({*snapshot.regions, *FULL_REGIONS})}
    strange = list(loose_ends(snapshot))
    unsure = sorted({f"{each.id} in {each.region}" for each in snapshot.entries if each.confidence == "low"})
    if json:
        print_json({"snapshot": str(snapshot.snapshot), "missing": missing, "strange": strange, "unsure": unsure})
    else:
        for region, ids in missing.items():
            full = "" if region in FULL_REGIONS else ", where they need not be complete"
            lacks = f"; not known: {', '.join(ids)}" if ids else ""
            print(f"{region}: {len(IDS) - len(ids)} of {len(IDS)} prices{full}{lacks}")
        for line in strange:
            print(line)
        if unsure:
            print(f"least sure: {', '.join(unsure)}")
    lacking = [region for region in FULL_REGIONS if missing[region]]
    if lacking or strange:
        what = f"prices are missing in {' and '.join(lacking)}" if lacking else "some entries cannot be meant"
        raise Failed(f"{what} (snapshot {snapshot.snapshot})", hint="add them, or name another file after --prices")


@app.command()
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

    snapshot = _snapshot(prices)
    for each in region or ():
        _check_region(snapshot, each)
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


def _snapshot(path: Path | None) -> "Snapshot":
    from trackstack_infra.costs.snapshot import read_snapshot, shipped

    return read_snapshot(path or shipped())


def _in_order(snapshot: "Snapshot") -> list[str]:
    """Regions whose prices are complete first."""
    from trackstack_infra.costs.price_check import FULL_REGIONS

    return [*FULL_REGIONS, *(region for region in snapshot.regions if region not in FULL_REGIONS)]


def _named(name: str) -> "Snapshot":
    """A file, or one of the package by its date."""
    from trackstack_infra.costs.snapshot import FOLDER

    of_package = FOLDER / f"{name}.yaml"
    return _snapshot(of_package if of_package.is_file() else Path(name))


def _check_region(snapshot: "Snapshot", region: str | None) -> None:
    if region is not None and region not in snapshot.regions:
        raise UsageError(
            f"the snapshot of {snapshot.snapshot} has no prices for {region}",
            hint=f"it has {', '.join(snapshot.regions)}",
        )


def _price_api() -> object:
    """The price API answers in a few regions only, and for all of them."""
    import boto3

    return boto3.client("pricing", region_name="us-east-1")
