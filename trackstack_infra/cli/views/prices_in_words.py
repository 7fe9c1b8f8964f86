"""Prices as people and programs read them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trackstack_infra.cli.views.output import table
from trackstack_infra.costs.price_check import FreeTierChange, PriceChange
from trackstack_infra.costs.snapshot import FreeTier, Price, Snapshot

if TYPE_CHECKING:
    from rich.table import Table

    from trackstack_infra.price_refresh.renewal import Renewal


def usd(amount: Decimal) -> str:
    """Exact and never in powers of ten: `0.0000004`."""
    return f"{amount:f}"


def of_regions(snapshot: Snapshot, regions: Sequence[str]) -> str:
    """A line a price, a column a region; `~` marks a price that floats, `?` one of low confidence."""
    ids = tuple(dict.fromkeys(each.id for each in snapshot.entries))
    rows = [("PRICE", *regions, "PER")]
    for id_ in ids:
        found = [snapshot.find(id_, region) for region in regions]
        unit = next((each.unit for each in found if each), "")
        rows.append((id_, *map(_short, found), unit))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _short(price: Price | None) -> str:
    if price is None:
        return "missing"
    sure = "?" if price.confidence == "low" else ""
    return f"{'~' if price.floating else ''}{usd(price.tiers[0].usd)}{'+' if len(price.tiers) > 1 else ''}{sure}"


def in_words(id_: str, entries: Sequence[Price], free: Iterable[FreeTier]) -> str:
    """One price with everything known about it."""
    lines = [f"{id_}, in US dollars per {entries[0].unit}"]
    for each in entries:
        lines += ["", *_one(each)]
    for tier in free:
        note = f" {tier.note}" if tier.note else ""
        lines += ["", f"always free: {usd(tier.units)} {tier.unit} a month per account (source: {tier.source}).{note}"]
    return "\n".join(lines)


def _one(price: Price) -> Iterator[str]:
    floats = " (floating price)" if price.floating else ""
    yield f"{price.region}: {_tiers(price)}{floats}"
    yield f"  usage type    {price.usage_type} of {price.service_code}"
    yield f"  effective     {price.effective} or earlier, retrieved {price.retrieved}"
    yield f"  source        {price.source} ({price.source_kind}, confidence {price.confidence})"
    if price.note:
        yield f"  note          {price.note}"


def _tiers(price: Price) -> str:
    return ", then ".join(
        usd(tier.usd) + (f" up to {usd(tier.stop)}" if tier.stop is not None else "") for tier in price.tiers
    )


def difference(found: Iterable[PriceChange]) -> "Table":
    """Prices that differ, before and after."""
    grid = table("PRICE", "REGION", "BEFORE", "AFTER", "CHANGE")
    for each in found:
        before, after = ("none" if price is None else _tiers(price) for price in (each.before, each.after))
        grid.add_row(each.id, each.region, before, after, _rise(each))
    return grid


def _rise(change: PriceChange) -> str:
    if change.factor is None:
        return ""
    if change.before and change.after and change.before.unit != change.after.unit:
        return f"{change.before.unit} to {change.after.unit}"
    return "tiers only" if change.factor == 1 else f"{(change.factor - 1) * 100:+.1f} %"


def outcome(renewal: "Renewal", path: Path) -> str:
    """What `refresh` wrote, and what of it is not new."""
    lines = [f"{path}: {len(renewal.renewed)} prices refreshed"]
    if renewal.kept:
        lines.append(f"{len(renewal.kept)} prices kept:")
        lines += [f"  {each.price.id} in {each.price.region}: {each.why}" for each in renewal.kept]
    return "\n".join(lines)


def as_document(price: Price) -> dict[str, Any]:
    """For JSON, where amounts are texts too: no reader makes floats of them."""
    tiers = [
        {"start": usd(tier.start), "stop": None if tier.stop is None else usd(tier.stop), "usd": usd(tier.usd)}
        for tier in price.tiers
    ]
    return {**price.model_dump(mode="json"), "tiers": tiers, "list_factor": usd(price.list_factor)}


def as_change(change: PriceChange) -> dict[str, Any]:
    """For JSON."""
    before, after = (price and [usd(tier.usd) for tier in price.tiers] for price in (change.before, change.after))
    units = [price and price.unit for price in (change.before, change.after)]
    return {"id": change.id, "region": change.region, "before": before, "after": after, "units": units}


def free_difference(change: FreeTierChange) -> str:
    """`free tier sqs.requests: 1000000 for sqs.request before, none after`."""
    return f"free tier {change.id}: {_free(change.before)} before, {_free(change.after)} after"


def _free(tier: FreeTier | None) -> str:
    return "none" if tier is None else f"{usd(tier.units)} for {', '.join(tier.prices)}"


def as_free_change(change: FreeTierChange) -> dict[str, Any]:
    """For JSON."""
    before, after = (
        tier and {"units": usd(tier.units), "prices": list(tier.prices)} for tier in (change.before, change.after)
    )
    return {"id": change.id, "before": before, "after": after}
