"""JSON with comments and trailing commas, read with the place of each value. Knows texts alone.

What editors write and read in their settings. The libraries that keep comments have a document of their own
and write it anew; here nothing outside an entry may change by a byte, and for that, places are enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import JSONDecodeError, JSONDecoder
from typing import Any, NoReturn

from sprinklr_mcp.clients.refusing import Unchangeable, Unreadable

GAP = re.compile(r"[ \t\r\n]+|(?P<line>//[^\r\n]*)|/\*.*?\*/", re.DOTALL)
DEEPEST = 200
"""No settings are as deep; a file of brackets alone shall not end the process."""


@dataclass(frozen=True)
class Value:
    """A value and its place in the text, from the first character to behind the last."""

    start: int
    end: int
    plain: Any
    members: tuple[Member, ...] | None = None
    """Of an object; None of everything else."""

    def member(self, key: str) -> Member | None:
        """Return the member of an object. Raises `Unchangeable` where the key stands there twice."""
        found = [member for member in self.members or () if member.key == key]
        if len(found) > 1:
            raise Unchangeable(f'"{key}" stands in it twice')
        return found[0] if found else None


@dataclass(frozen=True)
class Member:
    """A member of an object: its key's place, its value, and the place of the comma behind it."""

    key: str
    start: int
    value: Value
    comma: int | None


@dataclass(frozen=True)
class Scanned:
    """A whole text: its object, if it holds more than comments, and where comments run to the line's end."""

    root: Value | None
    line_comments: tuple[tuple[int, int], ...]

    def in_line_comment(self, place: int) -> bool:
        """Whether what is written at this place would belong to a comment."""
        return any(start < place <= end for start, end in self.line_comments)


def scan(text: str) -> Scanned:
    """Read a text. Raises `Unreadable` with line and column where it is no object."""
    reader = _Reader(text)
    reader.skip()
    root = reader.value(0) if reader.place < len(text) else None
    reader.skip()
    if reader.place < len(text):
        reader.fail("nothing should follow the end of the object")
    if root is not None and root.members is None:
        reader.fail("an object should stand here, in braces", root.start)
    return Scanned(root, tuple(reader.line_comments))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a value of JSON")


@dataclass
class _Reader:
    text: str
    place: int = 0
    line_comments: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    scalars: JSONDecoder = field(default_factory=lambda: JSONDecoder(parse_constant=_refuse_constant))

    def fail(self, reason: str, place: int | None = None) -> NoReturn:
        before = self.text[: self.place if place is None else place]
        line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
        raise Unreadable(len(re.findall(r"\r\n|\r|\n", before)) + 1, len(before) - line_start + 1, reason)

    def skip(self) -> None:
        while gap := GAP.match(self.text, self.place):
            if gap["line"] is not None:
                self.line_comments.append(gap.span())
            self.place = gap.end()

    def at(self, sign: str) -> bool:
        return self.text.startswith(sign, self.place)

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            self.fail(f"it is deeper than {DEEPEST} levels")
        if self.at("{"):
            return self.object(depth)
        if self.at("["):
            return self.array(depth)
        return self.scalar()

    def scalar(self) -> Value:
        start = self.place
        try:
            plain, self.place = self.scalars.raw_decode(self.text, start)
        except JSONDecodeError as error:
            ends = error.pos >= len(self.text)
            self.fail("the text ends too early" if ends else "no value of JSON stands here", error.pos)
        except (ValueError, RecursionError):
            self.fail("no value of JSON stands here", start)
        return Value(start, self.place, plain)

    def object(self, depth: int) -> Value:
        start = self.place
        members: list[Member] = []
        self.place += 1
        self.skip()
        while not self.at("}"):
            members.append(self.member(depth))
            if members[-1].comma is None and not self.at("}"):
                self.fail("a comma or } is missing before this")
        self.place += 1
        plain = {member.key: member.value.plain for member in members}
        return Value(start, self.place, plain, tuple(members))

    def member(self, depth: int) -> Member:
        if not self.at('"'):
            self.fail(
                "the text ends too early" if self.place >= len(self.text) else "a key should stand here"
            )
        key = self.scalar()
        self.skip()
        if not self.at(":"):
            self.fail("a colon is missing before this")
        self.place += 1
        self.skip()
        value = self.value(depth + 1)
        return Member(key.plain, key.start, value, self.comma())

    def comma(self) -> int | None:
        self.skip()
        if not self.at(","):
            return None
        place = self.place
        self.place += 1
        self.skip()
        return place

    def array(self, depth: int) -> Value:
        start = self.place
        items: list[Any] = []
        self.place += 1
        self.skip()
        while not self.at("]"):
            items.append(self.value(depth + 1).plain)
            if self.comma() is None and not self.at("]"):
                self.fail("a comma or ] is missing before this")
        self.place += 1
        return Value(start, self.place, items)
