"""The calls of a key in sliding windows. Knows counts and times, not what a refusal looks like."""

import math
from dataclasses import dataclass

from .database import Transaction

SECOND = 1.0
HOUR = 3600.0


@dataclass(frozen=True)
class Usage:
    """How much of one window is used."""

    window: float
    limit: int
    used: int
    frees: float
    """When the oldest call leaves the window."""

    @property
    def full(self) -> bool:
        """Whether no further call fits."""
        return self.used >= self.limit

    def seconds_left(self, now: float) -> int:
        """Whole seconds until a call fits again."""
        return max(1, math.ceil(self.frees - now))


class Quota:
    """The call counters of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._now = transaction.now

    def usage(self, api_key: str, window: float, limit: int) -> Usage:
        """How much of a window is used."""
        statement = "SELECT count(*), min(time) FROM calls WHERE api_key = ? AND time > ?"
        used, oldest = self._connection.execute(statement, (api_key, self._now - window)).fetchone()
        return Usage(window, limit, int(used), (oldest or self._now) + window)

    def count(self, api_key: str) -> None:
        """Count one call."""
        self._connection.execute("DELETE FROM calls WHERE time <= ?", (self._now - HOUR,))
        self._connection.execute("INSERT INTO calls VALUES (?, ?)", (api_key, self._now))
