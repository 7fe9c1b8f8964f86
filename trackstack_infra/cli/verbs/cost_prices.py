"""`trackstack cost prices list|show|diff|verify|refresh`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trackstack_infra.cli.cost_options import now
from trackstack_infra.cli.options import DebugOption, JsonOption
from trackstack_infra.cli.verbs import price_refresh
from trackstack_infra.cli.verbs.price_options import PricesOption, RegionOption, chosen_snapshot, require_region
from trackstack_infra.errors import Failed, UsageError

if TYPE_CHECKING:
    from trackstack_infra.costs.snapshot import Snapshot

app = typer.Typer(
    name="prices",
    help="List, compare, verify and refresh price snapshots. Only `refresh` uses the network.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list")
def list_(
    region: RegionOption = None, prices: PricesOption = None, json: JsonOption = False, debug: DebugOption = False
) -> None:
    """List all prices by region."""
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.cli.views.prices_in_words import as_document, of_regions

    snapshot = chosen_snapshot(prices)
    require_region(snapshot, region)
    if json:
        chosen = [each for each in snapshot.entries if region is None or each.region in (region, "global")]
        print_json({"snapshot": str(snapshot.snapshot), "prices": [as_document(each) for each in chosen]})
    else:
        print(of_regions(snapshot, [region] if region else _in_order(snapshot)))
        print(f"\nPrice snapshot of {snapshot.snapshot}, US dollars before tax; `show ID` prints the source")


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Price ID, such as nat.hour; `list` shows all IDs.")],
    prices: PricesOption = None,
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Show one price by region, its sources and free tier."""
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.cli.views.prices_in_words import as_document, in_words

    snapshot = chosen_snapshot(prices)
    entries = [each for each in snapshot.entries if each.id == id_]
    if not entries:
        near = sorted({each.id for each in snapshot.entries if id_.split(".")[0] in each.id})
        raise UsageError(
            f"the price snapshot of {snapshot.snapshot} has no price {id_!r}",
            hint=f"similar IDs are {', '.join(near)}" if near else "run `trackstack cost prices list` to see all IDs",
        )
    free = [each for each in snapshot.free_tiers if id_ in each.prices]
    if json:
        tiers = [each.model_dump(mode="json") for each in free]
        print_json({"prices": [as_document(each) for each in entries], "free_tiers": tiers})
    else:
        print(in_words(id_, entries, free))


@app.command()
def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="Earlier price snapshot: a file, or the date of a shipped one.")
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="Later price snapshot.")],
    json: JsonOption = False,
    debug: DebugOption = False,
) -> None:
    """Compare two price snapshots."""
    from trackstack_infra.cli.views.output import print_json, stdout
    from trackstack_infra.cli.views.prices_in_words import as_change, as_free_change, difference, free_difference
    from trackstack_infra.costs.price_check import changes, free_tier_changes

    old, new = _named(before), _named(after)
    found, free = changes(old, new), free_tier_changes(old, new)
    if json:
        print_json(
            {
                "before": str(old.snapshot),
                "after": str(new.snapshot),
                "changes": [as_change(each) for each in found],
                "free_tiers": [as_free_change(each) for each in free],
            }
        )
    elif found or free:
        if found:
            stdout().print(difference(found))
        for each in free:
            print(free_difference(each))
    else:
        print(f"The price snapshots of {old.snapshot} and {new.snapshot} contain the same prices.")


@app.command()
def verify(prices: PricesOption = None, json: JsonOption = False, debug: DebugOption = False) -> None:
    """Check that a price snapshot is complete.

    Tells how old its prices are, and lists what billing rules can ask for and no region has. Exits 1 if a region that
    must be complete lacks a price that a stack may need, or if the snapshot is from the future.
    """
    from trackstack_infra.cli.views.output import print_json
    from trackstack_infra.costs.price_age import in_words, refuse_future
    from trackstack_infra.costs.price_check import FULL_REGIONS, IDS, known_of, loose_ends, missing_in, nowhere

    snapshot, today = chosen_snapshot(prices), now().date()
    refuse_future(snapshot, today)
    age, unknown, open_ = in_words(snapshot, today), nowhere(snapshot), known_of(snapshot)
    missing = {region: missing_in(snapshot, region) for region in sorted({*snapshot.regions, *FULL_REGIONS})}
    strange = list(loose_ends(snapshot))
    unsure = sorted({f"{each.id} in {each.region}" for each in snapshot.entries if each.confidence == "low"})
    if json:
        found = {
            "missing": missing,
            "nowhere": unknown,
            "open": open_,
            "strange": strange,
            "unsure": unsure,
            "age": age,
        }
        print_json({"snapshot": str(snapshot.snapshot), **found})
    else:
        for region, ids in missing.items():
            full = "" if region in FULL_REGIONS else " (may be incomplete)"
            lacks = f"; missing: {', '.join(ids)}" if ids else ""
            print(f"{region}: {len(IDS) - len(ids)} of {len(IDS)} prices{full}{lacks}")
        for name, ids in open_.items():
            print(f"{name}: {', '.join(ids) or 'none'}; any other is unpriced")
        if unknown:
            print(f"in no region, so unpriced: {', '.join(unknown)}")
        for line in strange:
            print(line)
        if unsure:
            print(f"low confidence: {', '.join(unsure)}")
        if age:
            print(age)
    lacking = [region for region in FULL_REGIONS if missing[region]]
    if lacking or strange:
        what = f"prices are missing in {' and '.join(lacking)}" if lacking else "some entries match no billing rule"
        raise Failed(
            f"{what} (price snapshot of {snapshot.snapshot})", hint="correct the file, or use another one with --prices"
        )


def _in_order(snapshot: "Snapshot") -> list[str]:
    """Regions whose prices are complete first."""
    from trackstack_infra.costs.price_check import FULL_REGIONS

    return [*FULL_REGIONS, *(region for region in snapshot.regions if region not in FULL_REGIONS)]


def _named(name: str) -> "Snapshot":
    """A file, or one of the package by its date."""
    from trackstack_infra.costs.snapshot import FOLDER

    of_package = FOLDER / f"{name}.yaml"
    return chosen_snapshot(of_package if of_package.is_file() else Path(name))


app.command("refresh")(price_refresh.refresh)
