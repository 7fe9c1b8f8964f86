-- Weights are whole grams, effort is ten times the RPE; a workout keeps the offset of the place it happened at, so that
-- its day and month are the local ones.

CREATE TABLE gym_exercise (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE, -- the name as it is compared: case folded
    mode TEXT NOT NULL CHECK (mode IN ('weight_reps', 'bodyweight_reps', 'assisted', 'duration', 'distance_duration')),
    primary_muscle TEXT,
    secondary_muscles TEXT NOT NULL, -- a JSON list
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE gym_workout (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT,
    note TEXT,
    started_at TEXT NOT NULL, -- with the offset of the place
    started_utc TEXT NOT NULL, -- the same instant in UTC, to sort by
    ended_at TEXT,
    completed INTEGER NOT NULL CHECK (completed IN (0, 1)),
    set_count INTEGER NOT NULL,
    volume_g INTEGER NOT NULL, -- grams times repetitions, without warm-ups
    version INTEGER NOT NULL,
    CHECK (completed = 0 OR ended_at IS NOT NULL)
) STRICT;

CREATE INDEX gym_workout_by_start ON gym_workout (started_utc, id);

CREATE TABLE gym_set (
    workout_id TEXT NOT NULL REFERENCES gym_workout (id),
    pos INTEGER NOT NULL CHECK (pos >= 1), -- 1, 2, 3, … without gaps
    exercise_id TEXT NOT NULL REFERENCES gym_exercise (id),
    type TEXT NOT NULL CHECK (type IN ('normal', 'warmup', 'dropset', 'failure')),
    reps INTEGER,
    weight_g INTEGER,
    duration_s INTEGER,
    distance_m INTEGER,
    rpe10 INTEGER CHECK (rpe10 BETWEEN 60 AND 100),
    note TEXT,
    PRIMARY KEY (workout_id, pos)
) STRICT;

CREATE INDEX gym_set_by_exercise ON gym_set (exercise_id, workout_id, pos);

-- The last version of a workout that is gone. Who makes it again with the same id goes on counting from there, or else
-- the domains that follow it would take the new one for an old one.
CREATE TABLE gym_removed (
    workout_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    removed_at TEXT NOT NULL
) STRICT;

-- Workouts and rows of imported files, so that a file can be imported again. They outlive the workout: what was removed
-- stays removed. The place is a row's exercise and number within its workout: what came for it first is what counts.
CREATE TABLE gym_import_workout (
    import_ref TEXT NOT NULL PRIMARY KEY, -- date and name, as the file writes them
    workout_id TEXT NOT NULL
) STRICT;

CREATE TABLE gym_import_set (
    import_key TEXT NOT NULL PRIMARY KEY,
    workout_id TEXT NOT NULL,
    place TEXT NOT NULL,
    UNIQUE (workout_id, place)
) STRICT;

-- Kept from the events of expenses: what the gym costs. A row stays when its expense is gone or goes elsewhere, so that an
-- older event does not bring it back.
CREATE TABLE gym_expense (
    expense_id TEXT NOT NULL PRIMARY KEY,
    month TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    version INTEGER NOT NULL,
    as_of TEXT NOT NULL
) STRICT;

CREATE INDEX gym_expense_by_month ON gym_expense (month);
