"""Where programs keep their configuration, on each platform. Looks at the environment and changes nothing.

On Windows that is written from the platform's rules and was not tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Base(StrEnum):
    """The folder that a client's file is counted from."""

    HOME = "home"
    APPLICATIONS = "applications"
    """What the platform names for applications; on macOS in the Library."""
    DOT_CONFIG = "dot_config"
    """As before, but on macOS `~/.config`, as on Linux."""


@dataclass(frozen=True)
class Places:
    """The folders of one person on one machine."""

    home: Path
    applications: Path
    dot_config: Path
    packages: Path | None
    """On Windows, where applications from the store keep files of their own."""
    environment: Mapping[str, str]

    @classmethod
    def of(cls, environment: Mapping[str, str], platform: str) -> Places:
        """Return the folders for the platform that `sys.platform` names."""
        if platform == "win32":
            home = _folder(environment, "USERPROFILE") or Path.home()
            roaming = _folder(environment, "APPDATA") or home / "AppData" / "Roaming"
            local = _folder(environment, "LOCALAPPDATA") or home / "AppData" / "Local"
            return cls(home, roaming, roaming, local / "Packages", environment)
        home = _folder(environment, "HOME") or Path.home()
        if platform == "darwin":
            return cls(home, home / "Library" / "Application Support", home / ".config", None, environment)
        config = _folder(environment, "XDG_CONFIG_HOME") or home / ".config"
        return cls(home, config, config, None, environment)

    def folder(self, base: Base) -> Path:
        """Return the folder of that kind."""
        return {Base.HOME: self.home, Base.APPLICATIONS: self.applications}.get(base, self.dot_config)

    def moved(self, variable: str) -> Path | None:
        """Return the folder that a client's own variable names, if it is set."""
        return _folder(self.environment, variable)

    def packaged(self, pattern: str) -> Path | None:
        """Return where Windows keeps what an application from its store believes to be roaming data.

        Such an application never sees what lies in the folder that everybody else calls by that name.
        """
        if self.packages is None or not pattern:
            return None
        found = sorted(self.packages.glob(f"{pattern}/LocalCache/Roaming"))
        return found[0] if found else None


def _folder(environment: Mapping[str, str], variable: str) -> Path | None:
    value = environment.get(variable)
    return Path(value) if value else None
