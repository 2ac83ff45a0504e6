"""Asks a tenant what is assumed about it: reads alone, through the sender that the tools use.

Knows no assumption: those stand with the actions.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from sprinklr_mcp.calls.gathering import Sources
from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.sending.building import freeze
from sprinklr_mcp.sending.outcomes import Manner
from sprinklr_tools.action import Action, Risk, tool_name
from sprinklr_tools.assumptions.probe import Outcome, Probe, Told, untried
from sprinklr_tools.platform import Verdict

ANSWERS = {
    Code.NOT_FOUND: Verdict.NOT_FOUND,
    Code.UPSTREAM_REFUSED: Verdict.REFUSED,
    Code.FORBIDDEN: Verdict.FORBIDDEN,
}
"""Refusals that are what a probe wants to know; any other fault says nothing about the assumption."""
ENDS = (Code.LOGIN_REQUIRED, Code.CONFIGURATION, Code.STORE_UNAVAILABLE)
"""Faults that every further read would meet too."""


@dataclass(frozen=True)
class Probed:
    """A probe and what it found."""

    probe: Probe
    outcome: Outcome


async def probed(probes: Iterable[Probe], sources: Sources, seconds: float) -> AsyncGenerator[Probed]:
    """Run the probes one after another; each read may take `seconds`.

    Raises `Fault` where nothing can be asked at all: no login, no key, no store.
    """

    async def ask(action: Action) -> Told:
        return await _read(action, sources, seconds)

    for probe in probes:
        try:
            outcome = await probe.run(ask)
        except Fault as fault:
            if fault.code in ENDS:
                raise
            outcome = untried(fault.text())
        yield Probed(probe, outcome)


async def _read(action: Action, sources: Sources, seconds: float) -> Told:
    request = action.request(None)
    if action.risk is not Risk.READ or request is None:
        raise ValueError(f"{type(action).__name__} does not only read")
    endpoint = tool_name(type(action))
    manner = Manner(write=False, repeatable=True, endpoint=endpoint, seconds=seconds)
    try:
        payload = await sources.sender.send(freeze(sources.endpoints.applied(action, request)), manner)
    except Fault as fault:
        if fault.code not in ANSWERS:
            raise
        return Told(ANSWERS[fault.code])
    return Told(Verdict.DONE, payload)
