"""The rules of tariffs and bills, and which changes of a bill are published."""

from datetime import date

from apps.common.clock import instant_text
from apps.common.database import Transaction
from apps.common.problem import Conflict, FieldError, NotFound, Unprocessable
from apps.common.transaction import Readable
from apps.contracts.heating import HeatingBillCorrected, HeatingBillEvent, HeatingBillRecorded, HeatingBillWithdrawn
from apps.heating import accounts
from apps.heating.meterbook import meter_for
from apps.heating.model import Bill, BillDraft, Tariff, TariffDraft

# Tariffs


def find_tariff(tariff_id: str, tx: Readable) -> Tariff:
    found = accounts.tariff(tariff_id, tx)
    if found is None:
        raise NotFound(f"there is no tariff {tariff_id}")
    return found


def add_tariff(draft: TariffDraft, tariff_id: str, tx: Transaction) -> Tariff:
    """Add a tariff; it ends the one before it."""
    meter_for(draft.meter_id, tx)
    new = Tariff(id=tariff_id, version=1, **draft.model_dump())
    _check_tariff(new, tx)
    accounts.put_tariff(new, tx)
    return new


def change_tariff(old: Tariff, draft: TariffDraft, tx: Transaction) -> Tariff:
    """Correct a tariff; it stays with its meter."""
    if draft.meter_id != old.meter_id:
        raise Conflict(f"the tariff belongs to meter {old.meter_id}; remove it there and add a new one")
    changed = Tariff(id=old.id, version=old.version + 1, **draft.model_dump())
    _check_tariff(changed, tx)
    accounts.put_tariff(changed, tx)
    return changed


def remove_tariff(old: Tariff, tx: Transaction) -> None:
    """Delete a tariff; the one before it holds on."""
    accounts.delete_tariff(old.id, tx)


def _check_tariff(wanted: Tariff, tx: Transaction) -> None:
    for other in accounts.tariffs_of(wanted.meter_id, tx):
        if other.id == wanted.id:
            continue
        if other.valid_from == wanted.valid_from:
            raise Conflict(f"a tariff from {other.valid_from} on already exists ({other.id}); change that one")
        if other.currency != wanted.currency:
            raise Unprocessable(
                f"the other tariffs of the meter are in {other.currency}",
                errors=[FieldError("/currency", f"must be {other.currency}: amounts in two currencies do not add up")],
            )


# Bills


def find_bill(bill_id: str, tx: Readable) -> Bill:
    found = accounts.bill(bill_id, tx)
    if found is None:
        raise NotFound(f"there is no bill {bill_id}")
    return found


def record_bill(draft: BillDraft, bill_id: str, tx: Transaction) -> Bill:
    """Keep a bill and publish it."""
    version = accounts.last_version_of_removed(bill_id, tx) + 1
    new = Bill(id=bill_id, version=version, **draft.model_dump())
    accounts.put_bill(new, tx)
    _publish(HeatingBillRecorded, new, tx)
    return new


def correct_bill(old: Bill, draft: BillDraft, tx: Transaction) -> Bill:
    """Replace what a bill says and publish it."""
    corrected = Bill(id=old.id, version=old.version + 1, **draft.model_dump())
    accounts.put_bill(corrected, tx)
    _publish(HeatingBillCorrected, corrected, tx)
    return corrected


def withdraw_bill(old: Bill, tx: Transaction) -> None:
    """Delete a bill, keep its version and publish that."""
    gone = old.model_copy(update={"version": old.version + 1})
    accounts.delete_bill(gone, instant_text(tx.now), tx)
    _publish(HeatingBillWithdrawn, gone, tx)


def _publish(kind: type[HeatingBillEvent], about: Bill, tx: Transaction) -> None:
    event = kind(
        bill_id=about.id,
        period_from=date.fromisoformat(about.period_from),
        period_to=date.fromisoformat(about.period_to),
        kwh_milli=about.kwh_milli,
        amount_minor=about.amount_minor,
        currency=about.currency,
        version=about.version,
    )
    tx.publish(event, sequence=about.version)
