"""A dated snapshot of prices: one YAML file, read whole, checked once, and named in every report."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from trackstack_infra.costs.yaml_file import read_yaml
from trackstack_infra.errors import UsageError

FOLDER: Final = Path(__file__).parent / "prices"


def _text(value: object) -> object:
    """A float has lost the price that was written: 0.1 is none."""
    if not isinstance(value, str | Decimal):
        raise ValueError('must be in quotes, such as "0.045"')
    return value


Money = Annotated[Decimal, BeforeValidator(_text), Field(ge=0)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Tier(_Entry):
    """Dollars a unit from a quantity of the month on, up to another."""

    start: Money = Decimal(0)
    stop: Money | None = None
    usd: Money


class Price(_Entry):
    """What one unit of one meter costs in one region, and who says so."""

    id: str
    region: str
    """`global` where AWS asks the same everywhere."""
    service_code: str
    usage_type: str
    """As bills and price lists call it."""
    match: Mapping[str, str] = {}
    """Columns of the price list, in lower case, that tell it from other prices of the same usage type."""
    unit: str
    list_factor: Money = Decimal(1)
    """How many of the price list's units are one of ours: Lightsail's list asks by the hour, we by the month."""
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1)]
    effective: date
    """Since when, as far as the source says; else a day on which it held."""
    retrieved: date
    source: str
    source_kind: Literal["price-list", "spot-feed", "pricing-page", "docs", "bill", "third-party", "derived"]
    confidence: Literal["high", "medium", "low"]
    floating: bool = False
    """A Spot price: it changes with demand."""
    note: str = ""

    @model_validator(mode="after")
    def _tiers_follow_each_other(self) -> Self:
        edge: Decimal | None = Decimal(0)
        for tier in self.tiers:
            if edge is None or tier.start != edge:
                raise ValueError(f"{self.id}: a tier starts at {tier.start}, but the previous one ends at {edge}")
            edge = tier.stop
        if edge is not None:
            raise ValueError(f"{self.id}: the last tier ends at {edge}, and units above it have no price")
        return self

    def of(self, quantity: Decimal) -> Decimal:
        """Dollars for so many units in a month, through all tiers."""
        return sum(
            (
                (min(quantity, tier.stop if tier.stop is not None else quantity) - tier.start) * tier.usd
                for tier in self.tiers
                if quantity > tier.start
            ),
            Decimal(0),
        )


class FreeTier(_Entry):
    """What an account gets for nothing each month, for ever, over all its stacks; offers that end are not here."""

    id: str
    prices: tuple[str, ...]
    """Ids of the prices whose units draw on it."""
    units: Money
    unit: str
    source: str
    note: str = ""


class Snapshot(_Entry):
    """All prices of one day."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    snapshot: date
    currency: Literal["USD"]
    entries: tuple[Price, ...]
    free_tiers: tuple[FreeTier, ...] = ()
    sha256: str = ""
    """Of the file's bytes, so that a report tells which prices it was made from."""

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Price]:
        return {(entry.id, entry.region): entry for entry in self.entries}

    @model_validator(mode="after")
    def _each_price_once(self) -> Self:
        if len(self._by_key) < len(self.entries):
            keys = [(entry.id, entry.region) for entry in self.entries]
            twice = sorted({f"{id_} in {region}" for id_, region in keys if keys.count((id_, region)) > 1})
            raise ValueError(f"duplicate: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _each_price_in_one_free_tier(self) -> Self:
        drawn = [id_ for tier in self.free_tiers for id_ in tier.prices]
        twice = sorted({id_ for id_ in drawn if drawn.count(id_) > 1})
        if twice:
            raise ValueError(f"in more than one free tier: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _read_before_it_was_made(self) -> Self:
        for entry in self.entries:
            if entry.retrieved > self.snapshot:
                raise ValueError(
                    f"{entry.id} in {entry.region} was read on {entry.retrieved}, after the snapshot's own date,"
                    f" {self.snapshot}"
                )
        return self

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that has prices of its own."""
        return tuple(sorted({entry.region for entry in self.entries} - {"global"}))

    def find(self, id_: str, region: str) -> Price | None:
        """The price in a region, else the one that holds everywhere; None where nobody has written it down."""
        return self._by_key.get((id_, region)) or self._by_key.get((id_, "global"))

    def require(self, region: str) -> None:
        """Raises UsageError for a region that has no price of its own: nothing could be priced there."""
        if region not in self.regions:
            raise UsageError(
                f"the price snapshot of {self.snapshot} has no prices for {region}",
                hint=f"the regions with prices are {', '.join(self.regions)}",
            )


def shipped() -> Path:
    """The newest snapshot in the package."""
    return max(FOLDER.glob("*.yaml"))


def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot file; raises UsageError that says what is wrong with it."""
    try:
        raw = path.read_bytes()
        document: Any = read_yaml(raw)
        digest = hashlib.sha256(raw).hexdigest()
        return Snapshot.model_validate({**document, "sha256": digest})
    except OSError as error:
        raise UsageError(
            f"cannot read prices from {path}: {error.strerror}", hint="pass a price snapshot with --prices FILE"
        ) from error
    except (yaml.YAMLError, TypeError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else str(error)
        raise UsageError(
            f"{path.name} is not a price snapshot: {what}", hint="docs/costs.md shows the format"
        ) from error
