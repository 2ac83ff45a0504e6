"""Failing at once while Sprinklr fails again and again, endpoint by endpoint. Knows no HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from sprinklr_mcp.errors import Code, Fault

FAILURES = 5
"""In a row, within `WINDOW` seconds, before no more calls are made for `REST` seconds."""
WINDOW, REST = 30.0, 15.0


@dataclass
class _Endpoint:
    failures: int = 0
    first_at: float = 0.0
    rests_until: float = 0.0


class Breaker:
    """What one process saw of each endpoint of late. Over-rate and refusals are answers, not failures."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._endpoints: dict[str, _Endpoint] = {}

    def check(self, endpoint: str) -> None:
        """Let a call through; after a rest, a single one that shows whether the others may follow.

        Raises `Fault` UPSTREAM_DOWN while the endpoint rests.
        """
        seen = self._endpoints.get(endpoint)
        if seen is None or seen.failures < FAILURES:
            return
        now = self._now()
        if now < seen.rests_until:
            raise _resting(seen.rests_until - now)
        seen.rests_until = now + REST

    def failed(self, endpoint: str) -> None:
        """Count a failure: no answer, a broken one, or one that says that Sprinklr is broken."""
        now, seen = self._now(), self._endpoints.setdefault(endpoint, _Endpoint())
        if seen.failures < FAILURES and now - seen.first_at > WINDOW:
            seen.failures = 0
        if seen.failures == 0:
            seen.first_at = now
        seen.failures += 1
        if seen.failures >= FAILURES:
            seen.rests_until = now + REST

    def answered(self, endpoint: str) -> None:
        """Forget the failures: there was an answer."""
        self._endpoints.pop(endpoint, None)


def _resting(seconds: float) -> Fault:
    return Fault(
        Code.UPSTREAM_DOWN,
        f"Sprinklr failed at this {FAILURES} times in a row, so it is left alone for a moment.",
        f"Wait {max(1, round(seconds))} seconds, then call again; other tools may work meanwhile.",
    )
