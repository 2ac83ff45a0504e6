"""A copy of the repository, in which a test may do what a contributor does; real processes run in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"server": "sprinklr_mcp", "tools": "sprinklr_tools", "simulator": "sprinklr_simulator"}
PROGRAM = ["-c", "from sprinklr_mcp.command_line import main; main()"]


@dataclass(frozen=True)
class Copy:
    """A folder with every file that git knows, whose packages come before the installed ones."""

    folder: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
        packages = os.pathsep.join(str(self.folder / name) for name in PACKAGES)
        return {**others, "PYTHONPATH": packages, "SPRINKLR_MCP_HOME": str(self.home)}

    def python(self, *arguments: str) -> str:
        """Run Python in the folder and return what it prints."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=50,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def command(self, *arguments: str) -> str:
        """Run `sprinklr-mcp` as the copy has it."""
        return self.python(*PROGRAM, *arguments)

    def files(self) -> set[str]:
        """Every file but what Python and the tools write."""
        found = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {path.as_posix() for path in found if not {"__pycache__", ".hypothesis"} & {*path.parts}}


def known_files() -> list[str]:
    """Every file that git knows and that is there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def copied(folder: Path, home: Path) -> Copy:
    """Copy the repository into a folder."""
    for name in known_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return Copy(folder, home)
