"""A snapshot as a file: written beside its place, then moved there, so that no half of one is ever read."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml

from trackstack_infra.costs.snapshot import FreeTier, Price, Snapshot, Tier

HEAD: Final = """\
# Prices in US dollars before tax. Amounts are in quotes, or YAML would make floats of them.
# Written by `trackstack cost prices refresh`; `retrieved` is the day a price was read, `source` says where.
"""
# What YAML reads as the text it is, without quotes.
_PLAIN: Final = re.compile(r"[A-Za-z][\w .,;/()'+-]*")
_WORDS_OF_YAML: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a snapshot file in the form of those in the package."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(as_yaml(snapshot), encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def as_yaml(snapshot: Snapshot) -> str:
    """The text of a snapshot file."""
    return HEAD + "".join(f"{line}\n" for line in _lines(snapshot))


def _lines(snapshot: Snapshot) -> Iterator[str]:
    yield f"schema: {snapshot.schema_}"
    yield f"snapshot: {snapshot.snapshot}"
    yield f"currency: {snapshot.currency}"
    yield "entries:"
    for price in snapshot.entries:
        yield from _price(price)
    if snapshot.free_tiers:
        yield "free_tiers:"
    for tier in snapshot.free_tiers:
        yield from _free_tier(tier)


def _price(price: Price) -> Iterator[str]:
    yield f"  - id: {price.id}"
    yield f"    region: {price.region}"
    yield f"    service_code: {price.service_code}"
    yield f"    usage_type: {_text(price.usage_type)}"
    if price.match:
        yield "    match: {" + ", ".join(f"{_text(key)}: {_text(value)}" for key, value in price.match.items()) + "}"
    yield f"    unit: {_text(price.unit)}"
    if price.list_factor != 1:
        yield f'    list_factor: "{price.list_factor:f}"'
    yield f"    tiers: [{', '.join(map(_tier, price.tiers))}]"
    yield f"    effective: {price.effective}"
    yield f"    retrieved: {price.retrieved}"
    yield f"    source: {_text(price.source)}"
    yield f"    source_kind: {price.source_kind}"
    yield f"    confidence: {price.confidence}"
    if price.floating:
        yield "    floating: true"
    if price.note:
        yield f"    note: {_text(price.note)}"


def _tier(tier: Tier) -> str:
    edges = {"start": tier.start or None, "stop": tier.stop, "usd": tier.usd}
    return "{" + ", ".join(f'{name}: "{value:f}"' for name, value in edges.items() if value is not None) + "}"


def _free_tier(tier: FreeTier) -> Iterator[str]:
    yield f"  - id: {tier.id}"
    yield f"    prices: [{', '.join(tier.prices)}]"
    yield f'    units: "{tier.units:f}"'
    yield f"    unit: {_text(tier.unit)}"
    yield f"    source: {_text(tier.source)}"
    if tier.note:
        yield f"    note: {_text(tier.note)}"


def _text(text: str) -> str:
    """Plain where that is safe, else in quotes on one line."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS_OF_YAML
    return text if plain else str(yaml.safe_dump(text, default_style='"', width=float("inf"))).strip()
