"""The SQL of categories and expenses. No rules here: they are in the ledger."""

from collections.abc import Iterable, Mapping, Sequence

from apps.common.database import Transaction
from apps.common.fields import name_key
from apps.common.transaction import Readable, SqlValue
from apps.expenses.model import Category, Expense, Source

EXPENSE_COLUMNS = ", ".join(Expense.model_fields)
CATEGORY_COLUMNS = ", ".join(Category.model_fields)


# Categories


def category(category_id: str, tx: Readable) -> Category | None:
    row = tx.one(f"SELECT {CATEGORY_COLUMNS} FROM expenses_category WHERE id = :id", id=category_id)  # noqa: S608 -- constant
    return None if row is None else Category(**dict(row))


def category_named(name: str, kind: str, tx: Readable) -> Category | None:
    row = tx.one(
        f"SELECT {CATEGORY_COLUMNS} FROM expenses_category WHERE kind = :kind AND name_key = :key",  # noqa: S608 -- constant
        kind=kind,
        key=name_key(name),
    )
    return None if row is None else Category(**dict(row))


def put_category(new: Category, tx: Transaction) -> None:
    tx.execute(
        "INSERT INTO expenses_category (id, name, name_key, kind, tag, archived, version)"
        " VALUES (:id, :name, :name_key, :kind, :tag, :archived, :version)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, kind = excluded.kind,"
        " tag = excluded.tag, archived = excluded.archived, version = excluded.version",
        **new.model_dump(),
        name_key=name_key(new.name),
    )


def delete_category(category_id: str, tx: Transaction) -> None:
    tx.execute("DELETE FROM expenses_category WHERE id = :id", id=category_id)


def is_used(category_id: str, tx: Readable) -> bool:
    return tx.one("SELECT 1 FROM expenses_expense WHERE category_id = :id LIMIT 1", id=category_id) is not None


def touch_expenses_of(category_id: str, tx: Transaction) -> list[Expense]:
    """Give every expense of a category a new version, because what is published about them changes; returns them."""
    tx.execute("UPDATE expenses_expense SET version = version + 1 WHERE category_id = :id", id=category_id)
    rows = tx.all(f"SELECT {EXPENSE_COLUMNS} FROM expenses_expense WHERE category_id = :id ORDER BY id", id=category_id)  # noqa: S608 -- constant
    return [Expense(**dict(row)) for row in rows]


# Expenses


def expense(expense_id: str, tx: Readable) -> Expense | None:
    row = tx.one(f"SELECT {EXPENSE_COLUMNS} FROM expenses_expense WHERE id = :id", id=expense_id)  # noqa: S608 -- constant
    return None if row is None else Expense(**dict(row))


def expense_from(source: Source, source_ref: str, tx: Readable) -> Expense | None:
    row = tx.one(
        f"SELECT {EXPENSE_COLUMNS} FROM expenses_expense WHERE source = :source AND source_ref = :ref",  # noqa: S608 -- constant
        source=source,
        ref=source_ref,
    )
    return None if row is None else Expense(**dict(row))


def insert_expense(new: Expense, tx: Transaction) -> None:
    tx.execute(
        f"INSERT INTO expenses_expense ({EXPENSE_COLUMNS}) VALUES (:id, :occurred_on, :amount_minor, :currency,"  # noqa: S608 -- constant
        " :category_id, :subcategory, :payee, :account, :note, :source, :source_ref, :version)",
        **new.model_dump(),
    )


def update_expense(changed: Expense, tx: Transaction) -> None:
    tx.execute(
        "UPDATE expenses_expense SET occurred_on = :occurred_on, amount_minor = :amount_minor, currency = :currency,"
        " category_id = :category_id, subcategory = :subcategory, payee = :payee, account = :account, note = :note,"
        " source = :source, source_ref = :source_ref, version = :version WHERE id = :id",
        **changed.model_dump(),
    )


def delete_expense(gone: Expense, removed_at: str, tx: Transaction) -> None:
    """Delete an expense and keep its last version, so that one made again under its id counts on."""
    tx.execute("DELETE FROM expenses_expense WHERE id = :id", id=gone.id)
    tx.execute(
        "INSERT INTO expenses_removed (id, version, removed_at) VALUES (:id, :version, :at)"
        " ON CONFLICT (id) DO UPDATE SET version = excluded.version, removed_at = excluded.removed_at",
        id=gone.id,
        version=gone.version,
        at=removed_at,
    )


def last_version_of_removed(expense_id: str, tx: Readable) -> int:
    """The version an expense of this id had when it was removed; 0 when there never was one."""
    row = tx.one("SELECT version FROM expenses_removed WHERE id = :id", id=expense_id)
    return 0 if row is None else int(row[0])


# Imports


def all_categories(tx: Readable) -> list[Category]:
    rows = tx.all(f"SELECT {CATEGORY_COLUMNS} FROM expenses_category")  # noqa: S608 -- constant
    return [Category(**dict(row)) for row in rows]


def expenses_by_id(ids: Sequence[str], tx: Readable) -> dict[str, Expense]:
    """The expenses of these ids that there are."""
    if not ids:
        return {}
    binds = {f"v{place}": value for place, value in enumerate(ids)}
    names = ", ".join(f":{name}" for name in binds)
    rows = tx.all(f"SELECT {EXPENSE_COLUMNS} FROM expenses_expense WHERE id IN ({names})", **binds)  # noqa: S608 -- names
    return {row["id"]: Expense(**dict(row)) for row in rows}


def insert_imported(new: Iterable[Mapping[str, SqlValue]], tx: Transaction) -> None:
    """Many expenses of a statement, as the ledger would insert each."""
    tx.execute_many(
        f"INSERT INTO expenses_expense ({EXPENSE_COLUMNS}) VALUES (:id, :occurred_on, :amount_minor, :currency,"  # noqa: S608 -- constant
        " :category_id, :subcategory, :payee, :account, :note, 'import', NULL, 1)",
        new,
    )


def has_old_imports(tx: Readable) -> bool:
    """Whether rows were imported before imports had ids."""
    return tx.one("SELECT 1 FROM expenses_import_row WHERE import_id IS NULL LIMIT 1") is not None
