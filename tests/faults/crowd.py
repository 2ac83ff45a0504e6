"""Several processes on one key and one store, all at once: the limits, the login, and the same call twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from faults import drawing
from faults.canaries import Canaries
from faults.lane import Trial
from faults.premises import Premises
from faults.scripts import Script
from faults.served import ERAS
from faults.tally import Tally
from faults.work import ASKED, CLASSES, Work, new_mark

PROCESSES = 3
CALLS = 40
PER_SECOND, PER_HOUR = 10, 100
DEADLINES = {"SPRINKLR_READ_DEADLINE": "8", "SPRINKLR_WRITE_DEADLINE": "8", "SPRINKLR_TOKEN_DEADLINE": "4"}
"""In seconds: long enough to wait for the others' turns."""


async def play_crowd(trials: list[Trial], home: Path, tally: Tally, canaries: Canaries) -> None:
    """Let all these faults happen at the same time, to calls of several processes."""
    dice = trials[0].dice
    premises = Premises(
        home,
        dice.randrange(2**32),
        tally,
        canaries,
        mode="family",
        per_second=PER_SECOND,
        per_hour=dice.choice([PER_HOUR, 1000]),
        deadlines=DEADLINES,
    )
    premises.peer.token_patience = 3.0
    await premises.log_in()
    if dice.random() < 0.7:
        premises.peer.grants.expire()
    eras = [dice.choice(ERAS) for _ in range(PROCESSES)]
    served = await asyncio.gather(*(premises.serve(era) for era in eras))
    calls = [
        premises.call(dice.choice(served), work, fault) for work, fault in _works(trials, premises, dice)
    ]
    await asyncio.gather(*calls)
    tally.injected["crowd"] += len(trials)
    await premises.see_that_tokens_are_kept(trials[0].seed)
    for one in served:
        await premises.end(one, "EOF", trials[0].seed)
    premises.judge()


def _works(trials: list[Trial], premises: Premises, dice: random.Random) -> list[tuple[Work, str]]:
    """Return the calls to make; some of them several times, as an impatient client does."""
    works: list[tuple[Work, str]] = []
    while len(works) < len(trials):
        kind = ASKED if dice.random() < 0.4 else dice.choice(CLASSES)
        work = dice.choice(kind)(new_mark())
        script = _script(dice)
        premises.peer.plan(work.mark, "write" if work.writes else "read", script)
        times = dice.choice([1, 1, 1, 3])
        works += [(work, f"{trials[0].seed}: {times} at once, {script.name}")] * times
    return works[: len(trials)]


def _script(dice: random.Random) -> Script:
    if dice.random() < 0.5:
        return Script("slow", wait=dice.uniform(0, 0.5))
    script = dice.choice([*drawing.TRANSPORT, *drawing.HTTP])(dice)
    # The others need somebody there who answers, and a key that is not told to wait.
    return Script("right") if script.away or script.name.startswith("over rate") else script
