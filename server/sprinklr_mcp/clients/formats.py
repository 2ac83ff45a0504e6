"""What both formats of configuration files have in common: bytes in, bytes out, nothing else changed."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sprinklr_mcp.clients import json_editing, toml_editing
from sprinklr_mcp.clients.refusing import Unchangeable, Unreadable


@dataclass(frozen=True)
class Format:
    """A format, by what can be done with a text of it."""

    title: str
    read: Callable[[str], dict[str, Any]]
    put: Callable[[str, str, str, Mapping[str, Any]], str]
    take: Callable[[str, str, str], str]

    def entries(self, content: bytes | None, servers: str) -> Mapping[str, Any]:
        """Return the entries by name; none where there is no file. Raises `Unreadable`."""
        return _entries(self.read(_text(content)[1]), servers)

    def with_entry(self, content: bytes | None, servers: str, name: str, entry: Mapping[str, Any]) -> bytes:
        """Return the content with the entry. Raises `Unreadable` and `Unchangeable`."""
        mark, text = _text(content)
        said = self.read(text)
        after = self.put(text, servers, name, entry)
        self._check(after, {**said, servers: {**_entries(said, servers), name: entry}})
        return mark + after.encode()

    def without_entry(self, content: bytes | None, servers: str, name: str) -> bytes:
        """Return the content without the entry. Raises `Unreadable` and `Unchangeable`."""
        mark, text = _text(content)
        said = self.read(text)
        after = self.take(text, servers, name)
        rest = _without(_entries(said, servers), name)
        # A list of servers that has become empty may have gone with the last of them.
        expected = [{**said, servers: rest}, *([] if rest else [_without(said, servers)])]
        self._check(after, *expected)
        return mark + after.encode()

    def snippet(self, servers: str, name: str, entry: Mapping[str, Any]) -> str:
        """Return the entry as it would stand alone in a file."""
        return self.put("", servers, name, entry)

    def _check(self, text: str, *expected: Mapping[str, Any]) -> None:
        """Read what is about to be written: that it says anything else must never reach a file."""
        try:
            said = self.read(text)
        except Unreadable as error:
            raise Unchangeable("its servers are written in a way that the entry does not fit into") from error
        if said not in expected:
            raise Unchangeable("the entry cannot be changed without changing what else it says")


def _entries(said: Mapping[str, Any], servers: str) -> Mapping[str, Any]:
    found = said.get(servers)
    return cast(Mapping[str, Any], found) if isinstance(found, Mapping) else {}


def _without(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {other: value for other, value in said.items() if other != key}


def _text(content: bytes | None) -> tuple[bytes, str]:
    """Return the mark that some programs put first, and the text behind it. Raises `Unreadable`."""
    given = content or b""
    mark = codecs.BOM_UTF8 if given.startswith(codecs.BOM_UTF8) else b""
    try:
        return mark, given[len(mark) :].decode()
    except UnicodeDecodeError as error:
        before = given[: error.start + len(mark)]
        column = len(before) - before.rfind(b"\n")
        raise Unreadable(before.count(b"\n") + 1, column, "the text is not UTF-8") from error


JSON = Format("JSON", json_editing.read, json_editing.put, json_editing.take)
TOML = Format("TOML", toml_editing.read, toml_editing.put, toml_editing.take)
