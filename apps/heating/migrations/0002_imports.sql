-- Imports, so that one can be listed and undone: what was decided for a file, and what became of its rows.
CREATE TABLE heating_import_run (
    id TEXT NOT NULL PRIMARY KEY,
    imported_at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    decisions TEXT NOT NULL, -- a JSON list
    rows INTEGER NOT NULL DEFAULT 0, -- how many rows of the file were looked at
    taken INTEGER NOT NULL DEFAULT 0,
    known INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    undone_at TEXT
) STRICT;

-- Rows that were taken. They outlive the record they made: what was deleted stays deleted when the file comes again.
CREATE TABLE heating_import_row (
    import_key TEXT NOT NULL PRIMARY KEY, -- of what the row means, not of how it is written
    import_id TEXT, -- null for rows that belong to no import that can be undone
    record_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX heating_import_row_by_import ON heating_import_row (import_id, record_id) WHERE import_id IS NOT NULL;

-- Meters that an import has made on its way. Undoing it removes them with their last reading.
CREATE TABLE heating_import_meter (
    meter_id TEXT NOT NULL PRIMARY KEY,
    import_id TEXT NOT NULL
) STRICT;
CREATE INDEX heating_import_meter_by_import ON heating_import_meter (import_id);
