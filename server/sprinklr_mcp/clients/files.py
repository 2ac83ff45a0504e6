"""Changes a configuration file whole or not at all, and keeps what it was. Knows no format.

A client may write its file at the same moment. So the file is read once more right before it is replaced, and
if it is no longer what the change was made from, the change is made anew.
"""

from __future__ import annotations

import glob
import os
import secrets
import stat
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sprinklr_mcp.clients.refusing import Refused

Edit = Callable[[bytes | None], bytes | None]
"""From what a file holds to what it should hold; None stands for no file."""
KEPT = 3
"""How many copies of earlier states stay beside a file."""
ATTEMPTS = 5


@dataclass(frozen=True)
class Change:
    """What became of a file: whether it was changed, and where its earlier state is."""

    changed: bool
    backup: Path | None = None


def change(file: Path, edit: Edit) -> Change:
    """Bring a file, or the one that it links to, into the state that `edit` returns.

    Raises `Refused` where that is not allowed or not possible; the file is then as it was.
    """
    target = Path(os.path.realpath(file))
    with _in_words(target), _alone_at(target, edit(read(target)) is not None):
        for _ in range(ATTEMPTS):
            before = read(target)
            after = edit(before)
            if after == before:
                return Change(changed=False)
            if before is not None:
                _refuse_protected(target)
            done = _replaced(target, before, after)
            if done is not None:
                return done
    raise Refused(
        f"{target} was changed by another program each time.", "Close the client and run this again."
    )


def read(file: Path) -> bytes | None:
    """Return what a file holds; None where there is none. Raises `Refused` where it cannot be read."""
    with _in_words(file):
        try:
            if not stat.S_ISREG(file.stat().st_mode):
                raise Refused(f"{file} is not a plain file.", "Look at what it is.")
            return file.read_bytes()
        except FileNotFoundError:
            return None
    raise RuntimeError("unreachable: the block returns or raises")


def backups(file: Path) -> list[Path]:
    """Return the copies of a file's earlier states that we have kept, the newest first."""
    target = Path(os.path.realpath(file))
    prefix, suffix = _backup_name(target)
    with suppress(FileNotFoundError):
        found = (one for one in target.parent.iterdir() if one.name.startswith(prefix))
        return sorted((one for one in found if one.name.endswith(suffix)), reverse=True)
    return []


def _unfinished(target: Path) -> str:
    return f".{target.name}.sprinklr-mcp-new-"


def _backup_name(target: Path) -> tuple[str, str]:
    return f"{target.name}.sprinklr-mcp-", ".bak"


def _replaced(target: Path, before: bytes | None, after: bytes | None) -> Change | None:
    """Replace what is there; None where that is no longer `before`."""
    if after is None:
        if read(target) != before:
            return None
        target.unlink()
        _settle(target.parent)
        return Change(changed=True)
    written = _written(target, after)
    backup: Path | None = None
    try:
        backup = _keep(target, before)
        if read(target) != before:
            if backup is not None:
                backup.unlink()
            return None
        os.replace(written, target)
    finally:
        written.unlink(missing_ok=True)
    _settle(target.parent)
    with suppress(OSError):  # the change is made; a copy too many is no reason to say otherwise
        for old in backups(target)[KEPT:]:
            old.unlink()
    return Change(changed=True, backup=backup)


def _keep(target: Path, before: bytes | None) -> Path | None:
    """Write a dated copy of what a file held."""
    if before is None:
        return None
    prefix, suffix = _backup_name(target)
    backup = target.with_name(f"{prefix}{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z{suffix}")
    os.replace(_written(target, before), backup)
    return backup


def _written(target: Path, content: bytes) -> Path:
    """Write a file that can take the target's place: in its folder, on the disk, with its owner and mode.

    Where there is no target yet, nobody but this person may read it.
    """
    whole = target.with_name(f"{_unfinished(target)}{secrets.token_hex(8)}")
    descriptor = os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            with suppress(FileNotFoundError):
                _make_alike(file.fileno(), target.stat())
            os.fsync(file.fileno())
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    return whole


def _make_alike(descriptor: int, found: os.stat_result) -> None:
    if sys.platform == "win32":
        return
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
        os.fchown(descriptor, found.st_uid, found.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode))


def _refuse_protected(target: Path) -> None:
    """Replacing a file asks nothing of the file itself; that somebody wrote-protected it shall count."""
    if not target.stat().st_mode & stat.S_IWUSR:
        raise Refused(f"{target} is write-protected.", "If it may be changed, allow that and run this again.")


def _settle(folder: Path) -> None:
    """See to it that a renaming outlasts a power cut, where the file system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _alone_at(target: Path, create: bool) -> Generator[None]:
    """Keep other runs of this program out. Where no lock is to be had, reading twice must do."""
    folder = target.parent
    if create:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform == "win32" or not folder.is_dir():
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            for left in folder.glob(f"{glob.escape(_unfinished(target))}*"):
                left.unlink()  # by a run that was killed: no other is under way
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _in_words(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise Refused(
            f"{error.filename or file} cannot be read or written: {error.strerror}.",
            "See to it that this user may, and run this again.",
        ) from error
