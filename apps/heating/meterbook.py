"""The rules of meters, readings and exchanges: a meter counts up, and what it showed must agree with its neighbours."""

from apps.common.database import Transaction
from apps.common.problem import Conflict, FieldError, NotFound, Unprocessable
from apps.common.transaction import Readable
from apps.heating import store
from apps.heating.counter import Swap, consumed, units
from apps.heating.model import Exchange, ExchangeDraft, Meter, MeterDraft, Reading, ReadingDraft

# Meters


def find_meter(meter_id: str, tx: Readable) -> Meter:
    found = store.meter(meter_id, tx)
    if found is None:
        raise NotFound(f"there is no meter {meter_id}")
    return found


def make_meter(draft: MeterDraft, meter_id: str, tx: Transaction) -> Meter:
    """Add a meter; no other of its kind may have its serial."""
    new = _meter(draft, meter_id, version=1)
    _check_serial(new, tx)
    store.put_meter(new, tx)
    return new


def change_meter(old: Meter, draft: MeterDraft, tx: Transaction) -> Meter:
    """Change what is known of a meter; its kind is settled by its first reading, its digits by its first roll-over."""
    new = _meter(draft, old.id, version=old.version + 1)
    _check_serial(new, tx)
    if new.kind != old.kind and store.has_readings(old.id, tx):
        raise Conflict(f"meter {old.serial} has readings of kind {old.kind}; make a new meter of kind {new.kind}")
    if new.digits != old.digits and store.roll_overs(old.id, tx):
        raise Conflict(f"meter {old.serial} has rolled over, so its digits cannot change")
    if new.full_milli is not None and store.largest_value(old.id, tx) >= new.full_milli:
        shown = units(store.largest_value(old.id, tx))
        raise Conflict(f"meter {old.serial} has shown {shown}, more than {new.digits} digits can")
    store.put_meter(new, tx)
    return new


def remove_meter(old: Meter, tx: Transaction) -> None:
    """Delete a meter that has nothing."""
    if store.is_used(old.id, tx):
        raise Conflict(f"meter {old.serial} has readings, exchanges or tariffs; remove those first")
    store.delete_meter(old.id, tx)


# Readings


def find_reading(reading_id: str, tx: Readable) -> Reading:
    found = store.reading(reading_id, tx)
    if found is None:
        raise NotFound(f"there is no reading {reading_id}")
    return found


def take_reading(draft: ReadingDraft, reading_id: str, tx: Transaction) -> Reading:
    """Keep what a meter showed."""
    meter = meter_for(draft.meter_id, tx)
    new = Reading(id=reading_id, source="manual", version=1, **draft.model_dump())
    _put_reading(new, meter, tx)
    return new


def change_reading(old: Reading, draft: ReadingDraft, tx: Transaction) -> Reading:
    """Correct a reading; it stays with its meter."""
    _check_same_meter("reading", old.meter_id, draft.meter_id)
    meter = find_meter(old.meter_id, tx)
    changed = Reading(id=old.id, source=old.source, version=old.version + 1, **draft.model_dump())
    store.delete_reading(old.id, tx)
    _put_reading(changed, meter, tx)
    _check_around(meter, old.read_at, tx)
    return changed


def remove_reading(old: Reading, tx: Transaction) -> None:
    """Delete a reading its neighbours can do without."""
    store.delete_reading(old.id, tx)
    _check_around(find_meter(old.meter_id, tx), old.read_at, tx)


def _put_reading(new: Reading, meter: Meter, tx: Transaction) -> None:
    _check_digits(meter, value_milli=new.value_milli)
    taken = store.reading_at(meter.id, new.read_at, tx)
    if taken is not None:
        raise Conflict(
            f"a reading of {units(taken.value_milli)} at {new.read_at} already exists ({taken.id}); change that one"
        )
    if any(swap.at == new.read_at for _, swap in store.swaps(meter.id, tx)):
        raise Conflict(f"the meter was exchanged at {new.read_at}; a reading lies before or after that instant")
    store.put_reading(new, tx)
    _check_around(meter, new.read_at, tx)


# Exchanges


