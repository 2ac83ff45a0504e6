"""Puts one entry into a text of JSON with comments, or takes it out; every other character stays where it is.

An entry is written as its neighbours are: their indentation, their line ends, on one line where they are, a
comma behind it where the last one has one. Knows texts alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sprinklr_mcp.clients.jsonc import Member, Scanned, Value, scan
from sprinklr_mcp.clients.refusing import Unchangeable

SPACE = " \t\r\n"
REST_OF_LINE = re.compile(r"[ \t]*(?:\r|\n|$)")


def read(text: str) -> dict[str, Any]:
    """Return what a text says. Raises `Unreadable`."""
    root = scan(text).root
    return {} if root is None else root.plain


def put(text: str, servers: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with the entry, in place of one of that name or behind the last.

    Raises `Unreadable`, and `Unchangeable` where the place for servers is not an object.
    """
    scanned = scan(text)
    style = _Style.of(text, scanned)
    if scanned.root is None:
        return style.whole(text, {servers: {name: entry}})
    holder = scanned.root.member(servers)
    if holder is None:
        return _insert(text, scanned.root, style, servers, {name: entry})
    if holder.value.members is None:
        raise Unchangeable(f'"{servers}" in it is not an object')
    old = holder.value.member(name)
    if old is None:
        return _insert(text, holder.value, style, name, entry)
    written = style.value(entry, holder.value, _indentation(text, old.start))
    return text[: old.value.start] + written + text[old.value.end :]


def take(text: str, servers: str, name: str) -> str:
    """Return the text without the entry. Raises `Unreadable` and `Unchangeable`, as `put` does."""
    scanned = scan(text)
    holder = scanned.root.member(servers) if scanned.root else None
    old = holder.value.member(name) if holder else None
    if holder is None or old is None:
        return text
    return _remove(text, scanned, holder.value, old)


@dataclass(frozen=True)
class _Style:
    """How this text is written."""

    text: str
    step: str
    line_end: str

    @classmethod
    def of(cls, text: str, scanned: Scanned) -> _Style:
        root = scanned.root
        inside = _own_indentation(text, root.members[0].start) if root and root.members else None
        step = inside.removeprefix(_indentation(text, root.start)) if root and inside else ""
        return cls(text, step or "  ", "\r\n" if "\r\n" in text else "\n")

    def lines(self, value: Any, indentation: str) -> str:
        written = json.dumps(value, ensure_ascii=False, indent=self.step)
        return written.replace("\n", self.line_end + indentation)

    def value(self, value: Any, holder: Value, indentation: str) -> str:
        """Write a value of a holder, on one line where the holder is on one."""
        if self.on_one_line(holder):
            return json.dumps(value, ensure_ascii=False)
        return self.lines(value, indentation)

    def on_one_line(self, holder: Value) -> bool:
        return bool(holder.members) and not re.search(r"[\r\n]", self.text[holder.start : holder.end])

    def whole(self, before: str, value: Any) -> str:
        """Write a whole document behind what may be comments."""
        between = self.line_end if before and not before.endswith(("\n", "\r")) else ""
        return before + between + self.lines(value, "") + self.line_end


def _insert(text: str, holder: Value, style: _Style, key: str, value: Any) -> str:
    last = holder.members[-1] if holder.members else None
    # Behind the comments that follow the last member: they are about that one.
    place = len(text[: holder.end - 1].rstrip(SPACE))
    head, tail = text[:place], text[place:]
    comma = ""
    if last is not None and last.comma is None:
        head = text[: last.value.end] + "," + text[last.value.end : place]
    elif last is not None:
        comma = ","
    if style.on_one_line(holder):
        return f"{head} {json.dumps(key)}: {style.value(value, holder, '')}{comma}{tail}"
    outside = _indentation(text, holder.start)
    inside = (_own_indentation(text, last.start) if last else None) or outside + style.step
    written = f"{json.dumps(key)}: {style.lines(value, inside)}{comma}"
    closing = "" if REST_OF_LINE.match(tail) or last else style.line_end + outside
    return head + style.line_end + inside + written + closing + tail


def _remove(text: str, scanned: Scanned, holder: Value, old: Member) -> str:
    members = holder.members or ()
    start = len(text[: old.start].rstrip(SPACE))
    end = old.value.end if old.comma is None else old.comma + 1
    if len(members) == 1 and not text[holder.start + 1 : start] + text[end : holder.end - 1].strip(SPACE):
        return text[: holder.start] + "{}" + text[holder.end :]
    if scanned.in_line_comment(start) and not REST_OF_LINE.match(text, end):
        # What follows on this line would become part of the comment before it.
        start = old.start
    before = members.index(old) - 1
    comma = (
        members[before].comma
        if members and before >= 0 and old is members[-1] and old.comma is None
        else None
    )
    head = text[:start] if comma is None else text[:comma] + text[comma + 1 : start]
    return head + text[end:]


def _indentation(text: str, place: int) -> str:
    """Return what the line of that place begins with."""
    line_start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
    found = re.compile(r"[ \t]*").match(text, line_start, place)
    return found[0] if found else ""


def _own_indentation(text: str, place: int) -> str | None:
    """Return the indentation of what stands first on its line; None where something is before it."""
    line_start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
    before = text[line_start:place]
    return None if before.strip(" \t") or line_start == 0 else before
