"""Terminals with one of our commands in them: real pseudo-terminals, and what a person types into one."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Generator

from installation import COMMAND, Installation

IN_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(1, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
PATIENCE = 20


class Terminal:
    """A terminal with one of our commands in it."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self._process = process
        self._screen = screen
        self.shown = ""

    def read_until(self, text: str) -> str:
        """Return what has been shown since the last time, as far as that text."""
        give_up = time.monotonic() + PATIENCE
        while text not in self.shown:
            assert time.monotonic() < give_up, f"no {text!r} in {self.shown!r}"
            assert self._read(), f"no {text!r} in {self.shown!r}"
        before, found, self.shown = self.shown.partition(text)
        return before + found

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    def finish(self) -> str:
        """Return the rest of what is shown until the command ends."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self._read():
            pass
        self.status = self._process.wait(PATIENCE)
        return self.shown

    def _read(self) -> bool:
        ready, _, _ = select.select([self._screen], [], [], PATIENCE)
        try:
            read = os.read(self._screen, 65_536) if ready else b""
        except OSError:  # Linux says so when the last program has left the terminal.
            return False
        self.shown += read.decode().replace("\r\n", "\n")
        return bool(read)


@contextlib.contextmanager
def terminal(installation: Installation, *arguments: str, stdin: int | None = None) -> Generator[Terminal]:
    """Run a command as somebody does who sits at a terminal; its stdin may be something else."""
    screen, inside = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", IN_A_TERMINAL, COMMAND, *arguments],
        env={**installation.environment, "NO_COLOR": "1"},
        stdin=inside if stdin is None else stdin,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    try:
        yield Terminal(process, screen)
    finally:
        process.kill()
        process.wait(PATIENCE)
        os.close(screen)
