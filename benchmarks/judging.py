"""What the benchmark is held to: a goal for each measure, and a looser bound that alone makes it fail.

The bounds leave room for a busy machine; what is between goal and bound is said, and fails nobody. A write
waits twice for the disk, which the bare server never does, so its bounds leave most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """What a measure should be, and what it must be. Less is better, unless it is `at_least` so."""

    told: str
    goal: float
    bound: float
    at_least: bool = False
    unit: str = "x"

    def met(self, value: float, limit: float) -> bool:
        """Tell whether a value keeps to a limit, as far as the table's digits show it."""
        shown = round(value, 2)
        return shown >= limit if self.at_least else shown <= limit

    def shown(self, value: float) -> str:
        """Return a value of this measure as people read it."""
        if self.unit == "x":
            return f"{value:.2f}x"
        return f"{value:.0%}" if self.unit == "%" else f"{value:.0f}"


TARGETS: Mapping[str, Target] = {
    "read_at_once": Target("a read, Sprinklr answers at once", 1.30, 2.40),
    "write_at_once": Target("a write, Sprinklr answers at once", 1.50, 6.00),
    "read_later": Target("a read, Sprinklr answers after 100 ms", 1.10, 1.20),
    "write_later": Target("a write, Sprinklr answers after 100 ms", 1.10, 1.30),
    "start_to_list": Target("from the start to the list of tools", 1.10, 1.30),
    "start_to_answer": Target("from the start to the first answer", 1.15, 1.35),
    "memory": Target("memory at its highest, after the first answer", 1.15, 1.25),
    "hour_one": Target("of the hour's calls, 1 process", 0.95, 0.95, at_least=True, unit="%"),
    "hour_four": Target(
        "of the hour's calls, 4 processes, one killed, the clock set back",
        0.95,
        0.95,
        at_least=True,
        unit="%",
    ),
    "hour_over": Target("calls beyond a limit in those hours", 0, 0, unit="n"),
    "tokens_refused": Target("calls for a token refused in those hours", 0, 0, unit="n"),
    "second_over": Target("calls beyond a limit in 60 s, 4 processes", 0, 0, unit="n"),
}
"""Each measure by its name in bench.json, in the order of the table."""


def rows(found: Mapping[str, float]) -> list[tuple[str, str, str, str]]:
    """Return for each measure what it is, what was measured, its goal and its bound, as people read them."""
    return [
        (target.told, target.shown(found[name]), target.shown(target.goal), target.shown(target.bound))
        for name, target in TARGETS.items()
    ]


def table(found: Mapping[str, float]) -> str:
    """Return the rows as a table, each with what is to be said of it."""
    whole = [("", "measured", "goal", "bound"), *rows(found)]
    remarks = ["", *(_remark(target, found[name]) for name, target in TARGETS.items())]
    widths = [max(len(row[column]) for row in whole) for column in range(4)]
    lines: list[str] = []
    for row, remark in zip(whole, remarks, strict=True):
        numbers = (row[column].rjust(widths[column]) for column in (1, 2, 3))
        lines.append("  ".join([row[0].ljust(widths[0]), *numbers, remark]).rstrip())
    return "\n".join(lines)


def _remark(target: Target, value: float) -> str:
    if not target.met(value, target.bound):
        return "BEYOND THE BOUND"
    return "" if target.met(value, target.goal) else "misses the goal"


def broken(found: Mapping[str, float]) -> list[str]:
    """Return what is beyond its bound, in words."""
    return [
        f"{target.told}: {target.shown(found[name])}, bound {target.shown(target.bound)}"
        for name, target in TARGETS.items()
        if not target.met(found[name], target.bound)
    ]
