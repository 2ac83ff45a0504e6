"""The counters of a campaign, their targets, and what was found, one defect after the other."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

DUPLICATES = "duplicate writes"
FALSE_CERTAINTY = "false certainty"
LOST_TOKENS = "lost refresh tokens"
HUNG = "hung calls and processes"
LEAKS = "secret leaks"
CRASHES = "crashes"
UNAUDITED = "unaudited writes"
OVERRUNS = "rate overruns"
RESOURCES = "leaked resources"
STRANGERS = "requests to strangers"
DROPPED = "malformed lines dropped"
COUNTERS = {
    DUPLICATES: "more than one commit for one agreement or call",
    FALSE_CERTAINTY: "said done without a commit, or not done with one",
    LOST_TOKENS: "a valid token that was received and is not in the store",
    HUNG: "no answer within the deadline and 2 s, or no end within 10 s",
    LEAKS: "12 characters of a secret in any output, the log or the store",
    CRASHES: "an exit nobody asked for, or an exception nobody foresaw",
    UNAUDITED: "a commit without an earlier intent in the audit log",
    OVERRUNS: "more calls in a sliding window than the key may make",
    RESOURCES: "descriptors not back to the start ±2, or over 20 MB more memory",
    STRANGERS: "a request to another address than the configured one",
    DROPPED: "a line that is no message, or no good one, and got no answer",
}
"""What each counts. Every target is none at all."""


@dataclass(frozen=True)
class Defect:
    """One thing that went wrong: the fault it happened to, what was said, what the wire saw."""

    counter: str
    fault: str
    said: str
    seen: str


class Tally:
    """Counts, for all parts of a campaign."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self.defects: list[Defect] = []
        self.injected: Counter[str] = Counter()
        self.memory: list[float] = []
        """By how many MB each long-lived process grew."""
        self.answers: Counter[str] = Counter()
        """How calls ended, by the code of their error; it shows what a campaign reached."""

    def add(self, counter: str, fault: str, said: str = "", seen: str = "") -> None:
        with self._turn:
            self.defects.append(Defect(counter, fault, said[:400], seen[:400]))

    def counts(self) -> dict[str, int]:
        """Return every counter, those at nothing too."""
        found = Counter(defect.counter for defect in self.defects)
        return {name: found[name] for name in COUNTERS}

    @property
    def holds(self) -> bool:
        return not self.defects

    def table(self) -> str:
        width = max(map(len, COUNTERS))
        lines = [f"{'counter':{width}}  found  target"]
        lines += [f"{name:{width}}  {count:5}  {0:6}" for name, count in self.counts().items()]
        return "\n".join(lines)

    def report(self) -> list[dict[str, Any]]:
        return [asdict(defect) for defect in self.defects]
