"""Where a search goes on. Knows the ids of the pages to come, not what was searched for."""

import json
import secrets

from .database import Transaction

CURSOR_SECONDS = 300


class Cursors:
    """The cursors of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._now = transaction.now

    def open(self, kind: str, size: int, identifiers: list[str]) -> str:
        """Remember the rest of a search; answers the cursor's id."""
        cursor = secrets.token_hex(12)
        page = json.dumps({"size": size, "ids": identifiers})
        values = (cursor, kind, page, self._now + CURSOR_SECONDS)
        self._connection.execute("INSERT INTO cursors VALUES (?, ?, ?, ?)", values)
        return cursor

    def find(self, kind: str, cursor: str) -> tuple[int, list[str]] | None:
        """The page size and the ids to come; None if the cursor is unknown or too old."""
        statement = "SELECT page FROM cursors WHERE id = ? AND kind = ? AND expires > ?"
        row = self._connection.execute(statement, (cursor, kind, self._now)).fetchone()
        if row is None:
            return None
        page = json.loads(row[0])
        return int(page["size"]), [str(identifier) for identifier in page["ids"]]
