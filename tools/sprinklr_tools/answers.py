"""What every answer's shape is made with: dataclasses whose members are shown to the model as they are.

A member of type `CustomerText` is set apart by the server; an empty member is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from sprinklr_tools.action import Action

CONCISE = 12_000
"""About 3,000 tokens: what one answer may hold of texts people wrote, in characters."""
DETAILED = 60_000

Item = TypeVar("Item")


Kind = Literal["user", "queue", "account"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def only_in_detail(*, id_of: Kind | None = None) -> Any:
    """Mark a member that is shown only when `detail` is asked for."""
    return field(default=None, metadata={"detail": True, "id_of": id_of})


def id_of(kind: Kind) -> Any:
    """Mark a member that holds an id, or several: where its name is known, it is shown beside it.

    The name's member is called like the id's, without `_id`.
    """
    return field(metadata={"id_of": kind})


@dataclass(frozen=True)
class Names:
    """Names that an answer tells, by id."""

    kind: Kind
    by_id: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """How much of a list is shown, and the exact call that gets the rest."""

    shown: int
    total: int | None
    """How many there are in all; None where Sprinklr does not say."""
    next: Action | None = None


def room_for(detail: bool) -> int:
    """Return how many characters of text one answer may hold."""
    return DETAILED if detail else CONCISE


def fitting(items: Sequence[Item], length: Callable[[Item], int], room: int) -> int:
    """Return how many of the items fit into that many characters; at least one does."""
    used = 0
    for count, item in enumerate(items):
        used += length(item)
        if used > room and count:
            return count
    return len(items)
