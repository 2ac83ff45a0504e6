"""What a check found, and what it looked at. Knows no check."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from sprinklr_mcp.clients.installing import Found, all_looked_at
from sprinklr_mcp.clients.places import Places
from sprinklr_mcp.errors import Fault, for_a_person
from sprinklr_mcp.machine import Machine, opened
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.database import store_file
from sprinklr_mcp.tokens.probing import Probe


class State(StrEnum):
    """How a thing stands; a warning does not keep anything from working."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """One line of a report. Of one that is fine, the mend is empty."""

    state: State
    found: str
    mend: str = ""
    check: str = ""


def ok(found: str) -> list[Finding]:
    """Say that a thing is as it should be."""
    return [Finding(State.OK, found)]


def warning(found: str, mend: str) -> list[Finding]:
    """Say what may surprise somebody."""
    return [Finding(State.WARNING, found, mend)]


def failed(found: str, mend: str) -> list[Finding]:
    """Say what is wrong."""
    return [Finding(State.FAILED, found, mend)]


def skipped(why: str) -> list[Finding]:
    """Say why nobody looked."""
    return [Finding(State.SKIPPED, f"not checked, because {why}")]


def failed_by(fault: Fault) -> list[Finding]:
    """Say what a fault says, with its details: who reads this is the person themselves."""
    details = f" ({fault.note})" if fault.note else ""
    return failed(for_a_person(fault.message) + details, for_a_person(fault.next))


@dataclass
class Subject:
    """What is examined. Earlier checks fill in what later ones need."""

    environment: Mapping[str, str]
    stack: AsyncExitStack
    given: Settings = field(default_factory=lambda: Settings.from_environment({}))
    """What the environment sets,"""
    settings: Settings = field(default_factory=lambda: Settings.from_environment({}))
    """and the same, completed by the account that is kept."""
    probe: Probe | None = None
    _machine: Machine | None = None

    @cached_property
    def clients(self) -> list[Found]:
        """The clients of this machine; each file is read once."""
        return all_looked_at(Places.of(self.environment, sys.platform))

    @property
    def has_store(self) -> bool:
        """Whether there is a store: to look at one that is not there would make it."""
        return store_file(self.settings).exists()

    async def machine(self) -> Machine:
        """Return what every command works with, but for rules over tools, which have a check of their own."""
        if self._machine is None:
            self._machine = await self.stack.enter_async_context(opened(self.settings.without_rules()))
        return self._machine
