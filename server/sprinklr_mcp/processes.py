"""Names for processes, by which others can tell that one is certainly gone. Knows nothing of what they do.

Where that cannot be told, a process counts as running: whoever asks then waits as long as the other may take.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path

PROC = Path("/proc")
ENDED = ("Z", "X")
"""How Linux calls a process that is over and that nobody has asked about yet."""


def this_process() -> str:
    """Return the name of this process: where it runs, its number, and when it began if the system says so."""
    number = os.getpid()
    return f"{_place()}:{number}:{_began(number)}"


def is_gone(process: str) -> bool:
    """Tell whether a process of that name has certainly ended; never of one that runs elsewhere.

    After a third colon the name may go on: a process that holds several things tells them apart so.
    """
    place, number, began, *_ = [*process.split(":"), "", ""]
    # On Windows the question would be its answer: there, os.kill ends a process.
    if os.name == "nt" or place != _place() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # Somebody else's has that number now, or never was ours: its time tells.
        pass
    now = _began(int(number))
    # A number is given again; where the time is not known, the one that has it counts as the same.
    return now in ENDED or (began != "" and now not in ("", began))


def _place() -> str:
    """Name what process numbers count within: this start of this machine, and of it this container."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}.{(PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return socket.gethostname().replace(":", ".")


def _began(number: int) -> str:
    """Return when a process began, in ticks of this machine; nothing where it is not told.

    Of one that is over and still listed, its state.
    """
    try:
        # What stands before the bracket is the program's name, which may hold anything.
        fields = (PROC / str(number) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[0] if fields[0] in ENDED else fields[19]
