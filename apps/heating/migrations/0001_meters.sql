-- Meter values are whole thousandths of the meter's unit; days are local dates as YYYY-MM-DD.

CREATE TABLE heating_meter (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('gas_m3', 'heat_kwh', 'electricity_kwh', 'oil_l')),
    serial TEXT NOT NULL,
    name TEXT,
    digits INTEGER CHECK (digits BETWEEN 1 AND 9), -- before the point; after 10^digits the meter starts again at 0
    version INTEGER NOT NULL,
    UNIQUE (kind, serial)
) STRICT;

-- What one unit of a meter holds, from a day on: gas by calorific value and state number, oil by calorific value.
CREATE TABLE heating_conversion (
    meter_id TEXT NOT NULL REFERENCES heating_meter (id),
    valid_from TEXT NOT NULL,
    calorific_milli INTEGER NOT NULL CHECK (calorific_milli > 0),
    z_e4 INTEGER NOT NULL CHECK (z_e4 > 0),
    PRIMARY KEY (meter_id, valid_from)
) STRICT;

CREATE TABLE heating_reading (
    id TEXT NOT NULL PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES heating_meter (id),
    read_at TEXT NOT NULL,
    value_milli INTEGER NOT NULL CHECK (value_milli >= 0),
    rolled_over INTEGER NOT NULL CHECK (rolled_over IN (0, 1)), -- since the reading before it
    source TEXT NOT NULL CHECK (source IN ('manual', 'import')),
    note TEXT,
    version INTEGER NOT NULL,
    UNIQUE (meter_id, read_at)
) STRICT;
CREATE INDEX heating_reading_by_time ON heating_reading (read_at, id); -- the list's order: tens of thousands of rows

CREATE TABLE heating_exchange (
    id TEXT NOT NULL PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES heating_meter (id),
    exchanged_at TEXT NOT NULL,
    old_final_milli INTEGER NOT NULL CHECK (old_final_milli >= 0),
    new_start_milli INTEGER NOT NULL CHECK (new_start_milli >= 0),
    note TEXT,
    version INTEGER NOT NULL,
    UNIQUE (meter_id, exchanged_at)
) STRICT;

-- A tariff holds until the next one of its meter begins, so that two never hold at once.
CREATE TABLE heating_tariff (
    id TEXT NOT NULL PRIMARY KEY,
    meter_id TEXT NOT NULL REFERENCES heating_meter (id),
    valid_from TEXT NOT NULL,
    work_price_e5_minor_per_kwh INTEGER NOT NULL CHECK (work_price_e5_minor_per_kwh >= 0),
    base_price_minor_per_month INTEGER NOT NULL CHECK (base_price_minor_per_month >= 0),
    currency TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (meter_id, valid_from)
) STRICT;

CREATE TABLE heating_bill (
    id TEXT NOT NULL PRIMARY KEY,
    period_from TEXT NOT NULL,
    period_to TEXT NOT NULL, -- the last day the bill covers
    kwh_milli INTEGER NOT NULL CHECK (kwh_milli >= 0),
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    note TEXT,
    version INTEGER NOT NULL,
    CHECK (period_from <= period_to)
) STRICT;

CREATE INDEX heating_bill_by_period ON heating_bill (period_to, id);

-- The last version of a bill that is gone. Who records it again with the same id goes on counting from there, or else the
-- domains that follow it would take the new one for an old one.
CREATE TABLE heating_removed (
    bill_id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    removed_at TEXT NOT NULL
) STRICT;

-- Kept from the events of expenses: advances paid. A row stays when its expense is gone or goes elsewhere, so that an
-- older event does not bring it back.
CREATE TABLE heating_expense (
    expense_id TEXT NOT NULL PRIMARY KEY,
    month TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
    version INTEGER NOT NULL,
    as_of TEXT NOT NULL
) STRICT;

CREATE INDEX heating_expense_by_month ON heating_expense (month);
