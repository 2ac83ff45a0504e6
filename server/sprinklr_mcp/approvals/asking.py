"""The ways to ask, as the rest of the machine sees them. Knows neither MCP nor a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sprinklr_mcp.approvals.wording import ShownQuestion


class Choice(StrEnum):
    """What a person did with the question."""

    ANSWERED = "answered"
    DECLINED = "declined"
    DISMISSED = "dismissed"
    SILENT = "silent"
    """No answer came in time."""


@dataclass(frozen=True)
class PersonsAnswer:
    """A person's answer; `typed` is whatever came with it, of any type."""

    choice: Choice
    typed: object = None


class AnotherRound(Exception):
    """The question must travel to the person and the whole call come back with the answer."""

    def __init__(self, question: ShownQuestion, handle: str) -> None:
        super().__init__("a person is asked")
        self.question = question
        self.handle = handle


class Asker(Protocol):
    """Somebody who can put a question to the person behind this call."""

    @property
    def way(self) -> str:
        """The name of the way, as SPRINKLR_APPROVAL_WAYS spells it."""
        ...

    @property
    def handle(self) -> str | None:
        """The record that this very call brings an answer to, if it does."""
        ...

    async def ask(self, question: ShownQuestion, handle: str) -> PersonsAnswer:
        """Ask, and return the answer. Raises `AnotherRound` where it comes with a later call."""
        ...
