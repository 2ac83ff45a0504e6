"""Why a configuration file was left as it is, for a person at a terminal."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed: what is in the way, and what the person can do about it."""

    def __init__(self, message: str, next: str) -> None:
        super().__init__(message)
        self.message = message
        self.next = next

    def text(self) -> str:
        """Return both, and that nothing was changed."""
        return f"{self.message} Nothing was changed. {self.next}"


class Unreadable(Exception):
    """A text that is not what its format asks for: where, counted from 1, and what is wrong there."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.column = column
        self.reason = reason


class Unchangeable(Exception):
    """A text that can be read, but not changed without touching more than the entry; with the reason."""
