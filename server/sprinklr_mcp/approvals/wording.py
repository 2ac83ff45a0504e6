"""The question in words, the same in every way it is shown.

Our own lines come first and look the same whatever a customer wrote; their words are quoted, on one
line and cut. What will be published is shown whole, or not at all.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass
from html import escape, unescape

from sprinklr_mcp.cleaning import cleaned, on_one_line
from sprinklr_mcp.errors import Code, Fault
from sprinklr_tools.question import Line, Question
from sprinklr_tools.reading import CustomerText

LONGEST_WHOLE = 8_000
LONGEST_QUOTE = 200
HIDDEN = "(The text also holds characters that cannot be seen here.)"


@dataclass(frozen=True)
class ShownQuestion:
    """A question as a person reads it, and what they type to agree."""

    text: str
    retype: str
    retype_name: str
    fits_a_form: bool

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
        return cls(**json.loads(stored))


def shown(question: Question, place: str) -> ShownQuestion:
    """Put a question into words; `place` tells where it would happen.

    Raises `Fault` CONFLICT where there is nothing to type: an empty answer must never agree.
    """
    lines = [question.headline, "", f"Where: {place}"]
    lines += [text for line in question.lines for text in _in_words(line)]
    lines += ["", f"To agree, type the {question.retype_name}."]
    whole = sum(len(line.value) for line in question.lines if line.whole)
    retype = " ".join(cleaned(question.retype).split())
    if not _plain(retype):
        raise Fault(
            Code.CONFLICT,
            f"The {question.retype_name} holds nothing that a person could type to agree.",
            "Ask the person to do it in Sprinklr itself.",
        )
    return ShownQuestion("\n".join(lines), retype, question.retype_name, whole <= LONGEST_WHOLE)


def _in_words(line: Line) -> list[str]:
    if line.whole:
        parts = line.value.strip().split("\n")
        # Escaped meanwhile: markup is part of what is published, so it is shown and not read.
        seen = [unescape(cleaned(escape(part))) for part in parts]
        note = [] if seen == [part.strip() for part in parts] else [HIDDEN]
        return ["", f"{line.name}:", *(f"    {part}" for part in seen), *note]
    if isinstance(line.value, CustomerText):
        return [f"{line.name}: “{on_one_line(line.value, LONGEST_QUOTE)}”"]
    return [f"{line.name}: {on_one_line(line.value, LONGEST_WHOLE)}"]


def _plain(text: str) -> str:
    normal = " ".join(unicodedata.normalize("NFC", text).split()).removeprefix("#").strip()
    return unicodedata.normalize("NFC", normal.casefold())
