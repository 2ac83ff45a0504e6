"""How fast, large and thrifty the server is, beside a bare server that makes the same calls: `make bench`.

Everything is measured in one run and in turn, so that a slow moment of the machine hits both sides. Prints a
table, writes bench.json, and ends with status 1 where a bound is passed. Takes about five minutes, and Linux.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

import anyio

import calling
import limits
import starting
from judging import broken, rows, table
from sides import upstreams

FILE = Path(__file__).with_name("bench.json")
TWO_HOURS, FASTER, SET_BACK = 2 * limits.HOUR, 240.0, 600.0


def compared(times: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return how many times as much ours takes as the bare server, and milliseconds and MiB of both."""
    with upstreams() as before:
        _say("starts")
        ours, bare = starting.measured(before.at_once, max(2, times // 20))
        _say("calls that are answered at once")
        at_once = anyio.run(calling.measured, before.at_once, times)
        _say("calls that are answered after 100 ms")
        later = anyio.run(calling.measured, before.later, max(5, times // 5))
    both = {
        "read_at_once": at_once["read"],
        "write_at_once": at_once["write"],
        "read_later": later["read"],
        "write_later": later["write"],
        "start_to_list": (ours.to_list, bare.to_list),
        "start_to_answer": (ours.to_answer, bare.to_answer),
        "memory": (ours.memory, bare.memory),
    }
    return {name: one / other for name, (one, other) in both.items()}, _absolute(both)


def _absolute(both: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return each side's own value: milliseconds, and MiB of memory."""
    return {
        f"{name}_{side}": round(value * (1 if name == "memory" else 1000), 2)
        for name, pair in both.items()
        for side, value in zip(("ours", "bare"), pair, strict=True)
    }


def kept(minute: float) -> dict[str, float]:
    """Return how much of the hour is used and whether a limit is passed; `minute` in seconds."""
    _say("two hours of calls, on a clock that runs faster: 1 process, then 4")
    one = limits.measured(limits.Load(1, TWO_HOURS, FASTER))
    four = limits.measured(limits.Load(4, TWO_HOURS, FASTER, kill=True, set_back=SET_BACK))
    _say("a minute of calls, 4 processes")
    second = limits.measured(limits.Load(4, minute, 1.0, per_hour=1_000_000), limits.SECOND)
    return {
        "hour_one": one.share,
        "hour_four": four.share,
        "hour_over": one.overruns + four.overruns,
        "tokens_refused": one.tokens_refused + four.tokens_refused,
        "second_over": second.overruns,
    }


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--times", type=int, default=300, help="calls of each kind; a tenth suffices to try it"
    )
    parser.add_argument("--minute", type=float, default=60.0, help="seconds for the limit of a second")
    parser.add_argument("--file", type=Path, default=FILE, help="where the result is written")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    ratios, absolute = compared(given.times)
    found = {name: round(value, 3) for name, value in {**ratios, **kept(given.minute)}.items()}
    print(table(found))  # noqa: T201
    result = {
        "measured": found,
        "shown": rows(found),
        "milliseconds_and_mebibytes": absolute,
        "on": f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the beginning",
    }
    given.file.write_text(json.dumps(result, indent=1) + "\n")
    sys.exit("\n".join(broken(found)) or None)


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
