-- Imports, so that one can be listed and undone: what was decided for a file, and what became of its rows.
CREATE TABLE gym_import_run (
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

-- Rows that were taken. They outlive the workout: what was deleted stays deleted when the file comes again. The place is a
-- row's exercise and number within its workout: what came for it first is what counts.
CREATE TABLE gym_import_row (
    record_id TEXT NOT NULL, -- the workout
    place TEXT NOT NULL,
    import_key TEXT NOT NULL, -- of what the row means, not of how it is written
    import_id TEXT, -- null for rows that belong to no import that can be undone
    PRIMARY KEY (record_id, place)
) STRICT, WITHOUT ROWID;

-- Imported before imports had ids. Their keys were made of the row as written.
INSERT INTO gym_import_row (record_id, place, import_key, import_id)
SELECT workout_id, place, import_key, NULL FROM gym_import_set;

DROP TABLE gym_import_set;

-- What an import did to a workout: made it or added sets to it, and the version after that. Another version means that
-- somebody has changed the workout since.
CREATE TABLE gym_import_change (
    import_id TEXT NOT NULL,
    workout_id TEXT NOT NULL,
    made INTEGER NOT NULL CHECK (made IN (0, 1)),
    first_pos INTEGER NOT NULL,
    sets INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (workout_id, import_id)
) STRICT, WITHOUT ROWID;

-- Help by a band or a machine in an exercise with one's own weight. It is no load: it counts in no volume and no record.
ALTER TABLE gym_set ADD COLUMN assist_g INTEGER;
