"""What one probe is: a question to a tenant about what Sprinklr's documents leave open, asked by reads alone.

Does no I/O: the server makes the reads. The list of what is assumed is docs/assumptions.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from sprinklr_tools.action import Action
from sprinklr_tools.platform import Verdict
from sprinklr_tools.reading import Json

REFUSED = {
    Verdict.NOT_FOUND: "a 404",
    Verdict.REFUSED: "a 400, or another refusal of the request",
    Verdict.FORBIDDEN: "a refusal for lack of permission",
}
"""What Sprinklr may answer to a read instead of something, in words."""


@dataclass(frozen=True)
class Told:
    """What Sprinklr answered to a read: `payload`, without its envelope, where the verdict is DONE."""

    verdict: Verdict
    payload: Json = None

    @property
    def in_words(self) -> str:
        """What came, without anything of its content."""
        return REFUSED.get(self.verdict) or ("what it holds" if self.payload else "an empty answer")


class Ask(Protocol):
    """Makes one read, as the tools make it. Raises the server's own faults for what is no answer."""

    async def __call__(self, action: Action) -> Told:
        """Run the request of an action that only reads; refusals of `REFUSED` are answers too."""
        ...


@dataclass(frozen=True)
class Outcome:
    """What a probe found: whether the assumption `holds`, None where this tenant cannot show it."""

    holds: bool | None
    found: str


def untried(why: str) -> Outcome:
    """Say why nothing was found out."""
    return Outcome(None, why)


@dataclass(frozen=True)
class Probe:
    """One assumption that reads can check.

    `otherwise` says what the tools do where it does not hold.
    """

    number: str
    assumed: str
    otherwise: str
    run: Callable[[Ask], Awaitable[Outcome]]
