"""One SQLite file, shared safely by several processes of one user. Knows no table.

Every mutating transaction starts as a write, so that it waits for its turn instead of failing in the
middle. What may wait for the disk or for another process runs in a thread. What does not, a read or a write
that need not be on disk at once, is first tried where it is called: a change of threads takes many times as
long as the work itself.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.to_thread

from sprinklr_mcp.errors import StoreUnavailable
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.private_files import create_private_file, make_private_folder, refuse_unless_private
from sprinklr_mcp.store.schema import MIGRATIONS, VERSION

Result = TypeVar("Result")
PATIENCE = 15.0
"""Seconds to wait for another process's transaction."""
AWAY = (
    "Ask the person to stop every server, move what begins with store.sqlite3 away from the folder that "
    "`sprinklr-mcp doctor` names, and log in again. The audit log in it may still be read."
)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def store_file(settings: Settings) -> Path:
    """Return where the store of a data folder is, or would be."""
    return settings.data_folder / "store.sqlite3"


class Database:
    """The file, and one connection to it for this process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._shared = _Connection(path)
        self._durable = True

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._path

    def relaxed(self) -> Database:
        """Return the same file for what a power cut may undo: its writes survive a crash of the process only.

        Uses the same connection, so closing either closes both.
        """
        other = Database(self._path)
        other._shared, other._durable = self._shared, False
        return other

    async def read(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run work that only reads, and little. Raises `StoreUnavailable`."""
        return await self._run("BEGIN", work, durable=None)

    async def write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """Run work that writes, as one transaction. Raises `StoreUnavailable`.

        Work of a relaxed one may be run a second time, after what it did was undone.
        """
        return await self._run("BEGIN IMMEDIATE", work, durable=self._durable)

    async def write_at_once(self, work: Callable[[sqlite3.Connection], object]) -> bool:
        """Run work that may as well not be done: it waits for nothing, and a power cut may undo it.

        Returns False where another process has its turn. Raises `StoreUnavailable`.
        """
        async with self._shared.turn:
            with suppress(_Busy):
                self._in_transaction("BEGIN IMMEDIATE", work, durable=False, patience=0.0)
                return True
        return False

    async def close(self) -> None:
        """Close the connection."""
        async with self._shared.turn:
            self._shared.close()

    async def _run(
        self, begin: str, work: Callable[[sqlite3.Connection], Result], durable: bool | None
    ) -> Result:
        async with self._shared.turn:
            if not durable and self._shared.is_open:
                with suppress(_Busy):
                    return self._in_transaction(begin, work, durable, 0.0)
            return await anyio.to_thread.run_sync(self._in_transaction, begin, work, durable, PATIENCE)

    def _in_transaction(
        self,
        begin: str,
        work: Callable[[sqlite3.Connection], Result],
        durable: bool | None,
        patience: float,
    ) -> Result:
        with _in_our_words(self._path, patience):
            connection = self._shared.opened(patience, durable)
            connection.execute(begin)
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result


class _Busy(Exception):
    """Another process has its turn, and waiting was not wanted."""


class _Connection:
    """The connection of this process, opened at first use, and how it is set at present."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._patience: float | None = None
        self._durable: bool | None = None
        # Without a round of the event loop where nobody else has the turn.
        self.turn = anyio.Lock(fast_acquire=True)

    @property
    def is_open(self) -> bool:
        """Whether the next use needs no opening."""
        return self._connection is not None

    def opened(self, patience: float, durable: bool | None) -> sqlite3.Connection:
        """Return the connection, set to wait so many seconds for another process, and for the disk or not.

        Where nothing is written, it is all the same whether the disk is waited for.
        """
        if self._connection is None:
            self._connection = _connect(self._path)
        if self._patience != patience:
            self._connection.execute(f"PRAGMA busy_timeout={int(1000 * patience)}")
            self._patience = patience
        if durable is not None and self._durable != durable:
            self._connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable
        return self._connection

    def close(self) -> None:
        """Close the connection; the next use opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = self._patience = self._durable = None


@contextmanager
def _in_our_words(path: Path, patience: float) -> Generator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        if patience == 0 and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise _Busy from error
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED:
            raise StoreUnavailable(
                "The server's own data is damaged.", AWAY, note=f"{path}: {error}"
            ) from error
        raise StoreUnavailable(
            f"The server's own data cannot be read or written ({type(error).__name__}).",
            "Ask the person to check owner and permissions of the folder that `sprinklr-mcp doctor` names, "
            "and its disk.",
            note=f"{path}: {error}",
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    """Open the file, made readable by its owner alone, and bring it to the present version."""
    make_private_folder(path.parent)
    create_private_file(path)
    refuse_unless_private(path)
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    _use_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous=FULL")
    _migrate(connection)
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers go on beside a writer. SQLite itself does not wait here for another process's turn."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _migrate(connection: sqlite3.Connection) -> None:
    found = _version(connection)
    if found == VERSION:
        return
    if found > VERSION:
        connection.close()
        raise StoreUnavailable(
            f"The data was written by a newer sprinklr-mcp (format {found}; this one knows {VERSION}).",
            "Ask the person to update sprinklr-mcp.",
        )
    connection.execute("BEGIN IMMEDIATE")
    for version in range(_version(connection) + 1, VERSION + 1):
        for statement in MIGRATIONS[version].split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version={version}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
