"""Pauses that Sprinklr asked for, by name, for every process: after one, a single call tries first.

Knows neither what a name stands for nor what is paused. Works within the caller's transaction.
"""

from __future__ import annotations

import sqlite3

FIRST, LONGEST_GUESS, LONGEST = 1.0, 60.0, 3600.0
"""Seconds: the pause where none is advised, doubled at each refusal in a row; and the longest of all."""
PROBE = 5.0
"""Seconds that the others leave to the call that tries."""

PAUSES = "SELECT name, until FROM cooling WHERE name IN (:one, :other)"
FIND = "SELECT until, wait FROM cooling WHERE name = :name"
SET = """
    INSERT INTO cooling (name, until, wait) VALUES (:name, :until, :wait)
    ON CONFLICT (name) DO UPDATE SET until = :until, wait = :wait
"""
TRY = "UPDATE cooling SET until = :until WHERE name = :name"
END = "DELETE FROM cooling WHERE name = :name"


def pauses(connection: sqlite3.Connection, names: tuple[str, str], now: float) -> dict[str, float]:
    """Return how long each pause of that name still lasts, in seconds.

    It is 0 for one that is over but was not ended by an answer yet, or that the clock was set back behind.
    """
    found = connection.execute(PAUSES, {"one": names[0], "other": names[1]}).fetchall()
    left = {row["name"]: row["until"] - now for row in found}
    return {name: seconds if 0 < seconds <= LONGEST else 0.0 for name, seconds in left.items()}


def begin(
    connection: sqlite3.Connection, name: str, now: float, advised: float | None, *, again: bool
) -> float:
    """Begin a pause, as long as advised, and return how long it is.

    Where nothing is advised it is twice as long as the last one if the call that tried was refused `again`.
    """
    found = connection.execute(FIND, {"name": name}).fetchone()
    last = found["wait"] if found else FIRST
    guess = min(LONGEST_GUESS, 2 * last) if again else last
    wait = min(guess if advised is None else advised, LONGEST)
    until = now + wait if again or not found else max(found["until"], now + wait)
    connection.execute(SET, {"name": name, "until": until, "wait": max(wait, FIRST)})
    return wait


def probe(connection: sqlite3.Connection, name: str, now: float) -> None:
    """After a pause, hold the others back a little longer while one call tries."""
    connection.execute(TRY, {"name": name, "until": now + PROBE})


def end(connection: sqlite3.Connection, name: str) -> None:
    """Let everybody go on: the call that tried was answered."""
    connection.execute(END, {"name": name})
