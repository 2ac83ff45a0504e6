"""The question in words, the same in every way it is shown.

Our own lines come first and look the same whatever a customer wrote; their words are quoted, on one
line, and cut in plain text. What will be published is shown whole, or not at all.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass
from enum import StrEnum
from html import escape, unescape

from sprinklr_mcp.cleaning import cleaned, on_one_line
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.question import Line, Question
from sprinklr_tools.reading import CustomerText

LONGEST_WHOLE = 8_000
LONGEST_QUOTE = 200
HIDDEN = "(The text also holds characters that cannot be seen here.)"


class Kind(StrEnum):
    """How a fact is shown."""

    FACT = "fact"
    QUOTE = "quote"
    """Words that a customer wrote: marked as such, and on one line."""
    WHOLE = "whole"
    """What will be published: with its line ends, and never cut."""


@dataclass(frozen=True)
class ShownFact:
    """One fact, cleaned; `hidden` tells that what is published also holds what cannot be seen."""

    name: str
    value: str
    kind: Kind = Kind.FACT
    hidden: bool = False

    def in_words(self) -> list[str]:
        """Return it as lines of plain text."""
        if self.kind is Kind.WHOLE:
            note = [HIDDEN] if self.hidden else []
            return ["", f"{self.name}:", *(f"    {part}" for part in self.value.split("\n")), *note]
        if self.kind is Kind.QUOTE:
            return [f"{self.name}: “{on_one_line(self.value, LONGEST_QUOTE)}”"]
        return [f"{self.name}: {self.value}"]


@dataclass(frozen=True)
class ShownQuestion:
    """A question as a person reads it, and what they type to agree."""

    headline: str
    facts: tuple[ShownFact, ...]
    retype: str
    retype_name: str

    @property
    def text(self) -> str:
        """The question in plain text, for a form and a terminal."""
        facts = [line for fact in self.facts for line in fact.in_words()]
        return "\n".join([self.headline, "", *facts, "", f"To agree, type the {self.retype_name}."])

    @property
    def fits_a_form(self) -> bool:
        """Whether a client's form can show what will be published whole."""
        return sum(len(fact.value) for fact in self.facts if fact.kind is Kind.WHOLE) <= LONGEST_WHOLE

    def matches(self, typed: object) -> bool:
        """Tell whether what was typed is the wanted text, as a person would judge it."""
        wanted = _plain(self.retype)
        return isinstance(typed, str) and wanted != "" and _plain(typed) == wanted

    def to_bytes(self) -> bytes:
        """Return the question for a record."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, stored: bytes) -> ShownQuestion:
        """Return a question from its record."""
        read = json.loads(stored)
        facts = (
            ShownFact(fact["name"], fact["value"], Kind(fact["kind"]), fact["hidden"])
            for fact in read.pop("facts")
        )
        return cls(facts=tuple(facts), **read)


def shown(question: Question, place: str) -> ShownQuestion:
    """Put a question into words; `place` tells where it would happen.

    Raises `Fault` CONFLICT where there is nothing to type: an empty answer must never agree.
    """
    retype = " ".join(cleaned(question.retype).split())
    if not _plain(retype):
        raise Fault(
            Code.CONFLICT,
            f"The {question.retype_name} holds nothing that a person could type to agree.",
            "Ask the person to do it in Sprinklr itself.",
        )
    facts = (ShownFact("Where", place), *(_fact(line) for line in question.lines))
    return ShownQuestion(question.headline, facts, retype, question.retype_name)


def _fact(line: Line) -> ShownFact:
    if line.whole:
        parts = line.value.strip().split("\n")
        # Escaped meanwhile: markup is part of what is published, so it is shown and not read.
        seen = [unescape(cleaned(escape(part))) for part in parts]
        hidden = seen != [part.strip() for part in parts]
        return ShownFact(line.name, "\n".join(seen), Kind.WHOLE, hidden)
    kind = Kind.QUOTE if isinstance(line.value, CustomerText) else Kind.FACT
    return ShownFact(line.name, on_one_line(line.value, LONGEST_WHOLE), kind)


def _plain(text: str) -> str:
    normal = " ".join(unicodedata.normalize("NFC", text).split()).removeprefix("#").strip()
    return unicodedata.normalize("NFC", normal.casefold())
