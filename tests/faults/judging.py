"""Judging: what the wire saw, against what the calls were told and what the audit log holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from faults.commits import Commit
from faults.tally import DUPLICATES, FALSE_CERTAINTY, UNAUDITED, Tally
from faults.told import Told

CLOCKS = 0.05
"""Seconds by which two readings of the same clock in two processes may lie apart, at most."""


@dataclass(frozen=True)
class Audited:
    """A row of the audit log; `time` in seconds since 1970."""

    time: float
    record: Mapping[str, Any]

    def concerns(self, mark: str) -> bool:
        """Tell whether an intent belongs to a deed, by the ids among its arguments."""
        return any(mark in str(value) for value in self.record.get("arguments", {}).values())


@dataclass(frozen=True)
class Evidence:
    """Everything about one store and one key."""

    commits: Sequence[Commit]
    told: Sequence[Told]
    audit: Sequence[Audited]
    agreed: Counter[str]
    faults: Mapping[str, str]
    """The fault that each deed met, by its mark."""


@dataclass(frozen=True)
class Deed:
    """All that is known of one deed."""

    mark: str
    fault: str
    calls: Sequence[Told]
    commits: Sequence[Commit]
    intents: Sequence[Audited]
    agreed: int

    @property
    def said(self) -> str:
        return " | ".join(f"{call.work.tool}: {call.error or call.text[:80]}" for call in self.calls)

    @property
    def seen(self) -> str:
        return f"{len(self.commits)} commits, {len(self.intents)} intents, {self.agreed} agreements"


def judge(evidence: Evidence, tally: Tally) -> None:
    """Count everything that must not be."""
    outcomes = {row.record.get("operation"): row for row in evidence.audit if row.record["kind"] == "outcome"}
    for deed in _deeds(evidence):
        _judge_duplicates(deed, tally)
        _judge_intents(deed, tally)
        # What a caller was told wrongly is as wrong in the log: it counts once.
        if not _told_wrongly(deed, tally):
            _judge_outcomes(deed, outcomes, tally)


def judge_outcomes(evidence: Evidence, tally: Tally) -> None:
    """Count writes that were begun and of which nobody wrote down how they ended."""
    ended = {row.record.get("operation") for row in evidence.audit if row.record["kind"] == "outcome"}
    for row in evidence.audit:
        if row.record["kind"] == "intent" and row.record["operation"] not in ended:
            tally.add(UNAUDITED, "an intent without an outcome", str(row.record), "")


def _deeds(evidence: Evidence) -> Iterable[Deed]:
    calls: dict[str, list[Told]] = {}
    for one in evidence.told:
        if one.work.writes:
            calls.setdefault(one.work.mark, []).append(one)
    commits: dict[str, list[Commit]] = {}
    for commit in evidence.commits:
        commits.setdefault(commit.mark, []).append(commit)
    intents = _intents(evidence, {*calls, *commits})
    for mark in sorted({*calls, *commits}):
        yield Deed(
            mark,
            evidence.faults.get(mark, ""),
            calls.get(mark, []),
            sorted(commits.get(mark, []), key=lambda one: one.time),
            intents.get(mark, []),
            evidence.agreed[mark],
        )


def _intents(evidence: Evidence, marks: set[str]) -> dict[str, list[Audited]]:
    found: dict[str, list[Audited]] = {}
    for row in evidence.audit:
        if row.record["kind"] != "intent":
            continue
        values = " ".join(str(value) for value in row.record.get("arguments", {}).values())
        for mark in marks:
            if mark in values:
                found.setdefault(mark, []).append(row)
                break
    return found


def _judge_duplicates(deed: Deed, tally: Tally) -> None:
    """Allow one commit a call, or two where repeating does no harm; and one an agreement."""
    if not deed.calls:
        return
    work = deed.calls[0].work
    most = deed.agreed if work.asks else len(deed.calls) * (2 if work.repeatable else 1)
    bodies = {commit.digest for commit in deed.commits}
    if len(deed.commits) > most or (work.repeatable and len(bodies) > 1):
        tally.add(DUPLICATES, deed.fault, deed.said, deed.seen)


def _told_wrongly(deed: Deed, tally: Tally) -> bool:
    done = sum(call.says_done for call in deed.calls)
    if done > len(deed.commits):
        tally.add(FALSE_CERTAINTY, deed.fault, f"done: {deed.said}", deed.seen)
        return True
    for commit in deed.commits:
        owners = [call for call in deed.calls if call.began - CLOCKS <= commit.time <= call.ended + CLOCKS]
        if owners and all(call.says_nothing_happened for call in owners):
            tally.add(FALSE_CERTAINTY, deed.fault, f"not done: {deed.said}", deed.seen)
            return True
    return False


def _judge_intents(deed: Deed, tally: Tally) -> None:
    """Every commit has an intent before it."""
    begun = sorted(row.time for row in deed.intents)
    # One intent covers the repetitions of a write that may be repeated.
    needed = range(1) if deed.calls and deed.calls[0].work.repeatable else range(len(deed.commits))
    for number, commit in zip(needed, deed.commits, strict=False):
        if number >= len(begun) or begun[number] > commit.time + CLOCKS:
            tally.add(UNAUDITED, deed.fault, deed.said, deed.seen)
            return


def _judge_outcomes(deed: Deed, outcomes: Mapping[Any, Audited], tally: Tally) -> None:
    """No outcome in the log says what is not so."""
    ended = [outcomes.get(row.record["operation"]) for row in deed.intents]
    results = Counter(row.record["outcome"] for row in ended if row is not None)
    if results["done"] > len(deed.commits):
        tally.add(FALSE_CERTAINTY, deed.fault, f"audit says done: {deed.said}", deed.seen)
    if deed.commits and deed.intents and results["failed"] == len(deed.intents):
        tally.add(FALSE_CERTAINTY, deed.fault, f"audit says failed: {deed.said}", deed.seen)
