"""The benchmark judges and reckons rightly. What it measures is measured by `make bench`, never by a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


def told(script: str) -> object:
    """Return what a script prints as JSON; it runs where the benchmark's modules are found."""
    done = subprocess.run(
        [sys.executable, "-c", f"import json; {script}"], cwd=BENCHMARKS, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_what_is_beyond_its_bound_is_named_and_a_missed_goal_is_not() -> None:
    found = told(
        "from judging import TARGETS, broken\n"
        "at_goal = {name: one.goal for name, one in TARGETS.items()}\n"
        "missed = {**at_goal, 'memory': TARGETS['memory'].bound}\n"
        "wrong = {**at_goal, 'memory': 9.0, 'hour_four': 0.9, 'second_over': 1}\n"
        "print(json.dumps([broken(at_goal), broken(missed), broken(wrong)]))"
    )
    assert found == [
        [],
        [],
        [
            "memory at its highest, after the first answer: 9.00x, bound 1.25x",
            "of the hour's calls, 4 processes, one killed, the clock set back: 90%, bound 95%",
            "calls beyond a limit in 60 s, 4 processes: 1, bound 0",
        ],
    ]


def test_calls_beyond_a_limit_are_found_wherever_the_window_lies() -> None:
    found = told(
        "from limits import over\n"
        "spread = [0.0, 0.5, 1.0, 1.5]\n"
        "crowded = [0.9, 0.95, 1.0, 1.05, 2.1]\n"
        "print(json.dumps([over(spread, 2, 1.0), over(crowded, 2, 1.0), over(crowded, 4, 1.0)]))"
    )
    assert found == [0, 2, 0]


def test_what_was_written_down_is_what_the_table_shows() -> None:
    written = json.loads((BENCHMARKS / "bench.json").read_text())
    shown = told(
        f"from judging import broken, rows\nfound = {written['measured']!r}\n"
        "print(json.dumps([rows(found), broken(found)]))"
    )
    assert shown == [written["shown"], []]
