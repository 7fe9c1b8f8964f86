"""What the invented person spends and earns."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from apps.common.database import Transaction
from apps.expenses import ledger, store
from apps.expenses.model import CategoryDraft, ExpenseDraft, Kind, Tag
from apps.sample.timeline import Step, days, local

CATEGORIES: tuple[tuple[str, Kind, Tag | None], ...] = (
    ("Salary", "income", None),
    ("Rent", "spend", None),
    ("Heating", "spend", "heating"),
    ("Electricity", "spend", None),
    ("Internet and phone", "spend", None),
    ("Groceries", "spend", None),
    ("Eating out", "spend", None),
    ("Transport", "spend", None),
    ("Gym", "spend", "gym"),
    ("Insurance", "spend", None),
    ("Leisure", "spend", None),
    ("Clothing", "spend", None),
    ("Health", "spend", None),
)


@dataclass(frozen=True)
class Monthly:
    """Something paid on the same day of each month, from one amount at first to another later on."""

    category: str
    payee: str
    day: int
    minor: int
    later_minor: int
    account: str = "Giro"


MONTHLY = (
    Monthly("Rent", "Hausverwaltung Lindner", 1, 89_000, 89_000),
    Monthly("Heating", "Stadtwerke", 1, 9_500, 11_000),
    Monthly("Gym", "Kraftwerk Studio", 3, 2_990, 3_490),
    Monthly("Electricity", "Stadtwerke", 5, 4_800, 4_600),
    Monthly("Internet and phone", "Glasfaser Nord", 15, 3_999, 3_999),
    Monthly("Internet and phone", "Mobil", 20, 1_299, 999),
    Monthly("Transport", "Verkehrsverbund", 1, 5_800, 6_300),
    Monthly("Salary", "Contoso GmbH", 27, 285_000, 292_500),
)
PRICES_RISE_AFTER = 0.6
"""The part of the year after which the later amounts hold."""


@dataclass(frozen=True)
class Now:
    """Something bought now and then: how many times a week, from and up to which amount."""

    category: str
    payees: tuple[str, ...]
    a_week: float
    least_minor: int
    most_minor: int
    notes: tuple[str | None, ...] = (None,)


OCCASIONAL = (
    Now("Groceries", ("Markthalle", "Bio am Eck", "Discount", "Bäckerei Vogt"), 2.6, 420, 7_800),
    Now("Eating out", ("Café Ost", "Trattoria", "Noodle House", "Mensa"), 1.1, 690, 4_200, (None, "with Kim", "lunch")),
    Now("Transport", ("Bahn", "Radwerkstatt", "Carsharing"), 0.35, 890, 8_900),
    Now("Leisure", ("Kino", "Buchhandlung", "Konzerthaus", "Spieleladen"), 0.6, 850, 6_500, (None, "present")),
    Now("Clothing", ("Kaufhaus", "Secondhand"), 0.2, 1_900, 14_900),
    Now("Health", ("Apotheke", "Zahnarzt", "Optiker"), 0.15, 595, 12_000),
)


def steps(first: date, end: date, chance: random.Random) -> Iterator[Step]:
    """Categories on the first morning; then each day what is due and what comes up."""
    yield Step(local(first, time(7, 0)), "expenses", _make_categories)
    rise = first + (end - first) * PRICES_RISE_AFTER
    for day in days(first, end):
        for due in MONTHLY:
            if day.day == due.day:
                minor = due.minor if day < rise else due.later_minor
                yield _expense(day, time(8, chance.randrange(60)), due.category, minor, due.payee, due.account, None)
        if (day.month, day.day) == (1, 15):
            yield _expense(day, time(8, 30), "Insurance", 18_420, "Haftpflicht", "Giro", "liability, the year")
        for kind in OCCASIONAL:
            if chance.random() < kind.a_week / 7:
                yield _purchase(day, kind, chance)


def _purchase(day: date, kind: Now, chance: random.Random) -> Step:
    # Most purchases are small: the product of two even chances leans to the lower end.
    minor = kind.least_minor + round((kind.most_minor - kind.least_minor) * chance.random() * chance.random())
    if kind.category == "Clothing" and chance.random() < 0.2:
        minor = -minor  # sent back
    account = "Cash" if minor < 1_500 and chance.random() < 0.5 else "Card"
    clock = time(chance.randrange(9, 21), chance.randrange(60))
    return _expense(day, clock, kind.category, minor, chance.choice(kind.payees), account, chance.choice(kind.notes))


def _expense(day: date, clock: time, category: str, minor: int, payee: str, account: str, note: str | None) -> Step:
    return Step(local(day, clock), "expenses", partial(_record, day, category, minor, payee, account, note))


def _make_categories(tx: Transaction) -> None:
    for name, kind, tag in CATEGORIES:
        ledger.make_category(CategoryDraft(name=name, kind=kind, tag=tag), tx.new_id(), tx)


def _record(day: date, category: str, minor: int, payee: str, account: str, note: str | None, tx: Transaction) -> None:
    kind: Kind = "income" if category == "Salary" else "spend"
    found = store.category_named(category, kind, tx)
    if found is None:
        raise LookupError(f"the sample has no category {category}")
    ledger.record_expense(
        ExpenseDraft(
            occurred_on=day.isoformat(),
            amount_minor=minor,
            currency="EUR",
            category_id=found.id,
            payee=payee,
            account=account,
            note=note,
        ),
        tx,
    )
