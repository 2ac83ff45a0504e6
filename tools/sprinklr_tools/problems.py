"""What can be wrong with a call, in the domain's own words; the server turns each into an answer.

Knows no error code and no transport. Every message is written here or by an action, never by
Sprinklr, so it may be shown to a model. `next` says what to do about it.
"""

from __future__ import annotations


class Problem(Exception):
    """A call that cannot be completed."""

    def __init__(self, message: str, next: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next = next


class Missing(Problem):
    """What the call names does not exist, or the login may not see it."""


class Withheld(Problem):
    """Sprinklr does not show this to the person behind the login."""


class Unclear(Problem):
    """The arguments, together with what was read, do not say enough or contradict each other."""


class Conflicting(Problem):
    """What the call names is in a state that does not allow it."""


class Rejected(Problem):
    """Sprinklr answered with success and said, in a way that it publishes, that it did not do it."""


class Unreadable(Problem):
    """Sprinklr's answer is not of any published shape."""

    def __init__(
        self,
        message: str = "Sprinklr's answer does not hold what was asked for, in any shape it publishes.",
        next: str = "Try again once; if it stays so, tell the person.",
    ) -> None:
        super().__init__(message, next)
