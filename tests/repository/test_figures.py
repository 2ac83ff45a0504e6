"""The figures that the documents name are those that are measured, and keep to their limits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_figures_are_what_is_measured_and_within_their_limits() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks/figures.py", "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
