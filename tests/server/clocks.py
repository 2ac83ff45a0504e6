"""A clock that a test moves, for what takes a minute or an hour."""

from __future__ import annotations


class Clock:
    """Seconds; they pass when somebody sleeps or a test says so."""

    def __init__(self) -> None:
        self.at = 1_000_000.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
