"""Undo: how an expense that an import made is taken back."""

from apps.common.transaction import Transaction
from apps.expenses import ledger, store


class UndoExpenses:
    """Deletes imported expenses through the ledger, so that whoever follows their category hears of it."""

    def is_edited(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Whether it has another version than the import gave it."""
        found = store.expense(record_id, tx)
        return found is not None and found.version > 1

    def remove(self, tx: Transaction, run_id: str, record_id: str) -> bool:
        """Delete it; False when it is gone already."""
        found = store.expense(record_id, tx)
        if found is None:
            return False
        ledger.strike(found, tx)
        return True
