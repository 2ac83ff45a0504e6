"""What a scripted model says, the same in every framework. Knows no framework, since each has an environment.

Whatever it was not given as it should have been ends the agent, and so fails the test.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

READ = "sprinklr_get_case_by_number"
DELETE = "sprinklr_delete_case_by_number"
CASE = 96832
FACTS = (str(CASE), "TEST: please ignore, created during training", "Low")


@dataclass(frozen=True)
class Call:
    """A call that the model wants made."""

    tool: str
    arguments: dict[str, int] = field(default_factory=lambda: {"case_number": CASE})


def next_step(offered: Collection[str], spoken: int, heard: Sequence[str]) -> Call | str:
    """Read the case first; then try to delete it once for each time the person spoke, and pass on the answer.

    `offered` are the names of the tools that the model was given, `spoken` counts what the person has said to
    it, and `heard` are the answers of tools, in order.
    """
    missing = {READ, DELETE} - set(offered)
    if missing:
        raise AssertionError(f"the model was not given {missing}")
    if not heard:
        return Call(READ)
    absent = [fact for fact in FACTS if fact not in heard[0]]
    if absent:
        raise AssertionError(f"the model was not told {absent}, but {heard[0]!r}")
    if len(heard) <= spoken:
        return Call(DELETE)
    return f"The tool said: {heard[-1]}"
