"""Opening a file below a folder without following any link, whatever is swapped on the way.

Goes from descriptor to descriptor, never twice by name. What this takes, Windows does not have: there
nothing is opened. (Untested on Windows: there is only this refusal.)
"""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from sprinklr_mcp.uploads.folders import Place
from sprinklr_mcp.uploads.refusing import missing, refused, unavailable

ON_THE_WAY = getattr(os, "O_PATH", 0)
"""Where there is such a thing, a folder on the way need not be readable."""
KINDS = {
    stat.S_IFLNK: "it is a link",
    stat.S_IFDIR: "it is a folder",
    stat.S_IFIFO: "it is a pipe, not a file",
    stat.S_IFSOCK: "it is a socket, not a file",
    stat.S_IFCHR: "it is a device, not a file",
    stat.S_IFBLK: "it is a device, not a file",
}


@contextmanager
def opened(place: Place) -> Generator[int]:
    """Open a file for reading and close it in the end. Blocks.

    Raises `Fault` NOT_FOUND, FORBIDDEN with the reason, or CONFIGURATION on a system without the means.
    """
    if os.open not in os.supports_dir_fd or os.stat not in os.supports_dir_fd:
        raise unavailable()
    folder, device = _folder(place)
    try:
        descriptor = _last(folder, place.parts[-1])
    finally:
        os.close(folder)
    try:
        _check(os.fstat(descriptor), device)
        yield descriptor
    finally:
        os.close(descriptor)


def _folder(place: Place) -> tuple[int, int]:
    """Return a descriptor of the folder that holds the file, and the device of the allowed folder."""
    root = _walked(os.open("/", ON_THE_WAY | os.O_DIRECTORY | os.O_CLOEXEC), place.folder.real.parts[1:])
    try:
        device = os.fstat(root).st_dev
        start = os.dup(root)
    finally:
        os.close(root)
    return _walked(start, place.parts[:-1]), device


def _walked(start: int, parts: Sequence[str]) -> int:
    """Go down by those names; takes over the descriptor it begins with."""
    here = start
    for part in parts:
        try:
            below = os.open(part, ON_THE_WAY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
        except FileNotFoundError:
            raise missing() from None
        except OSError:
            raise refused("a part of its path is a link, no folder, or closed to this user") from None
        finally:
            os.close(here)
        here = below
    return here


def _last(folder: int, name: str) -> int:
    """Open the file itself. Looked at first: opening a device or a pipe may do something."""
    try:
        _check_kind(os.stat(name, dir_fd=folder, follow_symlinks=False))
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        return os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        raise missing() from None
    except OSError:
        raise refused("it is a link, or closed to this user") from None


def _check_kind(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise refused(KINDS.get(stat.S_IFMT(found.st_mode), "it is no ordinary file"))


def _check(found: os.stat_result, device: int) -> None:
    """Judge what was really opened, which may not be what was looked at."""
    _check_kind(found)
    if found.st_nlink != 1:
        raise refused("it has a second name elsewhere (a hard link)")
    if found.st_uid != os.geteuid():
        raise refused("it belongs to another user")
    if found.st_dev != device:
        raise refused("it lies on another device than its folder")
