-- Amounts are whole minor units of the currency; days are local dates as YYYY-MM-DD, months as YYYY-MM.

CREATE TABLE expenses_category (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL, -- the name as it is compared: case folded
    kind TEXT NOT NULL CHECK (kind IN ('spend', 'income')),
    tag TEXT CHECK (tag IN ('gym', 'heating')),
    archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
    version INTEGER NOT NULL,
    UNIQUE (kind, name_key),
    CHECK (tag IS NULL OR kind = 'spend')
) STRICT;

CREATE TABLE expenses_expense (
    id TEXT NOT NULL PRIMARY KEY,
    occurred_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    currency TEXT NOT NULL,
    category_id TEXT NOT NULL REFERENCES expenses_category (id),
    subcategory TEXT,
    payee TEXT,
    account TEXT, -- what it was paid from: cash, a card, a bank account
    note TEXT,
    source TEXT NOT NULL CHECK (source IN ('manual', 'import', 'recurring', 'heating')),
    source_ref TEXT,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX expenses_expense_by_day ON expenses_expense (occurred_on, id);
CREATE INDEX expenses_expense_by_category ON expenses_expense (category_id, occurred_on, id);
CREATE UNIQUE INDEX expenses_expense_by_source ON expenses_expense (source, source_ref) WHERE source_ref IS NOT NULL;

-- The last version of an expense that is gone. Who makes it again with the same id goes on counting from there, or else
-- the domains that follow it would take the new one for an old one.
CREATE TABLE expenses_removed (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    removed_at TEXT NOT NULL
) STRICT;

-- Rows of imported files, so that a file can be imported again. They outlive the expense: what was deleted stays deleted.
CREATE TABLE expenses_import (
    import_key TEXT NOT NULL PRIMARY KEY,
    expense_id TEXT NOT NULL
) STRICT;

-- Kept from heating's events.
CREATE TABLE expenses_heating_bill (
    bill_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1))
) STRICT;

-- Kept from gym's events. A removed workout stays as a row, so that an older event does not bring it back.
CREATE TABLE expenses_gym_visit (
    workout_id TEXT NOT NULL PRIMARY KEY,
    month TEXT NOT NULL,
    version INTEGER NOT NULL,
    removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
    told_at TEXT NOT NULL
) STRICT;

CREATE INDEX expenses_gym_visit_by_month ON expenses_gym_visit (month);
