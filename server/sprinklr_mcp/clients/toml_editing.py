"""Puts one entry into a text of TOML, or takes it out; every other character stays where it is.

tomlkit writes the entry and finds it again. It is not asked to put it in: it would move comments that belong
to the table behind, and between dotted keys change what they say. A table at the end changes nothing.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping, MutableMapping
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from sprinklr_mcp.clients.refusing import Unchangeable, Unreadable

PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")


def read(text: str) -> dict[str, Any]:
    """Return what a text says. Raises `Unreadable`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = PLACE.search(str(error))
        lines = text.split("\n")
        line, column = (
            (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
        )
        reason = PLACE.sub("", str(error))
        raise Unreadable(line, column, reason[:1].lower() + reason[1:]) from error


def put(text: str, servers: str, name: str, entry: Mapping[str, Any]) -> str:
    """Return the text with the entry as its last table, an older one taken out first.

    Raises `Unreadable`, and `Unchangeable` where the servers are written in a way that no table can follow.
    """
    rest = take(text, servers, name)
    line_end = "\r\n" if "\r\n" in text else "\n"
    written = tomlkit.dumps({servers: {name: entry}}).replace("\n", line_end)
    ended = rest if not rest or rest.endswith("\n") else rest + line_end
    return ended + (line_end if ended else "") + written


def take(text: str, servers: str, name: str) -> str:
    """Return the text without the entry. Raises `Unreadable` and `Unchangeable`."""
    holder = read(text).get(servers)
    if not isinstance(holder, Mapping) or name not in holder:
        return text
    try:
        document = tomlkit.parse(text)
        del cast(MutableMapping[str, Any], document[servers])[name]
        rest = document.as_string()
    except TOMLKitError as error:
        raise Unchangeable(f'the table "{servers}.{name}" cannot be taken out of it') from error
    return _cut_alone(text, rest, f'the table "{servers}.{name}" is spread over it')


def _cut_alone(text: str, rest: str, otherwise: str) -> str:
    """Return the rest, of which nothing but one piece is gone; with the empty line that `put` had made."""
    alike = (one == other for one, other in zip(text, rest, strict=False))
    start = sum(itertools.takewhile(bool, alike))
    if not text[start:].endswith(rest[start:]):
        raise Unchangeable(otherwise)
    at_the_end = start == len(rest)
    for empty in ("\r\n\r\n", "\n\n"):
        if at_the_end and rest.endswith(empty):
            return rest[: -len(empty) // 2]
    return rest
