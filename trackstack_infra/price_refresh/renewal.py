"""A snapshot made anew: each price from the first source that states it clearly, else as it was, with the reason."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from trackstack_infra.costs.snapshot import Price, Snapshot, Tier
from trackstack_infra.price_refresh import offers, spot
from trackstack_infra.price_refresh.api import products_of
from trackstack_infra.price_refresh.offers import NoPriceFile, Offer, path_of, read_offer
from trackstack_infra.price_refresh.product import FAR_FROM_BEFORE, NotRenewed, renewed
from trackstack_infra.price_refresh.spot import UNITS, NoSpotFeed, read_feed
from trackstack_infra.price_refresh.web import Unreachable, lines_of


@dataclass(frozen=True)
class Sources:
    """Where prices come from."""

    offers: str = offers.HOST
    spot_feed: str = spot.FEED
    api: Callable[[], Any] | None = None
    """Makes boto3's `pricing` client, once it is needed; None for no second source."""
    lines: Callable[[str], AbstractContextManager[Iterator[str]]] = lines_of


@dataclass(frozen=True)
class Kept:
    """A price that stays as it was."""

    price: Price
    why: str


@dataclass(frozen=True)
class Renewal:
    """The new snapshot, and what of it is not new."""

    snapshot: Snapshot
    renewed: tuple[Price, ...]
    kept: tuple[Kept, ...]


def renew(
    snapshot: Snapshot,
    sources: Sources,
    *,
    today: date,
    regions: Collection[str] = (),
    on_progress: Callable[[str], None] = lambda _: None,
) -> Renewal:
    """Read the prices of all regions, or of some, anew. `on_progress` gets which file is being read."""
    wanted = [each for each in snapshot.entries if not regions or each.region in (*regions, "global")]
    answers: dict[tuple[str, str], Price | str] = {}
    on_spot, listed = _parted(wanted)
    if on_spot:
        answers |= _from_feed(on_spot, sources, today, on_progress)
    for (service, region), prices in groupby(sorted(listed, key=_file), key=_file):
        answers |= _from_file(service, region, list(prices), sources, today, on_progress)
    unanswered = [each for each in listed if isinstance(answers[_key(each)], str)]
    if unanswered and sources.api is not None:
        answers |= _from_api(unanswered, answers, sources.api, today, on_progress)
    entries = tuple(_or_as_it_was(each, answers.get(_key(each))) for each in snapshot.entries)
    return Renewal(
        snapshot=Snapshot.model_validate(
            {
                "schema": snapshot.schema_,
                "snapshot": today,
                "currency": snapshot.currency,
                "entries": entries,
                "free_tiers": snapshot.free_tiers,
            }
        ),
        renewed=tuple(each for each in answers.values() if isinstance(each, Price)),
        kept=tuple(
            Kept(each, why if isinstance(why, str) else "its region was not asked for")
            for each in snapshot.entries
            if not isinstance(why := answers.get(_key(each)), Price)
        ),
    )


def _key(price: Price) -> tuple[str, str]:
    return price.id, price.region


def _file(price: Price) -> tuple[str, str]:
    """Which file states it: its service's of the region, or of all regions."""
    return price.service_code, "global" if price.service_code in offers.EVERYWHERE else price.region


def _or_as_it_was(price: Price, answer: Price | str | None) -> Price:
    return answer if isinstance(answer, Price) else price


def _parted(prices: Iterable[Price]) -> tuple[list[Price], list[Price]]:
    all_prices = list(prices)
    return [each for each in all_prices if each.id in UNITS], [each for each in all_prices if each.id not in UNITS]


def _from_feed(
    prices: list[Price], sources: Sources, today: date, on_progress: Callable[[str], None]
) -> dict[tuple[str, str], Price | str]:
    on_progress("Fargate Spot's price feed")
    try:
        with sources.lines(sources.spot_feed) as lines:
            feed = read_feed("\n".join(lines))
    except (Unreachable, NoSpotFeed) as error:
        return {_key(each): f"Fargate Spot's feed: {error}" for each in prices}
    answers: dict[tuple[str, str], Price | str] = {}
    for each in prices:
        usd, before = feed.get((UNITS[each.id], each.region)), each.tiers[0].usd
        if usd is None:
            answers[_key(each)] = f"Fargate Spot's feed has no {UNITS[each.id]} for {each.region}"
        elif not before / FAR_FROM_BEFORE < usd < before * FAR_FROM_BEFORE:
            answers[_key(each)] = f"Fargate Spot's feed says {usd}, too far from {before}"
        else:
            answers[_key(each)] = each.model_copy(
                update={
                    "tiers": (Tier(usd=usd),),
                    "effective": today,
                    "retrieved": today,
                    "source": "AWS's Fargate Spot feed",
                    "source_kind": "spot-feed",
                    "confidence": "high",
                }
            )
    return answers


def _from_file(
    service: str, region: str, prices: list[Price], sources: Sources, today: date, on_progress: Callable[[str], None]
) -> dict[tuple[str, str], Price | str]:
    name = f"{service} price file" + ("" if region == "global" else f" for {region}")
    on_progress(name)
    try:
        with sources.lines(sources.offers + path_of(service, region)) as lines:
            offer = read_offer(lines, {each.usage_type for each in prices})
    except (Unreachable, NoPriceFile, ValueError, ArithmeticError) as error:
        return {_key(each): f"{name}: {error}" for each in prices}
    return {_key(each): _stated(each, offer, f"{name}, published {offer.published}", today) for each in prices}


def _stated(price: Price, offer: Offer, source: str, today: date) -> Price | str:
    try:
        return renewed(price, offer.products.get(price.usage_type, ()), source=source, today=today)
    except NotRenewed as error:
        return str(error)


def _from_api(
    prices: list[Price],
    answers: Mapping[tuple[str, str], Price | str],
    api: Callable[[], Any],
    today: date,
    on_progress: Callable[[str], None],
) -> dict[tuple[str, str], Price | str]:
    """What the files did not state. Without credentials the first question fails, and no other is asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    on_progress(f"AWS's price API, for {len(prices)} prices that the files do not state")
    found: dict[tuple[str, str], Price | str] = {}
    try:
        client = api()
        for each in prices:
            try:
                found[_key(each)] = renewed(
                    each, products_of(client, each), source="answer of AWS's price API", today=today
                )
            except NotRenewed as error:
                found[_key(each)] = f"{answers[_key(each)]}; {error}"
    except (BotoCoreError, ClientError) as error:
        rest = {_key(each): f"{answers[_key(each)]}; AWS's price API: {error}" for each in prices}
        return rest | found
    return found
