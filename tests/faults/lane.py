"""A long-lived server process and the faults that happen to it, one after the other."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

from faults import drawing
from faults.lines import OWED_AN_ANSWER, broken_lines
from faults.premises import GRACE, Premises
from faults.scripts import Script
from faults.served import Served
from faults.tally import CRASHES, DROPPED, HUNG, OVERRUNS, RESOURCES
from faults.told import Told
from faults.work import Work, any_work, comment, delete, new_mark, publish, read_case

LONGEST_RECOVERY = 25.0
"""Seconds after which a good call must work again."""
IDLE = 6.0
"""Seconds after which a pooled connection is no longer used."""
MEMORY, DESCRIPTORS = 20.0, 2
LIVES: tuple[Any, ...] = (28_799, "28799", 0, -5, "soon", None, 10**30, 90, {"a": 1})
"""What a token answer may say about the life of its token, in seconds where it makes sense."""


@dataclass(frozen=True)
class Trial:
    """One fault to come; its seed alone decides everything about it."""

    family: str
    seed: str

    @property
    def dice(self) -> random.Random:
        return random.Random(self.seed)


class Lane:
    """One process that lives as long as the campaign, on premises of its own."""

    def __init__(self, premises: Premises, era: str, idle: float = IDLE) -> None:
        self._idle = idle
        self._premises = premises
        self._peer = premises.peer
        self._era = era
        self._served: Served | None = None
        self._before = (0, 0.0)
        self.families = {
            "transport": self._transport,
            "http": self._http,
            "refresh": self._refresh,
            "cancel": self._cancel,
            "stdin": self._stdin,
        }

    async def begin(self) -> None:
        """Log in and start the process; what it uses is measured once everything was used once."""
        await self._premises.log_in()
        await self._start()

    async def play(self, trial: Trial) -> None:
        """Let one fault happen, and see that all is well afterwards."""
        served = self._served
        if served is None or served.gone:
            self._premises.tally.add(CRASHES, f"before {trial.seed}", "the server is gone", "")
            await self._start()
        self._peer.forget_plans()
        self._premises.tally.injected[trial.family] += 1
        work = await self.families[trial.family](trial, trial.dice)
        await self._recovered(trial, work)

    async def finish(self) -> None:
        """Compare what the process uses with the start, end it, and judge all of it."""
        served = self._now
        self._peer.forget_plans()
        await asyncio.sleep(self._idle)
        await self._recovered(Trial("", "the last one"), None)
        descriptors, memory = served.descriptors(), served.memory()
        before, less = self._before
        self._premises.tally.memory.append(memory - less)
        if abs(descriptors - before) > DESCRIPTORS or memory - less > MEMORY:
            seen = f"descriptors {before} to {descriptors}, memory {less:.0f} to {memory:.0f} MB"
            self._premises.tally.add(RESOURCES, f"{self._premises.home.name}, {self._era}", seen, "")
        await self._premises.end(served, "EOF", "the end of a lane")
        self._premises.judge()

    @property
    def _now(self) -> Served:
        assert self._served is not None
        return self._served

    async def _start(self) -> None:
        self._served = await self._premises.serve(self._era)
        self._peer.grants.expire()
        for made in (read_case, delete, publish, comment, read_case):
            await self._premises.call(self._served, made(new_mark()), "a good call")
        self._before = (self._served.descriptors(), self._served.memory())

    async def _transport(self, trial: Trial, dice: random.Random) -> Work:
        script, then = dice.choice(drawing.TRANSPORT)(dice), None
        if dice.random() < 0.3:
            # The first failure leaves it open what happened; the next one must not close that.
            then = dice.choice([*drawing.TRANSPORT, *drawing.HTTP])(dice)
        else:
            script = script.repeated(dice.choice([1, 1, 2, 9]))
        return await self._faulty(trial, script, dice, then)

    async def _http(self, trial: Trial, dice: random.Random) -> Work:
        script = dice.choice(drawing.HTTP)(dice)
        work = await self._faulty(trial, script, dice)
        if script.name.startswith("over rate"):
            await self._see_the_cool_down(trial)
        return work

    async def _faulty(
        self, trial: Trial, script: Script, dice: random.Random, then: Script | None = None
    ) -> Work:
        """Make a call to whose own request, or to the reads before it, the script happens.

        If it is sent again, `then` happens to that.
        """
        work = any_work(dice)
        script = _honest(script, work)
        on_reads = not work.writes or (work.reads_first and dice.random() < 0.2)
        if script.away and not work.reads_first:
            self._peer.go_away(script.away)
        elif script.away:
            # The last read before the write is still answered; then nobody is there.
            self._peer.plan(work.mark, "read", script, skip=dice.choice([0, 1, 1, 1]))
        else:
            self._peer.plan(work.mark, "read" if on_reads else "write", script)
        if then is not None:
            self._peer.plan(work.mark, "read" if on_reads else "write", _honest(then, work))
        where, after = ("reads" if on_reads else "write"), f", then {then.name}" if then else ""
        await self._premises.call(self._now, work, f"{trial.seed}: {where}: {script.name}{after}")
        await asyncio.to_thread(self._peer.be_there)
        return work

    async def _see_the_cool_down(self, trial: Trial) -> None:
        """While Sprinklr wants to be left alone, nothing may be sent to it."""
        with closing(sqlite3.connect(self._premises.home / "store.sqlite3", timeout=10)) as store:
            # A name with a space in it is the pause of one call alone.
            row = store.execute("SELECT max(until) FROM cooling WHERE name NOT LIKE '% %'").fetchone()
        began = time.time()
        if row[0] is not None and row[0] > began + 3:
            await self._premises.call(self._now, read_case(new_mark()))
            sent = self._peer.log.arrivals(since=began)
            if sent:
                self._premises.tally.add(OVERRUNS, trial.seed, "sent during the cool-down", str(sent[0]))
        self._premises.forget_the_cool_down()

    async def _refresh(self, trial: Trial, dice: random.Random) -> Work:
        """Let the token end, and the renewal meet a fault."""
        grants = self._peer.grants
        grants.mode = dice.choice(["strict", "family", "single"])
        self._peer.expires_in = dice.choice(LIVES)
        draws = [*drawing.TRANSPORT, *drawing.HTTP]
        script = dice.choice(draws)(dice) if dice.random() < 0.7 else Script("a good renewal")
        if grants.mode == "single" and dice.random() < 0.3:
            grants.issue_elsewhere()
        grants.expire()
        if script.away:
            self._peer.go_away(script.away)
        else:
            self._peer.plan("", "token", script.repeated(1))
        began, fault = time.time(), f"{trial.seed}: token, {grants.mode}, {script.name}"
        work = any_work(dice)
        await self._premises.call(self._now, work, fault)
        await asyncio.to_thread(self._peer.be_there)
        await self._premises.see_that_tokens_are_kept(fault)
        asked = len(self._peer.log.arrivals("token", began))
        if asked > 3:
            self._premises.tally.add(OVERRUNS, fault, f"{asked} calls for one token", "")
        self._premises.forget_the_cool_down()
        self._peer.expires_in = 28_799
        return work

    async def _cancel(self, trial: Trial, dice: random.Random) -> Work:
        """Give a call up at some moment, by a cancellation or by going away."""
        work = any_work(dice)
        slow = Script("slow", wait=dice.uniform(0, 0.9), commit=True)
        self._peer.plan(work.mark, "write" if work.writes else "read", slow)
        leaves = dice.random() < 0.1
        served = await self._premises.serve(self._era) if leaves else self._now
        told = Told(work, time.time())
        fault = f"{trial.seed}: {'left' if leaves else 'cancelled'}"
        calling = asyncio.create_task(self._premises.call(served, work, fault, told))
        await asyncio.sleep(dice.uniform(0, 0.8))
        told.given_up = not told.answered
        if leaves:
            await self._premises.end(served, dice.choice(["EOF", "SIGTERM"]), fault)
        else:
            served.cancel_newest()
            await asyncio.wait([calling], timeout=0.1)
        calling.cancel()
        with suppress(asyncio.CancelledError):
            await calling
        told.ended = told.ended or time.time()
        return work

    async def _stdin(self, trial: Trial, dice: random.Random) -> None:
        """Write a line that is no good message; that it is none must be answered."""
        name, line = broken_lines(dice)
        before = len(self._now.odd)
        self._now.write(line)
        give_up = time.monotonic() + (GRACE if name in OWED_AN_ANSWER else 0.05)
        while len(self._now.odd) == before and time.monotonic() < give_up:
            await asyncio.sleep(0.02)
        if name in OWED_AN_ANSWER and len(self._now.odd) == before:
            self._premises.tally.add(
                DROPPED, f"{trial.seed}: {name}", "nothing", line[:100].decode("latin-1")
            )

    async def _recovered(self, trial: Trial, work: Work | None) -> None:
        """Make good calls of the same kind until one works; a person logs in anew where that is needed."""
        give_up, made = time.monotonic() + LONGEST_RECOVERY, work.made if work else read_case
        while time.monotonic() < give_up:
            told = await self._premises.call(self._now, made(new_mark()), f"after {trial.seed}")
            if not told.error and told.answered:
                return
            if told.code == "LOGIN_REQUIRED":
                await self._premises.log_in()
            elif told.code == "OVER_RATE":
                self._premises.forget_the_cool_down()
            else:
                await asyncio.sleep(0.2)
            if self._now.gone:
                # Counted before the next fault, which starts another.
                return
        said = json.dumps({"odd": self._now.odd[-2:]})[:200]
        self._premises.tally.add(HUNG, f"after {trial.seed}", "no good call works any more", said)


def _honest(script: Script, work: Work) -> Script:
    """Let a peer that publishes nothing say so, and one that deletes say it in a way that is published."""
    nothing = "an empty list" in script.name and work.tool == "sprinklr_publish_message"
    return replace(script, commit=False) if nothing else script
