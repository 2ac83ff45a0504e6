"""Sprinklr's objects as rows, in the shapes of the API. Knows how they are found, not what they mean."""

import sqlite3
from dataclasses import dataclass

from ..json_values import JsonObject, integer_of, object_of, parse_json, text_of, write_json
from .database import Transaction


@dataclass(frozen=True)
class Keys:
    """The fields that the objects of one kind are found by."""

    id: str = "id"
    number: str = ""
    parent: tuple[str, ...] = ()
    time: str = ""


KEYS = {
    "accounts": Keys(id="accountId"),
    "custom_fields": Keys(id="fieldName"),
    "entity_definitions": Keys(id="type"),
    "cases": Keys(number="caseNumber", time="createdTime"),
    "messages": Keys(id="messageId", parent=("associatedCaseNumber",), time="channelCreatedTime"),
    "comments": Keys(parent=("entityType", "entityId"), time="createdTime"),
}
DEFAULT_KEYS = Keys()


class Rows:
    """The objects, read and written within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    def find(self, kind: str, identifier: str) -> JsonObject | None:
        """The object with this id."""
        return self._first("SELECT body FROM rows WHERE kind = ? AND id = ?", kind, identifier)

    def find_by_number(self, kind: str, number: str) -> JsonObject | None:
        """The object with this number, for those that people know by a number."""
        return self._first("SELECT body FROM rows WHERE kind = ? AND number = ?", kind, number)

    def all(self, kind: str) -> list[JsonObject]:
        """Every object of a kind, in the order in which they came."""
        return self._list("SELECT body FROM rows WHERE kind = ? ORDER BY position", kind)

    def below(self, kind: str, *parent: str, after: int = -1) -> list[JsonObject]:
        """The objects that belong to one parent, oldest first, from after a time."""
        statement = "SELECT body FROM rows WHERE kind = ? AND parent = ? AND time > ? ORDER BY time, position"
        return self._list(statement, kind, "/".join(parent), after)

    def highest_number(self, kind: str) -> int:
        """The greatest number that an object of a kind has."""
        statement = "SELECT max(CAST(number AS INTEGER)) FROM rows WHERE kind = ?"
        return int(self._connection.execute(statement, (kind,)).fetchone()[0] or 0)

    def put(self, kind: str, row: JsonObject) -> None:
        """Add an object, or write it anew."""
        keys = KEYS.get(kind, DEFAULT_KEYS)
        parent = "/".join(text_of(row.get(name)) for name in keys.parent)
        self._connection.execute(
            "INSERT INTO rows (kind, id, number, parent, time, body) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (kind, id) DO UPDATE SET number = excluded.number, parent = excluded.parent, "
            "time = excluded.time, body = excluded.body",
            (
                kind,
                text_of(row.get(keys.id)),
                text_of(row.get(keys.number)),
                parent,
                integer_of(row.get(keys.time)),
                write_json(row),
            ),
        )

    def remove(self, kind: str, identifier: str) -> None:
        """Take an object away for good."""
        self._connection.execute("DELETE FROM rows WHERE kind = ? AND id = ?", (kind, identifier))

    def _first(self, statement: str, *values: str) -> JsonObject | None:
        row = self._connection.execute(statement, values).fetchone()
        return read_row(row) if row else None

    def _list(self, statement: str, *values: str | int) -> list[JsonObject]:
        return [read_row(row) for row in self._connection.execute(statement, values)]


def read_row(row: sqlite3.Row | tuple[str]) -> JsonObject:
    """The object in a row of the database."""
    return object_of(parse_json(row[0]))
