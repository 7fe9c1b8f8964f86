CREATE TABLE {domain}_schema_version (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

CREATE TABLE {domain}_outbox (
    seq INTEGER NOT NULL PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    sent_at TEXT
) STRICT;

CREATE INDEX {domain}_outbox_unsent ON {domain}_outbox (seq) WHERE sent_at IS NULL;

CREATE INDEX {domain}_outbox_sent ON {domain}_outbox (sent_at) WHERE sent_at IS NOT NULL;

CREATE TABLE {domain}_inbox (
    event_id TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    handled_at TEXT NOT NULL
) STRICT;

CREATE INDEX {domain}_inbox_handled ON {domain}_inbox (handled_at);

CREATE TABLE {domain}_idempotency (
    key TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE INDEX {domain}_idempotency_created ON {domain}_idempotency (created_at);
