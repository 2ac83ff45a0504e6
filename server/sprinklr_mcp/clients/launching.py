"""The command that a client should start: this very installation's, by its whole path.

A client that is started from a desktop has another PATH than a terminal, so a bare name is found by luck.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import tempfile
from pathlib import Path

from sprinklr_mcp.clients.refusing import Refused

NAMES = ("sprinklr-mcp.exe", "sprinklr-mcp")
PASSING = re.compile(r"(?:archive|builds|environments)-v\d+")
"""Folders of uv's cache, in which `uvx` makes environments."""


def whole_path(started_as: str) -> Path:
    """Return the command's path; `started_as` is what this process was started as.

    A link to it, as pipx and uv make, is kept: it outlives an upgrade. Raises `Refused` where there is none.
    """
    beside = (
        Path(os.path.abspath(started_as)).parent if Path(started_as).name.startswith("sprinklr") else None
    )
    folders = [folder for folder in (beside, Path(sysconfig.get_path("scripts"))) if folder is not None]
    for folder in folders:
        for name in NAMES:
            if (folder / name).is_file():
                return folder / name
    raise Refused(
        "The command sprinklr-mcp is not installed where this Python looks for it.",
        "Install the package, and run the command that this puts in place.",
    )


def is_passing(prefix: str = sys.prefix) -> bool:
    """Whether this installation is one that is cleared away some day, such as one that `uvx` makes."""
    parts = Path(prefix).parts
    caches = ".cache" in parts and "pipx" in parts
    temporary = Path(prefix).is_relative_to(tempfile.gettempdir())
    return temporary or caches or any(PASSING.fullmatch(part) for part in parts)
