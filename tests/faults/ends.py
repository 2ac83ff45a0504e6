"""Processes that end at any moment, also by being killed, and what the next one finds."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress

from faults.lane import LONGEST_RECOVERY, Trial
from faults.premises import Premises
from faults.scripts import Script
from faults.served import ERAS, Served
from faults.tally import LOST_TOKENS
from faults.told import Told
from faults.work import Work, any_work, new_mark, read_case

ENDS = ("EOF", "SIGTERM", "SIGINT", "SIGKILL")


async def play_end(trial: Trial, premises: Premises) -> None:
    """End a process in the middle of its work, and let the next one be asked for the same."""
    dice, peer = trial.dice, premises.peer
    how = dice.choice(ENDS)
    fault = f"{trial.seed}: {how}"
    peer.forget_plans()
    served = await premises.serve(dice.choice(ERAS))
    if dice.random() < 0.5:
        peer.grants.expire()
        peer.plan("", "token", Script("slow", wait=dice.uniform(0, 0.6)))
    works = [any_work(dice) for _ in range(dice.randrange(1, 4))]
    calls = [_started(premises, served, work, fault, dice) for work in works]
    await asyncio.sleep(dice.uniform(0, 1.5))
    for told, _ in calls:
        told.given_up = True
    await premises.end(served, how, fault)
    await _given_up(calls)
    premises.kills += how == "SIGKILL"
    if how != "SIGKILL":
        await premises.see_that_tokens_are_kept(fault)
    premises.tally.injected["ends"] += 1
    await _again(premises, works, fault, dice)


def _started(
    premises: Premises, served: Served, work: Work, fault: str, dice: random.Random
) -> tuple[Told, asyncio.Task[Told]]:
    slow = Script("slow", wait=dice.uniform(0, 0.9))
    premises.peer.plan(work.mark, "write" if work.writes else "read", slow)
    told = Told(work, time.time())
    return told, asyncio.create_task(premises.call(served, work, fault, told))


async def _given_up(calls: list[tuple[Told, asyncio.Task[Told]]]) -> None:
    for told, task in calls:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        told.ended = told.ended or time.time()


async def _again(premises: Premises, works: list[Work], fault: str, dice: random.Random) -> None:
    """Ask the next process for the same; one new login may be due, and never a second."""
    served = await premises.serve(dice.choice(ERAS))
    give_up, logins = time.monotonic() + LONGEST_RECOVERY, 0
    while True:
        told = await premises.call(served, read_case(new_mark()), fault)
        if told.answered and not told.error:
            break
        if told.code == "LOGIN_REQUIRED":
            logins += 1
            await premises.log_in()
        if logins > 1 or time.monotonic() > give_up:
            premises.tally.add(LOST_TOKENS, fault, f"no way back: {told.error or 'no answer'}", "")
            break
        # A renewal that the other process did not end holds the others up for a moment.
        await asyncio.sleep(0.2)
    for work in works:
        await premises.call(served, work, fault)
    await premises.end(served, "EOF", fault)
