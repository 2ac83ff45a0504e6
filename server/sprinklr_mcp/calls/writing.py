"""Making a write: its intent written down, the request sent, its outcome written down, its answer shown.

It runs in a task that no request owns, so a caller who gives up does not cut it. Knows no domain: an
action says what an answer means, and what proves that it happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import anyio

from sprinklr_mcp.calls.gathering import Reads, Sources, lead_on
from sprinklr_mcp.calls.recording import Recorder
from sprinklr_mcp.calls.rendering import Rendered, render
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.finishing import Finisher
from sprinklr_mcp.remembered.naming import Naming
from sprinklr_mcp.sending.building import Frozen
from sprinklr_mcp.sending.outcomes import Manner
from sprinklr_mcp.store.operations import Intent
from sprinklr_mcp.uploads.form import Form, Progress
from sprinklr_tools.action import Action, tool_name
from sprinklr_tools.problems import Missing, Problem
from sprinklr_tools.question import Question
from sprinklr_tools.request import Request

LONGEST_PROOF = 10.0
"""Seconds of a write's time that are kept for reading what became of it, where that can prove something."""


@dataclass(frozen=True)
class Built:
    """A call's request as it would be sent, and the question it needs."""

    action: Action
    facts: Any
    request: Request
    frozen: Frozen
    question: Question | None
    digest: str


@dataclass(frozen=True)
class Ready:
    """A write that nothing stands in the way of any more."""

    built: Built
    intent: Intent


class Writer:
    """Makes the writes of one principal."""

    def __init__(self, sources: Sources, recorder: Recorder, finisher: Finisher, seconds: float) -> None:
        """Take `seconds` for each write, its proof included; files take longer."""
        self._sources = sources
        self._recorder = recorder
        self._finisher = finisher
        self._seconds = seconds
        self._naming = Naming(sources.cache)

    async def write(self, ready: Ready, progress: Progress | None) -> Rendered:
        """Make the write and return its answer.

        Raises `Fault`: before anything is sent, for what Sprinklr refused, or OUTCOME_UNKNOWN.
        """
        return await self._finisher.finish(lambda: self._written(ready, progress))

    async def _written(self, ready: Ready, progress: Progress | None) -> Rendered:
        built, intent = ready.built, ready.intent
        # Before anything is sent: a store that fails afterwards must not speak for the outcome.
        names = await self._naming.known()
        async with (
            self._recorder.recorded(intent) as operation,
            self._sources.uploads.opened(built.frozen.upload, progress) as form,
        ):
            payload = await self._sent(built, intent, form)
            answer = built.action.answer(payload, built.facts)
            return render(answer, names=names, operation=operation, note=form.note if form else None)
        raise RuntimeError("unreachable: the block returns or raises")

    async def _sent(self, built: Built, intent: Intent, form: Form | None) -> Any:
        proof = min(LONGEST_PROOF, self._seconds / 3) if built.action.provable else 0.0
        manner = Manner(
            write=True,
            repeatable=intent.repeatable,
            endpoint=tool_name(type(built.action)),
            seconds=self._seconds - proof,
            settle=intent.settle,
        )
        try:
            return await self._sources.sender.send(built.frozen, manner, form)
        except Fault as fault:
            if fault.code is Code.OUTCOME_UNKNOWN and await self._proven(built.action, proof):
                return None
            lead_on(fault, built.action)
            raise

    async def _proven(self, action: Action, seconds: float) -> bool:
        """Read, twice and a little apart, whether a write of unknown outcome happened after all.

        That it is not to be seen proves nothing: it may yet happen.
        """
        read = action.settle()
        if read is None or not action.provable:
            return False
        with anyio.move_on_after(seconds):
            for pause in (0.0, seconds / 5):
                await anyio.sleep(pause)
                if await self._shows(action, read, seconds):
                    return True
        return False

    async def _shows(self, action: Action, read: Action, seconds: float) -> bool:
        reads = Reads(self._sources, fresh=True, seconds=seconds, urgent=True)
        try:
            return action.proven_by(await reads(read))
        except Missing:
            return action.proven_by(None)
        except (Problem, Fault):
            return False
