"""The reads that an action makes before its one request: through the same sender, and never a write."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sprinklr_mcp.calls.endpoints import Endpoints
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.remembered.naming import Naming
from sprinklr_mcp.sending.building import Frozen, digest_of, freeze
from sprinklr_mcp.sending.outcomes import Manner
from sprinklr_mcp.sending.sender import Sender
from sprinklr_mcp.store.cache import Cache
from sprinklr_mcp.uploads.uploads import Uploads
from sprinklr_tools.action import Action, Answering, Risk, tool_name
from sprinklr_tools.files import FileFacts
from sprinklr_tools.hints import what_to_check
from sprinklr_tools.problems import Conflicting, Missing, Problem, Rejected, Unclear, Withheld

MOST_READS = 10
CODES: dict[type[Problem], Code] = {
    Missing: Code.NOT_FOUND,
    Withheld: Code.FORBIDDEN,
    Unclear: Code.INVALID_REQUEST,
    Conflicting: Code.CONFLICT,
    Rejected: Code.UPSTREAM_REFUSED,
}


@dataclass(frozen=True)
class Sources:
    """Where facts come from: Sprinklr, what was kept of it, the operator's folders and settings."""

    sender: Sender
    endpoints: Endpoints
    cache: Cache
    uploads: Uploads
    default_campaign: str | None


class Reads:
    """What one call may read; a new one for each call. Fulfils `sprinklr_tools.action.Reader`.

    Facts for a write are read `fresh`: what a person agrees to must be so now.
    """

    def __init__(self, sources: Sources, *, fresh: bool, seconds: float, urgent: bool = False) -> None:
        """Read for `seconds` in all; `urgent` reads say what became of a write."""
        self._sources = sources
        self._fresh = fresh
        self._deadline = time.monotonic() + seconds
        self._urgent = urgent
        self._left = MOST_READS
        self.kept_at: float | None = None
        """When the oldest part of the answer was read, if it was read by an earlier call."""

    @property
    def default_campaign(self) -> str | None:
        """The campaign of messages that name none."""
        return self._sources.default_campaign

    @property
    def now(self) -> datetime:
        """The present time in UTC."""
        return datetime.now(UTC)

    async def __call__(self, action: Answering[Any]) -> Any:
        """Run a reading action and return its answer. Raises `Problem` and `Fault`."""
        reading = cast(Action, action)
        if reading.risk is not Risk.READ:
            raise ValueError(f"{type(reading).__name__} does not only read")
        facts = await reading.gather(self)
        payload, new = await self._payload(reading, facts)
        answer = reading.answer(payload, facts)
        if new and reading.lasting and (names := reading.names(answer)) is not None:
            await Naming(self._sources.cache).learn(names)
        return answer

    async def inspect(self, path: str) -> FileFacts:
        """Return what a file of this machine is. Raises `Fault` where it may not be uploaded."""
        return await self._sources.uploads.inspect(path)

    async def _payload(self, action: Action, facts: Any) -> tuple[Any, bool]:
        """Return what a reading action's request brings, and whether now; None where it has no request."""
        request = action.request(facts)
        if request is None:
            return None, False
        frozen = freeze(self._sources.endpoints.applied(action, request))
        if not action.lasting:
            return await self._sent(action, frozen), True
        key = digest_of(frozen, {}, None)
        kept = None if self._fresh else await self._sources.cache.find(key)
        if kept is not None:
            self.kept_at = min(kept.kept_at, self.kept_at or kept.kept_at)
            return kept.value, False
        payload = await self._sent(action, frozen)
        await self._sources.cache.keep(key, payload)
        return payload, True

    async def _sent(self, action: Action, frozen: Frozen) -> Any:
        if self._left == 0:
            raise Fault(
                Code.BUSY,
                f"This call would need more than {MOST_READS} reads.",
                "Ask for less at once, such as a single message instead of a whole case.",
            )
        self._left -= 1
        manner = Manner(
            write=False,
            repeatable=True,
            endpoint=tool_name(type(action)),
            seconds=max(0.0, self._deadline - time.monotonic()),
            urgent=self._urgent,
        )
        try:
            return await self._sources.sender.send(frozen, manner)
        except Fault as fault:
            lead_on(fault, action)
            # That something is not there, or not for this login, is an answer: an action may go on without.
            if fault.code is Code.NOT_FOUND:
                raise Missing(fault.message, fault.next) from fault
            if fault.code is Code.FORBIDDEN:
                raise Withheld(fault.message, fault.next) from fault
            raise


def lead_on(fault: Fault, action: Action) -> None:
    """Say which arguments may be to blame, where Sprinklr's refusal does not."""
    if fault.code in (Code.NOT_FOUND, Code.UPSTREAM_REFUSED) and not fault.next:
        fault.next = what_to_check(action)


def fault_of(problem: Problem) -> Fault:
    """Return what an action met as a fault; it never sent its own request by then."""
    code = CODES.get(type(problem), Code.UPSTREAM_BAD_RESPONSE)
    cause = problem.__cause__
    note = cause.note if isinstance(cause, Fault) else ""
    return Fault(code, problem.message, problem.next, note=note)
