"""The SQL of what expenses keeps from other domains' events. A row changes only for a newer version."""

from apps.common.database import Transaction


def keep_bill(bill_id: str, version: int, *, withdrawn: bool, tx: Transaction) -> bool:
    """Keep the newest version of a heating bill; False when this one is not newer than what is kept."""
    return bool(
        tx.execute(
            "INSERT INTO expenses_heating_bill (bill_id, version, withdrawn) VALUES (:bill, :version, :withdrawn)"
            " ON CONFLICT (bill_id) DO UPDATE SET version = excluded.version, withdrawn = excluded.withdrawn"
            " WHERE excluded.version > expenses_heating_bill.version",
            bill=bill_id,
            version=version,
            withdrawn=withdrawn,
        )
    )


def keep_visit(workout_id: str, month: str, version: int, *, removed: bool, told_at: str, tx: Transaction) -> None:
    """Keep the newest version of a workout."""
    tx.execute(
        "INSERT INTO expenses_gym_visit (workout_id, month, version, removed, told_at)"
        " VALUES (:workout, :month, :version, :removed, :told_at)"
        " ON CONFLICT (workout_id) DO UPDATE SET month = excluded.month, version = excluded.version,"
        " removed = excluded.removed, told_at = excluded.told_at"
        " WHERE excluded.version > expenses_gym_visit.version",
        workout=workout_id,
        month=month,
        version=version,
        removed=removed,
        told_at=told_at,
    )
