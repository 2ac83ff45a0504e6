"""Starts the server from an unpacked bundle, beside whose packages this file lies.

With arguments it is the whole command: `uv run --directory BUNDLE server/start.py status`.
"""

from __future__ import annotations

import sys

from sprinklr_mcp.command_line import main

if __name__ == "__main__":
    main(sys.argv[1:] or ["serve"])
