"""The one token pair of a key, as Sprinklr gives it: a refresh token works once, and is dead from then on."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Literal

from faults.canaries import Canaries, new_secret

Mode = Literal["strict", "family", "single"]
"""A spent refresh token is refused, or ends everything; in `single`, logins elsewhere also happen."""


@dataclass(frozen=True)
class Pair:
    """What the token endpoint gave."""

    access: str
    refresh: str


class Grants:
    """The valid pair of a key. Used by the peer's threads."""

    def __init__(self, dice: random.Random, canaries: Canaries, mode: Mode) -> None:
        self._dice = dice
        self._canaries = canaries
        self._turn = threading.Lock()
        self._spent: set[str] = set()
        self.mode: Mode = mode
        self.valid: Pair | None = None
        self.reused_in_vain = 0
        """How often a spent refresh token came although the pair given for it had been received."""
        self.received: Pair | None = None
        """The newest pair whose answer left whole and in time; another cannot be known to anybody."""
        self.expired: set[str] = set()

    def issue(self) -> Pair:
        """Give a pair to somebody who logged in; whoever had one before has none any more."""
        with self._turn:
            self.received = self._next()
            return self.received

    def issue_elsewhere(self) -> None:
        """Let somebody log in with the same key on another machine, which ends the login here."""
        with self._turn:
            self._next()

    def refresh(self, token: str) -> Pair | None:
        """Spend a refresh token for a pair; None where it is not the valid one."""
        with self._turn:
            if self.valid is not None and token == self.valid.refresh:
                self._spent.add(token)
                return self._next()
            if token in self._spent:
                self.reused_in_vain += self.valid is not None and self.received == self.valid
                if self.mode == "family":
                    self.valid = None
            return None

    def admits(self, access: str) -> bool:
        with self._turn:
            return self.valid is not None and access == self.valid.access and access not in self.expired

    def expire(self) -> None:
        """Let the access token end, as it does by itself after hours."""
        with self._turn:
            if self.valid is not None:
                self.expired.add(self.valid.access)

    def left_whole(self, pair: Pair) -> None:
        """Note that the answer with this pair was sent to its last byte, before anybody gave up."""
        with self._turn:
            self.received = pair

    @property
    def must_be_kept(self) -> str | None:
        """Return the refresh token that a product which lost nothing has; None where there is no such."""
        with self._turn:
            known = self.valid is not None and self.received == self.valid
            return self.valid.refresh if self.valid is not None and known else None

    def _next(self) -> Pair:
        number = len(self._spent) + len(self.expired)
        access = self._canaries.add(f"access token {number}", new_secret(self._dice))
        refresh = self._canaries.add(f"refresh token {number}", new_secret(self._dice))
        self.valid = Pair(access, refresh)
        return self.valid
