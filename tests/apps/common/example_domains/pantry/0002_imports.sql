CREATE TABLE pantry_import_run (
    id TEXT NOT NULL PRIMARY KEY,
    imported_at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    decisions TEXT NOT NULL,
    rows INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0,
    known INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    undone_at TEXT
) STRICT;

CREATE TABLE pantry_import_row (
    import_key TEXT NOT NULL PRIMARY KEY,
    import_id TEXT,
    record_id TEXT NOT NULL
) STRICT;
