"""What every answer's shape is made with: dataclasses whose members are shown to the model as they are.

A member of type `CustomerText` is set apart by the server; an empty member is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from sprinklr_tools.action import Action

CONCISE, DETAILED = 12_000, 60_000
"""What one list may hold of texts that people wrote, in bytes: about 3,000 and 15,000 tokens."""
CONCISE_ANSWER, DETAILED_ANSWER = 24_000, 80_000
"""What a whole answer may hold of them."""

Item = TypeVar("Item")


Kind = Literal["user", "queue", "account", "status"]
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
    more: bool = field(init=False)

    def __post_init__(self) -> None:
        """There is more where there is a call for it."""
        object.__setattr__(self, "more", self.next is not None)


def page_of(
    items: Sequence[Item], cursor: str | None, size: int, onward: Callable[[str], Action | None]
) -> tuple[tuple[Item, ...], Page]:
    """Cut one page out of what Sprinklr sends whole; the cursor is the place in the list."""
    start = int(cursor or "0")
    shown = tuple(items[start : start + size])
    end = start + len(shown)
    return shown, Page(len(shown), len(items), onward(str(end)) if shown and end < len(items) else None)


def room_for(detail: bool) -> int:
    """Return how many bytes of text one list may hold."""
    return DETAILED if detail else CONCISE


def room_for_all(detail: bool) -> int:
    """Return how many bytes of text a whole answer may hold."""
    return DETAILED_ANSWER if detail else CONCISE_ANSWER


def size_of(text: str | None) -> int:
    """Return the size of a text in bytes: nearer to tokens than characters are, in every script."""
    return len((text or "").encode("utf-8", "replace"))


def beginning_of(text: str, room: int) -> str:
    """Return as much of a text as fits into that many bytes, in whole characters."""
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")


def within(text: str, room: int) -> str:
    """Return a text that fits into that many bytes; else its beginning, and how much is left out."""
    if size_of(text) <= room:
        return text
    beginning = beginning_of(text, room)
    return f"{beginning}… ({len(text) - len(beginning)} more characters)"


def fitting(items: Sequence[Item], size: Callable[[Item], int], room: int) -> int:
    """Return how many of the items fit into that many bytes; at least one does."""
    used = 0
    for count, item in enumerate(items):
        used += size(item)
        if used > room and count:
            return count
    return len(items)
