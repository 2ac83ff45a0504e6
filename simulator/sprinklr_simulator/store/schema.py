"""The tables. Knows nothing of what is done with them."""

TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value NUMERIC NOT NULL);
CREATE TABLE IF NOT EXISTS rows (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    parent TEXT NOT NULL,
    time INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE INDEX IF NOT EXISTS rows_by_number ON rows (kind, number);
CREATE INDEX IF NOT EXISTS rows_by_parent ON rows (kind, parent, time);
CREATE TABLE IF NOT EXISTS logins (ticket TEXT PRIMARY KEY, user_id TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    workspaces TEXT NOT NULL,
    expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    api_key TEXT PRIMARY KEY,
    access TEXT NOT NULL,
    refresh TEXT NOT NULL,
    user_id TEXT NOT NULL,
    workspaces TEXT NOT NULL,
    expires REAL NOT NULL,
    version INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (api_key TEXT NOT NULL, time REAL NOT NULL);
CREATE INDEX IF NOT EXISTS calls_by_time ON calls (api_key, time);
CREATE TABLE IF NOT EXISTS cursors (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, page TEXT NOT NULL, expires REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS commits (number INTEGER PRIMARY KEY, entry TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS faults (number INTEGER PRIMARY KEY, times INTEGER NOT NULL, entry TEXT NOT NULL);
"""

# `facts` holds single values: that the data is there, how far the clock was moved, the counters of new ids.
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
