"""The logs for tests: every request, and every write that happened. Knows entries, not their contents."""

from ..json_values import JsonObject, JsonValue, write_json
from .database import Transaction
from .rows import read_row


class Journal:
    """The logs of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._now = transaction.now

    def add_request(self, entry: JsonObject) -> None:
        """Write down a request."""
        self._add("requests", entry)

    def add_commit(self, entry: JsonObject) -> None:
        """Write down a write that happened."""
        self._add("commits", entry)

    def requests(self) -> list[JsonValue]:
        """Every request, oldest first."""
        return self._list("requests")

    def commits(self) -> list[JsonValue]:
        """Every write, oldest first."""
        return self._list("commits")

    def _add(self, table: str, entry: JsonObject) -> None:
        text = write_json({"time": int(self._now * 1000), **entry})
        self._connection.execute(f"INSERT INTO {table} (entry) VALUES (?)", (text,))  # noqa: S608

    def _list(self, table: str) -> list[JsonValue]:
        rows = self._connection.execute(f"SELECT entry, number FROM {table} ORDER BY number")  # noqa: S608
        return [{"number": row[1], **read_row(row)} for row in rows]
