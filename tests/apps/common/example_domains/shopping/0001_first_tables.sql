CREATE TABLE shopping_stock (
    item_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    pieces INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
