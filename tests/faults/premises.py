"""One data folder with its key: the peer, the processes that use it, and what all of them said."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from faults.canaries import Canaries
from faults.grants import Mode
from faults.judging import Audited, Evidence, judge, judge_outcomes
from faults.peer import Peer
from faults.served import Served
from faults.tally import CRASHES, HUNG, LEAKS, LOST_TOKENS, OVERRUNS, STRANGERS, Tally
from faults.told import Told
from faults.work import Work
from sprinklr_mcp.machine import opened
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.tokens import Pair, TokenState

LONGEST_END = 10.0
NO_BUDGETS = "publish_message=1000000,delete_case_by_number=1000000,delete_case_by_id=1000000"
GRACE = 2.0
"""Seconds by which an answer may be later than its deadlines."""
DEADLINES = {
    "SPRINKLR_READ_DEADLINE": "1",
    "SPRINKLR_WRITE_DEADLINE": "1",
    "SPRINKLR_TOKEN_DEADLINE": "2",
    "SPRINKLR_APPROVAL_DEADLINE": "5",
}
"""In seconds; what takes a minute for people takes a second here."""


class Premises:
    """One installation and the Sprinklr it talks to."""

    def __init__(
        self,
        home: Path,
        seed: int,
        tally: Tally,
        canaries: Canaries,
        *,
        mode: Mode = "strict",
        per_second: int = 40,
        per_hour: int = 100_000,
        deadlines: dict[str, str] | None = None,
    ) -> None:
        self.home = home
        self.tally = tally
        self.canaries = canaries
        self.peer = Peer(seed, canaries, mode)
        self.told: list[Told] = []
        self.agreed: Counter[str] = Counter()
        self.faults: dict[str, str] = {}
        self.kills = 0
        """How many processes were ended so that they could not write down what came of their work."""
        self._limits = (per_second, per_hour)
        self._deadlines = {**DEADLINES, **(deadlines or {})}
        self._errors: list[str] = []

    @property
    def environment(self) -> dict[str, str]:
        others = {name: value for name, value in os.environ.items() if not name.startswith("SPRINKLR_")}
        per_second, per_hour = self._limits
        limits = {
            "SPRINKLR_CALLS_PER_SECOND": str(per_second),
            "SPRINKLR_CALLS_PER_HOUR": str(per_hour),
            "SPRINKLR_TOOLSETS": "all",
            "SPRINKLR_BUDGETS": NO_BUDGETS,
            # Nobody sits here: no page is opened on the screen of whoever runs the campaign.
            "SPRINKLR_APPROVAL_WAYS": "form,terminal",
            "SPRINKLR_MCP_HOME": str(self.home),
        }
        return {**others, **limits, **self._deadlines, **self.peer.settings}

    def patience(self, work: Work) -> float:
        """Return how many seconds an answer may take: every deadline on its way, and a grace."""
        read, write, token, _ = (float(value) for value in self._deadlines.values())
        reads = 4 * read if work.asks else (read if not work.writes else 0)
        return reads + (write if work.writes else 0) + 3 * token + GRACE

    async def serve(self, era: str) -> Served:
        """Start a process. What it writes is looked through for secrets, line by line."""
        try:
            return await Served.start(self.environment, era, self._listen)
        except TimeoutError:
            self.tally.add(HUNG, f"a start in the era {era}", "".join(self._errors[-20:]), "")
            return await Served.start(self.environment, era, self._listen)

    async def call(self, served: Served, work: Work, fault: str = "", told: Told | None = None) -> Told:
        """Make a call; what comes of it is judged in the end, and a missing answer at once."""
        told = told or Told(work, time.time())
        self.told.append(told)
        if fault:
            self.faults[work.mark] = f"{work.tool} of {served.era}: {fault}"
        await served.call(work, self.patience(work), told)
        self.tally.answers[told.code or ("ok" if told.answered else "none")] += 1
        if told.failed_inside:
            self.tally.add(CRASHES, self.faults.get(work.mark, ""), told.text, "".join(self._errors[-30:]))
        if not told.answered and not told.given_up and not served.gone:
            self.tally.add(HUNG, self.faults.get(work.mark, work.tool), "no answer", work.mark)
        return told

    async def end(self, served: Served, how: str, fault: str) -> None:
        """End a process, and see that it ends in time and as it should."""
        took = await served.end(how)
        self.agreed.update(served.agreed)
        served.agreed.clear()
        if took > LONGEST_END:
            self.tally.add(HUNG, fault, f"still there {took:.1f} s after {how}", "")
        if how != "SIGKILL" and served.status != 0:
            self.tally.add(CRASHES, fault, f"status {served.status} after {how}", "".join(self._errors[-20:]))

    async def log_in(self) -> None:
        """Leave the store as a login by browser leaves it."""
        given = self.peer.grants.issue()
        pair = Pair(given.access, given.refresh, "authorization_code", None, time.time())
        async with opened(Settings.from_environment(self.environment)) as machine:
            while not await machine.token_store.replace((await machine.token_store.read()).generation, pair):
                pass

    async def login(self) -> TokenState:
        """Return the stored login, opened with the store's key."""
        async with opened(Settings.from_environment(self.environment)) as machine:
            return await machine.token_store.read()

    async def see_that_tokens_are_kept(self, fault: str) -> None:
        """Count a token that Sprinklr gave, that was received, and that is not in the store."""
        valid = self.peer.grants.must_be_kept
        stored = (await self.login()).pair
        if valid is not None and (stored is None or stored.refresh_token != valid):
            self.tally.add(LOST_TOKENS, fault, "the stored refresh token is not the valid one", "")

    def forget_the_cool_down(self) -> None:
        """Let the time pass that Sprinklr asked to wait."""
        with closing(sqlite3.connect(self.home / "store.sqlite3", timeout=10)) as store, store:
            store.execute("DELETE FROM cooling")

    def judge(self) -> None:
        """Count what the wire, the calls and the store say together; the processes have ended."""
        evidence = Evidence(self.peer.log.commits(), self.told, self._audit(), self.agreed, self.faults)
        if not self.kills:
            judge_outcomes(evidence, self.tally)
        judge(evidence, self.tally)
        for overrun in self.peer.log.overruns(*self._limits):
            self.tally.add(OVERRUNS, self.home.name, str(overrun), "")
        if self.peer.strangers:
            self.tally.add(STRANGERS, self.home.name, f"{self.peer.strangers} requests", "")
        # Whether a killed process spent the token nobody knows, so the next one may try it once.
        if self.peer.grants.reused_in_vain > self.kills:
            said = f"{self.peer.grants.reused_in_vain} spent tokens used again"
            self.tally.add(LOST_TOKENS, self.home.name, said, "")
        self._look_through_the_store()
        self.peer.close()

    def _audit(self) -> list[Audited]:
        with closing(sqlite3.connect(self.home / "store.sqlite3", timeout=10)) as store:
            rows = store.execute("SELECT time, record FROM audit ORDER BY number").fetchall()
        return [Audited(moment, json.loads(record)) for moment, record in rows]

    def _look_through_the_store(self) -> None:
        for file in sorted(self.home.iterdir()):
            leaked = self.canaries.leaked_in(file.read_bytes().decode("latin-1"))
            if leaked is not None:
                self.tally.add(LEAKS, self.home.name, f"{leaked} in {file.name}", "")

    def _listen(self, sink: str, line: str) -> None:
        leaked = self.canaries.leaked_in(line)
        if leaked is not None:
            self.tally.add(LEAKS, f"{leaked} in {sink}", line, "")
        if sink == "stderr":
            self._errors.append(line)
            if line.startswith("Traceback"):
                self.tally.add(CRASHES, "a traceback in stderr", line, "")
