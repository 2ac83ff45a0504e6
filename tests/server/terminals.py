"""Real terminals: a pseudo-terminal controls a program, and what a person types arrives through it."""

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
    """A terminal with one program in it."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        self._process = process
        self._screen = screen
        self.shown = ""

    def read_until(self, *texts: str) -> str:
        """Return what has been shown since the last time, as far as the first of these texts."""
        give_up = time.monotonic() + PATIENCE
        while not any(text in self.shown for text in texts):
            assert time.monotonic() < give_up, f"no {texts} in {self.shown!r}"
            assert self._read(), f"no {texts} in {self.shown!r}"
        first = min((text for text in texts if text in self.shown), key=self.shown.index)
        before, found, self.shown = self.shown.partition(first)
        return before + found

    def type(self, line: str) -> None:
        os.write(self._screen, f"{line}\n".encode())

    def finish(self) -> str:
        """Return the rest of what is shown until the program ends."""
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
def in_a_terminal(
    command: list[str], environment: dict[str, str], stdin: int | None = None
) -> Generator[Terminal]:
    """Run a program, by its whole path, as somebody does who sits at a terminal."""
    screen, inside = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", IN_A_TERMINAL, *command],
        env=environment,
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


@contextlib.contextmanager
def terminal(installation: Installation, *arguments: str, stdin: int | None = None) -> Generator[Terminal]:
    """Run one of our commands in a terminal; its stdin may be something else."""
    environment = {**installation.environment, "NO_COLOR": "1"}
    with in_a_terminal([COMMAND, *arguments], environment, stdin) as at:
        yield at


def approve(installation: Installation, *lines: str) -> str:
    """Answer what waits with `sprinklr-mcp approve`, line by line, and return all that was shown."""
    with terminal(installation, "approve") as at:
        shown = ""
        for line in lines:
            shown += at.read_until("\n> ")
            at.type(line)
        return shown + at.finish()
