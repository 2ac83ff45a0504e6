"""The tables. Knows nothing of what is done with them."""

# Raised with every change of the tables: a file of another version is refused, and not migrated, because
# nothing in it is worth more than a fresh seed.
VERSION = 1

TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value NUMERIC NOT NULL);
CREATE TABLE rows (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    parent TEXT NOT NULL,
    time INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX rows_by_number ON rows (kind, number);
CREATE INDEX rows_by_parent ON rows (kind, parent, time);
CREATE TABLE logins (ticket TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE codes (
    code TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    workspaces TEXT NOT NULL,
    expires REAL NOT NULL
);
CREATE TABLE tokens (
    api_key TEXT PRIMARY KEY,
    access TEXT NOT NULL,
    refresh TEXT NOT NULL,
    user_id TEXT NOT NULL,
    workspaces TEXT NOT NULL,
    expires REAL NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE calls (api_key TEXT NOT NULL, time REAL NOT NULL);
CREATE INDEX calls_by_time ON calls (api_key, time);
CREATE TABLE cursors (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, page TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE requests (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE commits (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE faults (number INTEGER PRIMARY KEY, times INTEGER NOT NULL, entry TEXT NOT NULL);
"""

# `facts` holds single values: how far the clock was moved, the counters of new ids.
TABLE_NAMES = (
    "facts",
    "rows",
    "logins",
    "codes",
    "tokens",
    "calls",
    "cursors",
    "requests",
    "commits",
    "faults",
)
