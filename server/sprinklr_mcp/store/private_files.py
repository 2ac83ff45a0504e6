"""Files that their owner alone may read, written whole or not at all. Knows nothing of what they hold."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from sprinklr_mcp.errors import StoreUnavailable


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner may enter, and those above it that are missing.

    One that is there already is left as it is.
    """
    # Not by `parents`, which gives those above the rights that anything gets.
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def create_private_file(path: Path, content: bytes = b"") -> bool:
    """Create a file that only its owner may read, whole or not at all; False where one is there already."""
    whole = _written_beside(path, content)
    try:
        # A link, unlike a renaming, fails where another process was faster.
        os.link(whole, path)
    except FileExistsError:
        return False
    finally:
        whole.unlink()
    return True


def replace_private_file(path: Path, content: bytes) -> None:
    """Put a file in the place of the one that is there: whoever looks finds the one or the other, whole."""
    whole = _written_beside(path, content)
    try:
        os.replace(whole, path)
    except BaseException:
        whole.unlink()
        raise


def _written_beside(path: Path, content: bytes) -> Path:
    """Write a new file that can take the other's place, and see to it that it is on the disk."""
    whole = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(whole, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        whole.unlink()
        raise
    return whole


def refuse_unless_private(path: Path) -> None:
    """Refuse a link, another owner's file, or one that others may read. Windows has its own rights."""
    if os.name == "nt":
        return
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise StoreUnavailable(
            f"{path.name} is not private: it must be a plain file of this user that nobody else may read.",
            "Ask the person to look whose it is, in the folder that `sprinklr-mcp doctor` names, and make it "
            "private with chmod 600 if it is this user's own.",
            note=str(path),
        )
