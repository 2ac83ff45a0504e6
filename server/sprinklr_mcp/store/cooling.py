"""Pauses that Sprinklr asked for, by name, for every process: after one, a single call tries first.

Knows neither what a name stands for nor what is paused. Works within the caller's transaction.
"""

from __future__ import annotations

import sqlite3

FIRST, LONGEST_GUESS, LONGEST = 1.0, 60.0, 3600.0
"""Seconds: the pause where none is advised, doubled at each refusal in a row; and the longest of all."""
PROBE = 5.0
"""Seconds that the others leave to the call that tries."""

FIND = "SELECT until, wait FROM cooling WHERE name = :name"
SET = """
    INSERT INTO cooling (name, until, wait) VALUES (:name, :until, :wait)
    ON CONFLICT (name) DO UPDATE SET until = :until, wait = :wait
"""
TRY = "UPDATE cooling SET until = :until WHERE name = :name"
END = "DELETE FROM cooling WHERE name = :name"


def seconds_left(connection: sqlite3.Connection, name: str, now: float) -> float:
    """Return how long the pause still lasts; 0 where there is none, or the clock was set back behind it."""
    found = connection.execute(FIND, {"name": name}).fetchone()
    left = found["until"] - now if found else 0.0
    return left if 0 < left <= LONGEST else 0.0


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


def probe(connection: sqlite3.Connection, name: str, now: float) -> bool:
    """After a pause, hold the others back a little longer while this call tries; False if there was none."""
    return connection.execute(TRY, {"name": name, "until": now + PROBE}).rowcount == 1


def end(connection: sqlite3.Connection, name: str) -> None:
    """Let everybody go on: the call that tried was answered."""
    connection.execute(END, {"name": name})
