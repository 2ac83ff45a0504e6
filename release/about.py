"""What every builder of a release knows about the project: read from where it stands, and nowhere else.

Version: server/sprinklr_mcp/__init__.py. Address of the repository: pyproject.toml.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
PACKAGES = ("server/sprinklr_mcp", "tools/sprinklr_tools", "simulator/sprinklr_simulator")
VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
PIN = re.compile(r"^([a-z0-9._-]+==[^\s;]+)(?: ; (.+?))? \\$", re.MULTILINE)


def version() -> str:
    """Return the version of what is here."""
    found = VERSION.search((ROOT / "server/sprinklr_mcp/__init__.py").read_text())
    if found is None:
        raise ValueError("server/sprinklr_mcp/__init__.py has no __version__")
    return found[1]


def repository() -> str:
    """Return the address of the repository, without a slash at its end."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]["Repository"].rstrip("/")


def pins() -> list[str]:
    """Return what the server needs to run, as requirements of one exact version each."""
    locked = (ROOT / "requirements-runtime.txt").read_text()
    return [f"{pin} ; {marker}" if marker else pin for pin, marker in PIN.findall(locked)]


if __name__ == "__main__":
    print(version())
