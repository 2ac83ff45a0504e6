"""The fault campaign: one command, seeded, that ends with a table and with status 1 where a target is missed.

Run it with `make campaign`; FAULTS says how many faults, SEED which.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faults.canaries import Canaries
from faults.crowd import CALLS, play_crowd
from faults.ends import play_end
from faults.lane import IDLE, Lane, Trial
from faults.premises import Premises
from faults.served import ERAS, Served
from faults.tally import Tally

FULL = 10_000
MIX = {"transport": 4000, "http": 2000, "refresh": 1000, "cancel": 1000, "crowd": 1000, "stdin": 500}
"""Of 10,000 faults; the ends of processes come on top, and transport faults make up the rest."""
IN_LANES = ("transport", "http", "refresh", "cancel", "stdin")
LANES = 8
"""Processes beside each other: they wait far more than they compute."""


@dataclass(frozen=True)
class Plan:
    """What a campaign does."""

    seed: int
    faults: int
    lanes: int = LANES
    idle: float = IDLE
    """Seconds before what a process uses in the end is measured."""

    @property
    def ends(self) -> int:
        """How many processes are ended; each costs two starts."""
        return 100 if self.faults >= FULL else max(1, self.faults // 200)

    def trials(self) -> list[Trial]:
        """Return every fault, those of one family evenly among the others."""
        counts = {family: max(1, share * self.faults // FULL) for family, share in MIX.items()}
        counts["ends"] = self.ends
        counts["transport"] += max(0, self.faults - sum(counts.values()))
        placed = [
            ((number + 0.5) / count, Trial(family, f"{self.seed}:{family}:{number}"))
            for family, count in counts.items()
            for number in range(count)
        ]
        return [trial for _, trial in sorted(placed, key=lambda one: one[0])]


async def run(plan: Plan, folder: Path, tally: Tally) -> None:
    """Let every fault of the plan happen, and judge what came of it."""
    canaries, trials = Canaries(), plan.trials()
    waiting = [trial for trial in trials if trial.family in IN_LANES][::-1]
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(plan.lanes):
                premises = Premises(folder / f"lane{number}", plan.seed * 1000 + number, tally, canaries)
                lane = Lane(premises, ERAS[number % 2], plan.idle)
                group.create_task(_play_lane(lane, waiting))
            group.create_task(_play_crowds(trials, folder, tally, canaries))
            group.create_task(_play_ends(plan, trials, folder, tally, canaries))
    finally:
        for served in list(Served.running):
            await served.kill()


async def _play_lane(lane: Lane, waiting: list[Trial]) -> None:
    await lane.begin()
    while waiting:
        await lane.play(waiting.pop())
    await lane.finish()


async def _play_crowds(trials: list[Trial], folder: Path, tally: Tally, canaries: Canaries) -> None:
    crowd = [trial for trial in trials if trial.family == "crowd"]
    for at in range(0, len(crowd), CALLS):
        await play_crowd(crowd[at : at + CALLS], folder / f"crowd{at}", tally, canaries)


async def _play_ends(plan: Plan, trials: list[Trial], folder: Path, tally: Tally, canaries: Canaries) -> None:
    premises = Premises(folder / "ends", plan.seed * 1000 + 999, tally, canaries)
    await premises.log_in()
    for trial in trials:
        if trial.family == "ends":
            await play_end(trial, premises)
    premises.judge()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--figures", type=Path, help="write counters and duration into this file")
    parser.add_argument("--defects", type=Path, help="write every defect into this file")
    given = parser.parse_args(arguments)
    tally, began = Tally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="campaign") as folder:
        asyncio.run(run(Plan(given.seed, given.faults, given.lanes), Path(folder), tally))
    seconds = round(time.monotonic() - began)
    figures = {
        "seed": given.seed,
        "faults": sum(tally.injected.values()),
        "mix": dict(sorted(tally.injected.items())),
        "seconds": seconds,
        "memory_growth_mb": round(max(tally.memory, default=0.0), 1),
        "counters": tally.counts(),
    }
    _show(tally, seconds)
    if given.figures:
        given.figures.write_text(json.dumps(figures, indent=2) + "\n")
    if given.defects:
        given.defects.write_text(json.dumps(tally.report(), indent=2, ensure_ascii=False) + "\n")
    return 0 if tally.holds else 1


def _show(tally: Tally, seconds: int) -> None:
    print(f"{sum(tally.injected.values())} faults in {seconds} s: {dict(tally.injected)}")
    print(f"memory growth of the long-lived processes, in MB: {[round(one) for one in tally.memory]}")
    print(f"calls ended: {dict(tally.answers.most_common())}\n")
    print(tally.table())
    shown: Counter[str] = Counter()
    for defect in tally.defects:
        shown[defect.counter] += 1
        if shown[defect.counter] <= 5:
            print(f"\n{defect.counter}: {defect.fault}\n  said: {defect.said}\n  seen: {defect.seen}")


if __name__ == "__main__":
    sys.exit(main())
