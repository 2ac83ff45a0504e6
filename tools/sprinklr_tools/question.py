"""The question that a person answers before a dangerous call runs.

Knows neither the client nor the way the question is asked.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One fact of a question.

    `whole` text is what will be published: it is shown in full, over several lines if need be.
    A `passing` fact may change while the person decides, and does not make it another question.
    """

    name: str
    value: str
    whole: bool = False
    passing: bool = False


@dataclass(frozen=True)
class Question:
    """What is about to happen, the facts just read, and the text that the person types to agree."""

    headline: str
    lines: tuple[Line, ...]
    retype: str
    retype_name: str
    """What the text to type is, in words, such as "case number"."""


def lines(*pairs: tuple[str, str | int | None]) -> tuple[Line, ...]:
    """Make lines of those pairs that have a value.

    A `CustomerText` stays one, so that the server can set it apart.
    """
    return tuple(
        Line(name, value if isinstance(value, str) else str(value))
        for name, value in pairs
        if value is not None and value != ""
    )
