"""Starts the server from an unpacked bundle, beside whose packages this file lies.

A client starts it without arguments. With some it is the whole command, for a person at a terminal:
`uv run --directory BUNDLE server/start.py status`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sprinklr_mcp.command_line import main

if __name__ == "__main__":
    main(sys.argv[1:] or ["serve", "--bundle", str(Path(__file__).absolute().parent.parent)])
