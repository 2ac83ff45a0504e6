"""The SQLite file: opening, transactions, the clock. Knows tables only by their names."""

import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .schema import TABLE_NAMES, TABLES, VERSION

BUSY_SECONDS = 30
Planting = Callable[["Transaction"], None]


@dataclass(frozen=True)
class Transaction:
    """One unit of work: all of it happens, or none. Every writer waits for the one before."""

    connection: sqlite3.Connection
    now: float

    @property
    def milliseconds(self) -> int:
        """The time as Sprinklr writes it."""
        return int(self.now * 1000)

    def fact(self, name: str) -> float:
        """One single value; 0 if it was never set."""
        row = self.connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return float(row[0]) if row else 0.0

    def increase(self, name: str, amount: float = 1) -> float:
        """Add to a single value and say what it is now."""
        statement = (
            "INSERT INTO facts (name, value) VALUES (:name, :amount) "
            "ON CONFLICT (name) DO UPDATE SET value = value + :amount RETURNING value"
        )
        return float(self.connection.execute(statement, {"name": name, "amount": amount}).fetchone()[0])

    @contextmanager
    def undone_on_error(self) -> Generator[None]:
        """Undo what was written inside if it fails, and nothing else."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            self.connection.execute("RELEASE attempt")


class StateError(Exception):
    """The state file can't be used; the text says why."""


class Database:
    """One connection to the file, used by one thread at a time; other processes may have theirs."""

    def __init__(self, file: Path | None, plant: Planting) -> None:
        self._plant = plant
        self._planted = False
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="sprinklr-simulator-") if file is None else None
        place = file or Path(self._folder.name if self._folder else "") / "state.sqlite"
        place.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            place, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            self.close()
            raise StateError(f"The state of the simulator in {place} can't be used: {error}") from error
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._use_write_ahead_log()
        # What goes with the process needs no disk that keeps up: it only has to be whole while it runs.
        self._connection.execute(f"PRAGMA synchronous = {'OFF' if self._folder else 'NORMAL'}")
        with self._exclusively():
            version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
            if version not in (0, VERSION):
                raise StateError(f"The state of the simulator is of version {version}: delete its file.")
            if version == 0:
                self._create()

    def _use_write_ahead_log(self) -> None:
        """Let readers go on beside a writer. SQLite does not wait by itself here for another process."""
        give_up = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                    raise
                time.sleep(0.02)
            else:
                return

    def _create(self) -> None:
        for statement in filter(str.strip, TABLES.split(";")):
            self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version = {VERSION}")
        self._plant(self._transaction())

    @contextmanager
    def transaction(self) -> Generator[Transaction]:
        """Do one unit of work."""
        with self._exclusively():
            yield self._transaction()

    def reset(self) -> None:
        """Go back to the seed, clock and logs included."""
        with self._exclusively():
            for table in TABLE_NAMES:
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self._plant_again()

    def _plant_again(self) -> None:
        """Plant the seed; from the second time on from a copy, which spares reading the file."""
        if self._planted:
            for table in TABLE_NAMES:
                self._connection.execute(f"INSERT INTO {table} SELECT * FROM planted_{table}")  # noqa: S608
            return
        self._plant(self._transaction())
        for table in TABLE_NAMES:
            self._connection.execute(f"CREATE TEMP TABLE planted_{table} AS SELECT * FROM {table}")  # noqa: S608
        self._planted = True

    def close(self) -> None:
        """Close the file; a temporary one goes."""
        with self._lock:
            self._connection.close()
        if self._folder:
            self._folder.cleanup()

    def _transaction(self) -> Transaction:
        now = time.time()
        return Transaction(self._connection, now + Transaction(self._connection, now).fact("clock"))

    @contextmanager
    def _exclusively(self) -> Generator[None]:
        with self._lock:
            # The write lock from the start: a read that turns into a write could be refused in the middle.
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
