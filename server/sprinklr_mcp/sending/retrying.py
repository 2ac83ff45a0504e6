"""When a request may be sent again: by what it does, by what may have left, and by what is left to spend.

Decides; sends and waits for nothing.
"""

from __future__ import annotations

import random
import time
from collections import deque
from collections.abc import Callable

from sprinklr_mcp.sending.outcomes import Manner

ATTEMPTS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
SHARE, LEAST, MINUTE = 0.1, 3, 60.0


class RetryBudget:
    """Repetitions of one process: a tenth of its calls in the last minute, and three in any case.

    When Sprinklr fails everybody, repeating every call would only make it worse.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._calls: deque[float] = deque()
        self._retries: deque[float] = deque()

    def called(self) -> None:
        """Count a call."""
        self._forget()
        self._calls.append(self._now())

    def take(self) -> bool:
        """Count a repetition, if there is one left."""
        self._forget()
        if len(self._retries) >= max(LEAST, SHARE * len(self._calls)):
            return False
        self._retries.append(self._now())
        return True

    def _forget(self) -> None:
        """Let go of what is older than a minute, so that a server that never repeats does not grow."""
        for moments in (self._calls, self._retries):
            while moments and moments[0] < self._now() - MINUTE:
                moments.popleft()


class Attempts:
    """How one request has fared so far."""

    def __init__(self, manner: Manner, budget: RetryBudget, deadline: float) -> None:
        """Begin with the first attempt; `deadline` is a moment of the monotonic clock."""
        self._manner = manner
        self._budget = budget
        self._deadline = deadline
        self._made = 1
        self.doubtful = False
        """Whether an earlier attempt may have been carried out."""
        self.renewed = False
        """Whether the token was renewed for it."""

    @property
    def seconds_left(self) -> float:
        """How long all of it may still take."""
        return max(0.0, self._deadline - time.monotonic())

    def another(self, *, left: bool) -> bool:
        """Tell whether to send it again after a failure; `left` tells whether any of it may have arrived.

        A read may be sent again; a write that sets what it names once; any other write only if nothing
        of it can have left.
        """
        may = not left or not self._manner.write or (self._manner.repeatable and not self.doubtful)
        self.doubtful |= left and self._manner.write
        return may and self.once_more() and self._budget.take()

    def once_more(self) -> bool:
        """Count one more attempt, if there is one left: after a refusal, which asks for no budget."""
        if self._made == ATTEMPTS or self.seconds_left == 0:
            return False
        self._made += 1
        return True

    def pause(self) -> float:
        """Return how many seconds to wait: at random, up to a bound that doubles."""
        bound = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._made - 1), self.seconds_left / 2)
        return random.uniform(0, bound)  # noqa: S311 - spreads load, guards nothing
