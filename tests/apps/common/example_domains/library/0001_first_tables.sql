CREATE TABLE library_book (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    shelf TEXT NOT NULL,
    bought_on TEXT NOT NULL,
    lent INTEGER NOT NULL CHECK (lent IN (0, 1)),
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE library_expense (
    expense_id TEXT NOT NULL PRIMARY KEY,
    month TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    version INTEGER NOT NULL,
    as_of TEXT NOT NULL
) STRICT;
