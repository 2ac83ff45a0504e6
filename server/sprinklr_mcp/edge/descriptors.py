"""Keeping the process's stdin and stdout for the protocol alone, for good.

Whatever a library or a child process prints afterwards goes to stderr, and whoever reads stdin finds its
end. Knows nothing of what is said on them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import FileIO

STDIN, STDOUT, STDERR = range(3)


@dataclass(frozen=True)
class Wire:
    """The two streams that a client speaks on, without any buffer of Python's."""

    incoming: FileIO
    outgoing: FileIO


def wire_taken() -> Wire:
    """Take both streams out of everybody else's reach; done once in a process, before anything is printed.

    Descriptors that `os.dup` makes are not inherited, so a child process cannot reach them either.
    """
    _fill_the_first_three()
    wire = Wire(FileIO(os.dup(STDIN), "rb"), FileIO(os.dup(STDOUT), "wb"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, STDIN)
    os.close(nothing)
    os.dup2(STDERR, STDOUT)
    return wire


def _fill_the_first_three() -> None:
    """Where one of them is not open, the next file to be opened would take its number."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        pass
    os.close(opened)
