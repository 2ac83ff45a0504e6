"""The folders that uploads may come from, as the operator set them, and which of them a path lies in.

Judges paths by their words, and opens no file.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.uploads.names import check_names
from sprinklr_mcp.uploads.refusing import not_configured, refused

SETTING = "SPRINKLR_UPLOAD_FOLDERS"
NOT_REAL = ("/proc", "/sys", "/dev")


@dataclass(frozen=True)
class Folder:
    """One folder: as it was set, and where it really lies."""

    named: Path
    real: Path


@dataclass(frozen=True)
class Place:
    """Where a file is looked for: a folder, and the parts of the path below it."""

    folder: Folder
    parts: tuple[str, ...]

    @property
    def path(self) -> str:
        """The whole path in words."""
        return str(self.folder.named.joinpath(*self.parts))


class Folders:
    """Every folder that uploads may come from."""

    def __init__(self, folders: Iterable[Folder]) -> None:
        self._folders = tuple(folders)

    @classmethod
    def of(cls, settings: Settings) -> Folders:
        """Look at the folders that are set.

        Raises `Fault` CONFIGURATION for one that is missing or would let too much out.
        """
        return cls(_checked(Path(one), settings.data_folder) for one in settings.upload_folders)

    def places(self, path: str) -> list[Place]:
        """Return where a path may lead; several only where it is relative and several folders are set.

        Raises `Fault` CONFIGURATION where no folder is set, and FORBIDDEN for what no rule allows.
        """
        if not self._folders:
            raise not_configured()
        found = self._whole(path) if path.startswith("/") else self._relative(path)
        for place in found:
            check_names(place.parts)
        return found

    def _whole(self, path: str) -> list[Place]:
        wanted = Path(path)
        found: list[Place] = []
        for folder in self._folders:
            for root in (folder.named, folder.real):
                if wanted != root and wanted.is_relative_to(root):
                    found.append(Place(folder, wanted.relative_to(root).parts))
        if not found:
            raise refused(
                "it does not lie in a folder that uploads may come from",
                f"Only the operator can change that, with {SETTING}.",
            )
        # Of folders within one another the innermost is meant.
        return [min(found, key=lambda place: len(place.parts))]

    def _relative(self, path: str) -> list[Place]:
        found = [self._whole(str(folder.named / path))[0] for folder in self._folders]
        return list({place.path: place for place in found}.values())


def _checked(named: Path, data_folder: Path) -> Folder:
    real = Path(os.path.realpath(named))
    home, data = Path(os.path.realpath(Path.home())), Path(os.path.realpath(data_folder))
    if real.parent == real or any(real.is_relative_to(one) for one in NOT_REAL):
        raise _wrong(named, "it is the root of everything, or no real folder")
    if home.is_relative_to(real):
        raise _wrong(named, "it holds the whole home folder")
    if data.is_relative_to(real) or real.is_relative_to(data):
        raise _wrong(named, "it holds this server's own data, or lies in it")
    if not _is_folder(real):
        raise _wrong(named, "there is no such folder")
    return Folder(named, real)


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _wrong(folder: Path, reason: str) -> Fault:
    return Fault(
        Code.CONFIGURATION,
        f"{SETTING} names {folder}, and {reason}.",
        "Ask the person to name a folder that holds only what may be published.",
    )
