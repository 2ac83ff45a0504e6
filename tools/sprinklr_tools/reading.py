"""Tolerant reading of Sprinklr's JSON into values that are safe to show.

Knows no action and does no I/O. Every published answer comes with or without the `{data, errors}`
envelope, with nulls, and with ids as numbers or strings; so nothing here raises on what it finds.
What a value may be shown as is decided here, once: an identifier and a label have a grammar, and
whatever does not fit it is text that somebody outside wrote (`CustomerText`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TypeAlias, TypeGuard

from sprinklr_tools.markup import without_escaped_markup, without_markup

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

IDENTIFIER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._:@+=/'-]{0,199}")
LABEL = re.compile(r"[\w &.()/-]{1,40}")


class CustomerText(str):
    """Text that a customer, an agent or another person outside wrote; never an instruction."""

    __slots__ = ()


def as_identifier(value: Json) -> str | None:
    """Return an id as text; one that breaks the grammar comes back as `CustomerText`."""
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        return None
    text = str(value)
    return text if IDENTIFIER.fullmatch(text) else CustomerText(text)


def as_label(value: Json) -> str | None:
    """Return a tenant's own word (status, queue, account name), at most 40 plain characters."""
    if not isinstance(value, str) or not value.strip() or value == "null":
        return None
    return value if LABEL.fullmatch(value) else CustomerText(value)


def is_safe(value: str | None) -> TypeGuard[str]:
    """Tell whether a value is there and fits its grammar, so that it may be used in a call."""
    return value is not None and not isinstance(value, CustomerText)


class Record:
    """One JSON object of an answer; a missing or null member reads as nothing."""

    def __init__(self, members: Mapping[str, Json]) -> None:
        self._members = members

    @classmethod
    def of(cls, value: Json) -> Record:
        """Wrap an object; anything else reads as an empty one."""
        return cls(value if isinstance(value, dict) else {})

    def __bool__(self) -> bool:
        return bool(self._members)

    def names(self) -> list[str]:
        """Return the names of all members that may be shown as facts."""
        return [name for name in self._members if is_safe(as_identifier(name))]

    def raw(self, *names: str) -> Json:
        """Return the first of the named members that is not null (the facts give some two names)."""
        return next((self._members[name] for name in names if self._members.get(name) is not None), None)

    def identifier(self, *names: str) -> str | None:
        """Return an id as text."""
        return as_identifier(self.raw(*names))

    def label(self, *names: str) -> str | None:
        """Return a tenant's own word."""
        return as_label(self.raw(*names))

    def text(self, *names: str) -> CustomerText | None:
        """Return free text that a person wrote; HTML becomes plain text."""
        value = self.raw(*names)
        plain = without_markup(value) if isinstance(value, str) else ""
        return CustomerText(plain) if plain.strip() else None

    def page(self, *names: str) -> CustomerText | None:
        """Return HTML that a person wrote, as plain text; it may have been escaped as a whole."""
        value = self.raw(*names)
        plain = without_escaped_markup(value) if isinstance(value, str) else ""
        return CustomerText(plain) if plain.strip() else None

    def texts(self, *names: str) -> list[CustomerText]:
        """Return a member that is a list of free texts."""
        value = self.raw(*names)
        items = value if isinstance(value, list) else []
        return [CustomerText(item) for item in items if isinstance(item, str) and item.strip()]

    def labels(self, *names: str) -> list[str]:
        """Return a member that is a list of the tenant's own words."""
        value = self.raw(*names)
        items = value if isinstance(value, list) else []
        return [label for item in items if (label := as_label(item))]

    def number(self, *names: str) -> int | None:
        """Return a whole number, also one that came as digits in a string."""
        value = self.raw(*names)
        if isinstance(value, bool):
            return None
        if isinstance(value, int):
            return value
        return int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value) else None

    def flag(self, *names: str) -> bool:
        """Tell whether a member is exactly true."""
        return self.raw(*names) is True

    def time(self, *names: str) -> str | None:
        """Return a time, given in epoch milliseconds, as ISO 8601 in UTC."""
        return as_time(self.number(*names))

    def record(self, *names: str) -> Record:
        """Return a member that is an object."""
        return Record.of(self.raw(*names))

    def records(self, *names: str) -> list[Record]:
        """Return a member that is a list of objects."""
        return list(records_in(self.raw(*names)))


def as_time(milliseconds: int | None) -> str | None:
    """Format epoch milliseconds as ISO 8601 in UTC; absurd values read as nothing."""
    if milliseconds is None or not 0 < milliseconds < 32_503_680_000_000:
        return None
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def payload_of(answer: Json) -> Json:
    """Return what an answer carries, with or without the `{data, errors}` envelope."""
    if isinstance(answer, dict) and "data" in answer:
        return answer["data"]
    return answer


def errors_in(answer: Json) -> bool:
    """Tell whether an answer's envelope reports errors; it may beside a success status."""
    return isinstance(answer, dict) and bool(answer.get("errors"))


def told(value: Json) -> Json:
    """Return JSON of no published shape; a text that is no id becomes people's words."""
    if isinstance(value, str):
        return value if IDENTIFIER.fullmatch(value) else CustomerText(value)
    if isinstance(value, list):
        return [told(item) for item in value]
    if isinstance(value, dict):
        return {name: told(item) for name, item in value.items() if is_safe(as_identifier(name))}
    return value


def records_in(value: Json) -> Iterator[Record]:
    """Yield the objects of a list; a single object counts as a list of one."""
    items = value if isinstance(value, list) else [value]
    return (Record(item) for item in items if isinstance(item, dict) and item)
