CREATE TABLE pantry_item (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    pieces INTEGER NOT NULL CHECK (pieces >= 0),
    import_key TEXT UNIQUE,
    version INTEGER NOT NULL
) STRICT;

CREATE INDEX pantry_item_by_name ON pantry_item (name, id);
