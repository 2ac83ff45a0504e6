"""The wire's own log: what arrived and what was really done. It decides what is true."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

SECOND, HOUR = 1.0, 3600.0


@dataclass(frozen=True)
class Arrival:
    """A request as it came; `time` in seconds since 1970, `mark` names the deed it belongs to."""

    time: float
    method: str
    path: str
    kind: str
    """read, write or token."""
    mark: str


@dataclass(frozen=True)
class Commit:
    """A write that happened; `time` in seconds since 1970, `digest` the SHA-256 of its body."""

    time: float
    path: str
    mark: str
    digest: str


@dataclass(frozen=True)
class Overrun:
    """More calls within a sliding window than a key may make."""

    window: float
    calls: int
    began: float


class WireLog:
    """What happened at one key. Written by the peer's threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._arrivals: list[Arrival] = []
        self._commits: list[Commit] = []

    def arrived(self, when: float, method: str, path: str, kind: str, mark: str) -> None:
        with self._turn:
            self._arrivals.append(Arrival(when, method, path, kind, mark))

    def committed(self, path: str, mark: str, body: bytes) -> None:
        with self._turn:
            digest = hashlib.sha256(body).hexdigest()
            self._commits.append(Commit(time.time(), path, mark, digest))

    def arrivals(self, kind: str = "", since: float = 0.0) -> list[Arrival]:
        """Return the requests of a kind, or all, that came since a moment."""
        with self._turn:
            return [one for one in self._arrivals if kind in ("", one.kind) and one.time >= since]

    def commits(self) -> list[Commit]:
        with self._turn:
            return list(self._commits)

    def overruns(self, per_second: int, per_hour: int) -> list[Overrun]:
        """Return each place where the limits were passed, by the times at which calls arrived."""
        times = sorted(one.time for one in self.arrivals())
        return [*passed(times, SECOND, per_second), *passed(times, HOUR, per_hour)]


def passed(times: Sequence[float], window: float, most: int) -> list[Overrun]:
    """Return the windows of that many seconds that hold more than `most` of the sorted times."""
    pairs = zip(times, times[most:], strict=False)
    return [Overrun(window, most + 1, first) for first, beyond in pairs if beyond - first < window]
