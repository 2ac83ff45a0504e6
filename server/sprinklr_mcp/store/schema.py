"""The tables, and how an older file becomes a newer one. Knows no meaning of what the rows hold."""

from __future__ import annotations

VERSION = 4

MIGRATIONS = {
    1: """
    CREATE TABLE token (
        identity TEXT PRIMARY KEY,
        generation INTEGER NOT NULL,
        sealed BLOB,
        expires_at REAL,
        obtained_at REAL,
        login_required INTEGER NOT NULL DEFAULT 0,
        sending_generation INTEGER,
        holder TEXT,
        lease_until REAL
    );
    CREATE TABLE approval (
        handle TEXT PRIMARY KEY,
        principal TEXT NOT NULL,
        tool TEXT NOT NULL,
        digest TEXT NOT NULL,
        arguments_digest TEXT NOT NULL,
        status TEXT NOT NULL,
        way TEXT,
        created_at REAL NOT NULL,
        expires_at REAL NOT NULL,
        decided_at REAL,
        operation TEXT,
        sealed BLOB
    );
    CREATE INDEX approval_by_digest ON approval (principal, digest, created_at);
    CREATE TABLE operation (
        operation TEXT PRIMARY KEY,
        principal TEXT NOT NULL,
        tool TEXT NOT NULL,
        digest TEXT NOT NULL,
        status TEXT NOT NULL,
        started_at REAL NOT NULL,
        ended_at REAL
    );
    CREATE INDEX operation_by_digest ON operation (principal, digest, started_at);
    CREATE TABLE audit (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        time REAL NOT NULL,
        record TEXT NOT NULL,
        hash TEXT NOT NULL
    );
    CREATE TABLE call_slot (
        slot INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        taken_at REAL NOT NULL,
        freed_at REAL NOT NULL
    );
    CREATE INDEX call_slot_by_key ON call_slot (key, freed_at);
    CREATE TABLE flag (name TEXT PRIMARY KEY, value TEXT NOT NULL, set_at REAL NOT NULL);
    """,
    2: """
    CREATE TABLE cache (
        scope TEXT NOT NULL,
        key TEXT NOT NULL,
        sealed BLOB NOT NULL,
        kept_at REAL NOT NULL,
        PRIMARY KEY (scope, key)
    );
    """,
    3: """
    CREATE TABLE cooling (name TEXT PRIMARY KEY, until REAL NOT NULL, wait REAL NOT NULL);
    DELETE FROM flag WHERE name LIKE 'cooling:%';
    ALTER TABLE operation ADD COLUMN ends_by REAL NOT NULL DEFAULT 0;
    CREATE INDEX operation_under_way ON operation (ends_by) WHERE status = 'sending'
    """,
    4: """
    CREATE INDEX operation_by_tool ON operation (principal, tool, started_at);
    ALTER TABLE operation ADD COLUMN process TEXT NOT NULL DEFAULT '';
    ALTER TABLE token ADD COLUMN sender TEXT NOT NULL DEFAULT '';
    CREATE TABLE page (name TEXT PRIMARY KEY, until REAL NOT NULL)
    """,
}
"""The step that leads to each version, from the one before."""
