"""How old prices are: each by the day it was read, because a new snapshot may hold prices that nobody read again."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from trackstack_infra.costs.snapshot import Price, Snapshot
from trackstack_infra.errors import Failed

WARN_AFTER_DAYS: Final = 60
REFUSE_AFTER_DAYS: Final = 180


def oldest_days(used: Iterable[Price], today: date) -> int:
    """The age of the oldest, in days; 0 where nothing is used."""
    return max((age_days(each, today) for each in used), default=0)


def age_days(price: Price, today: date) -> int:
    """Days since it was read from its source."""
    return (today - price.retrieved).days


def older_than(used: Iterable[Price], days: int, today: date) -> list[Price]:
    """Those read longer ago, oldest first, each once."""
    each_once = {(price.id, price.region): price for price in used if age_days(price, today) > days}
    return sorted(each_once.values(), key=lambda price: (price.retrieved, price.id, price.region))


def age_warning(used: Iterable[Price], snapshot: Snapshot, today: date, *, any_age: bool) -> str:
    """What to say of the age of the prices that an estimate used, if anything.

    Raises Failed if one of them is too old, unless any age will do, and for a snapshot of a day yet to come.
    """
    refuse_future(snapshot, today)
    prices = {(each.id, each.region): each for each in used}.values()
    too_old, old = (older_than(prices, days, today) for days in (REFUSE_AFTER_DAYS, WARN_AFTER_DAYS))
    if too_old and not any_age:
        raise Failed(
            f"{_counted(len(too_old), len(prices))} over {REFUSE_AFTER_DAYS} days old; {_oldest(too_old[0], today)}",
            hint="run `trackstack cost prices refresh`, or pass --any-age to use them anyway",
        )
    if not old:
        return ""
    return (
        f"{_counted(len(old), len(prices))} over {WARN_AFTER_DAYS} days old; {_oldest(old[0], today)}:"
        " `trackstack cost prices refresh` renews them"
    )


def short_warning(used: Iterable[Price], today: date) -> str:
    """The same in half a line, for verbs that are about something else; empty where no price is old."""
    prices = {(each.id, each.region): each for each in used}.values()
    old = older_than(prices, WARN_AFTER_DAYS, today)
    return f"{_counted(len(old), len(prices))} over {WARN_AFTER_DAYS} days old: `cost prices verify`" if old else ""


def in_words(snapshot: Snapshot, today: date) -> str:
    """How old all prices of a snapshot are; empty where none is old."""
    old = older_than(snapshot.entries, WARN_AFTER_DAYS, today)
    if not old:
        return ""
    all_ = len(snapshot.entries)
    return f"{len(old)} of {all_} prices were read more than {WARN_AFTER_DAYS} days ago; {_oldest(old[0], today)}"


def refuse_future(snapshot: Snapshot, today: date) -> None:
    """Raises Failed for a snapshot that is dated later than today (UTC): its age cannot be judged."""
    if snapshot.snapshot > today:
        raise Failed(
            f"the price snapshot is of {snapshot.snapshot}, but today is {today} (UTC)",
            hint="correct this computer's clock, or use another snapshot with --prices",
        )


def _counted(some: int, all_: int) -> str:
    return f"{some} of {all_} prices used {'is' if some == 1 else 'are'}"


def _oldest(price: Price, today: date) -> str:
    where = "" if price.region == "global" else f" in {price.region}"
    return f"{price.id}{where} is {age_days(price, today)} days old"
