"""The data folder, its disk, the store in it, and the key that seals the store's secrets."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from pathlib import Path

import anyio.to_thread

from sprinklr_mcp.account import account_file
from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.store.keys import KeyFile, key_source
from sprinklr_mcp.store.schema import VERSION

LITTLE, NOTHING = 100 * 1024**2, 1024**2
"""Bytes of a disk: what is soon used up, and what holds nothing any more."""
LATER = "not there yet; made at first use"


async def folder(subject: Subject) -> list[Finding]:
    """Whether the data folder is this user's, theirs alone, and can be written."""
    place = subject.settings.data_folder
    there = _nearest(place)
    if not there.is_dir():
        return failed(f"{there} is no folder", "Name another one in SPRINKLR_MCP_HOME.")
    if not os.access(there, os.W_OK | os.X_OK):
        return failed(f"{there} cannot be written by this user", f"Look at its mode: ls -ld {there}")
    if there != place:
        return ok(f"{place}, {LATER}")
    return ok(str(place)) if os.name == "nt" else _judged(place)


def _judged(place: Path) -> list[Finding]:
    found = place.stat()
    if found.st_uid != os.getuid():
        return failed(
            f"{place} belongs to another user (number {found.st_uid})",
            "Run this as that user, or name a folder of your own in SPRINKLR_MCP_HOME.",
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        return warning(f"{place} may be looked into by other users", f"Run: chmod 700 {place}")
    return ok(str(place))


async def disk(subject: Subject) -> list[Finding]:
    """Whether there is space left: without it, writes are refused."""
    free = shutil.disk_usage(_nearest(subject.settings.data_folder)).free
    told = f"{free // 1024**2} MiB are free"
    if free < NOTHING:
        return failed(told, "Make room on the disk of the data folder.")
    return warning(told, "Make room on the disk of the data folder.") if free < LITTLE else ok(told)


async def sealing_key(subject: Subject) -> list[Finding]:
    """Where the key is, and whether it can be had."""
    source, account = key_source(subject.settings), account_file(subject.settings)
    if isinstance(source, KeyFile) and not source.path.exists():
        if account.exists():
            return failed(
                f"{source.path} is missing, so the secret in {account} cannot be opened",
                "If there is a copy of it, put it back. Otherwise run `sprinklr-mcp setup` again.",
            )
        return ok(f"{source.described}, {LATER}")
    if not (subject.has_store or account.exists()):
        return ok(f"{source.described}, {LATER}")
    await anyio.to_thread.run_sync(source.load)
    return ok(f"in {source.described}")


async def store(subject: Subject) -> list[Finding]:
    """Whether the store opens, is of this version, and is whole."""
    if not subject.has_store:
        return ok(LATER)
    machine = await subject.machine()

    def look(connection: sqlite3.Connection) -> str:
        return str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])

    told = await machine.database.read(look)
    path = machine.database.path
    if told != "ok":
        return failed(
            f"{path} is damaged: {told}",
            "Stop every server, move the file away, and log in again. The audit log in it may still be read.",
        )
    return ok(f"{path}, format {VERSION}, whole")


def _nearest(place: Path) -> Path:
    """Return the folder, or what there is of the way to it."""
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
