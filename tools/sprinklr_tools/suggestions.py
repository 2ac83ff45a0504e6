"""Which arguments are completed while a person types, and from what: what was read before, or a list.

One table for all prompts and resources, since a name means the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from sprinklr_tools.action import Action
from sprinklr_tools.actions.cases.macros import ListCaseValues
from sprinklr_tools.actions.publishing.accounts import ListAccounts
from sprinklr_tools.answers import Kind

SEEN = {
    "case_number": "case_number",
    "status": "case_number",
    "channel_type": "case_number",
    "content_id": "content_id",
}
"""The members of answers that are remembered, each where the named one stands beside it."""
NAMED: Mapping[str, Kind] = {"account": "account", "queue": "queue", "status": "status"}
"""The arguments that take the name of something, and what it is the name of."""
LISTS: Mapping[Kind, Callable[[], Action]] = {
    "account": ListAccounts,
    "queue": partial(ListCaseValues, kind="queues"),
    "status": partial(ListCaseValues, kind="statuses"),
}
"""The call that tells all names of a kind; made at its use, since it is seldom needed."""


@dataclass
class Told:
    """What an answer tells of each member of `SEEN`: values, each once, in the order of the answer."""

    there: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    gone: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    """What was deleted."""

    @property
    def names(self) -> set[str]:
        """The members that it tells anything of."""
        return {*self.there, *self.gone}

    def __bool__(self) -> bool:
        return bool(self.names)


def told_by(facts: Any) -> Told:
    """Walk through an answer's facts, however deep."""
    told, waiting = Told(), [facts]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(cast(list[Any], value))
        elif isinstance(value, dict):
            members = cast(dict[str, Any], value)
            waiting += reversed(list(members.values()))
            _take(members, told)
    return told


def _take(members: Mapping[str, Any], told: Told) -> None:
    deleted = members.get("deleted") is True
    for name, beside in SEEN.items():
        value = members.get(name)
        if isinstance(value, str) and beside in members and not (deleted and name != beside):
            (told.gone if deleted else told.there).setdefault(name, {})[value] = None