def find_exchange(exchange_id: str, tx: Readable) -> Exchange:
    found = store.exchange(exchange_id, tx)
    if found is None:
        raise NotFound(f"there is no exchange {exchange_id}")
    return found


def record_exchange(draft: ExchangeDraft, exchange_id: str, tx: Transaction) -> Exchange:
    """Keep that a meter was exchanged."""
    meter = meter_for(draft.meter_id, tx)
    new = Exchange(id=exchange_id, version=1, **draft.model_dump())
    _put_exchange(new, meter, tx)
    return new


def change_exchange(old: Exchange, draft: ExchangeDraft, tx: Transaction) -> Exchange:
    """Correct an exchange; it stays with its meter."""
    _check_same_meter("exchange", old.meter_id, draft.meter_id)
    meter = find_meter(old.meter_id, tx)
    changed = Exchange(id=old.id, version=old.version + 1, **draft.model_dump())
    store.delete_exchange(old.id, tx)
    _put_exchange(changed, meter, tx)
    _check_around(meter, old.exchanged_at, tx)
    return changed


def remove_exchange(old: Exchange, tx: Transaction) -> None:
    """Delete an exchange the readings around it can do without."""
    store.delete_exchange(old.id, tx)
    _check_around(find_meter(old.meter_id, tx), old.exchanged_at, tx)


def _put_exchange(new: Exchange, meter: Meter, tx: Transaction) -> None:
    _check_digits(meter, old_final_milli=new.old_final_milli, new_start_milli=new.new_start_milli)
    if any(swap.at == new.exchanged_at for _, swap in store.swaps(meter.id, tx)):
        raise Conflict(f"an exchange at {new.exchanged_at} already exists; change that one")
    if store.mark_at(meter.id, new.exchanged_at, tx):
        raise Conflict(f"there is a reading at {new.exchanged_at}; the exchange lies before or after that instant")
    store.put_exchange(new, tx)
    _check_around(meter, new.exchanged_at, tx)


# Agreement


def meter_for(meter_id: str, tx: Readable) -> Meter:
    """The meter something is written for; a wrong id is an error of what is written."""
    found = store.meter(meter_id, tx)
    if found is None:
        raise Unprocessable(f"there is no meter {meter_id}", errors=[FieldError("/meter_id", "no such meter")])
    return found


def _check_around(meter: Meter, at: str, tx: Transaction) -> None:
    """Refuse what was just written when the readings before, at and after that instant do not agree."""
    before, here, after = (
        store.mark_before(meter.id, at, tx),
        store.mark_at(meter.id, at, tx),
        store.mark_after(meter.id, at, tx),
    )
    swaps = [swap for _, swap in store.swaps(meter.id, tx)]
    pairs = [(before, here), (here, after)] if here else [(before, after)]
    for first, second in pairs:
        between = [swap for swap in swaps if _between(swap, first and first.at, second and second.at)]
        try:
            consumed(first, second, between, meter.full_milli)
        except ValueError as error:
            raise Conflict(str(error)) from error


def _between(swap: Swap, first: str | None, second: str | None) -> bool:
    return (first is None or swap.at > first) and (second is None or swap.at < second)


def _check_digits(meter: Meter, **values: int) -> None:
    for name, value in values.items():
        if meter.full_milli is not None and value >= meter.full_milli:
            raise Unprocessable(
                f"meter {meter.serial} has {meter.digits} digits and cannot show {units(value)}",
                errors=[FieldError(f"/{name}", f"must be less than {meter.full_milli}")],
            )


def _check_same_meter(what: str, old: str, new: str) -> None:
    if old != new:
        raise Conflict(f"the {what} belongs to meter {old}; remove it there and make a new one for meter {new}")


def _check_serial(wanted: Meter, tx: Transaction) -> None:
    taken = store.meter_with(wanted.kind, wanted.serial, tx)
    if taken is not None and taken.id != wanted.id:
        raise Conflict(f"a meter of kind {taken.kind} with serial {taken.serial} already exists ({taken.id})")


def _meter(draft: MeterDraft, meter_id: str, *, version: int) -> Meter:
    return Meter(
        id=meter_id,
        kind=draft.kind,
        serial=draft.serial,
        name=draft.name,
        digits=draft.digits,
        conversions=draft.conversions,
        version=version,
    )
