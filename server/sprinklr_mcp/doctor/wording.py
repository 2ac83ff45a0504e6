"""Times in words."""

from __future__ import annotations

from datetime import UTC, datetime

UNITS = ((86_400.0, "days"), (3600.0, "hours"), (60.0, "minutes"), (1.0, "seconds"))


def moment(since_1970: float) -> str:
    """Return a moment, to the minute."""
    return datetime.fromtimestamp(since_1970, UTC).strftime("%Y-%m-%d %H:%M UTC")


def lasting(seconds: float) -> str:
    """Return how long, in the largest unit of which there are two or more."""
    for length, name in UNITS:
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {name}"
    return "a moment"
