"""A server whose process is known, so that a test can end it as hard as it likes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from installation import COMMAND, Installation
from mcp import StdioServerParameters


class Doomed:
    """A server whose process is known."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self._file = folder / "process_id"
        self.serving = StdioServerParameters(
            command="sh",
            args=["-c", f'echo $$ > "{self._file}"; exec "{COMMAND}" serve'],
            env=installation.environment,
        )

    @property
    def process_id(self) -> int:
        """Known once it serves."""
        return int(self._file.read_text())

    def gets(self, number: signal.Signals) -> None:
        os.kill(self.process_id, number)
