"""Making a text that somebody outside wrote safe to show: to a model, in a question, on a terminal.

Removes what is invisible or steers a terminal and keeps what languages need. Knows no tool.
"""

from __future__ import annotations

import re

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
# Direction marks, zero-width characters and soft hyphens; joiners are looked at in their place.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
# Tags are letters that nobody sees. England's, Scotland's and Wales's flags are made of them.
TAGS = re.compile(
    "(\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    "\U000e007f)|[\U000e0000-\U000e0fff]"
)
JOINERS = re.compile("[\u200c\u200d]+")
JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdff\ufe70-\ufefc]")
EMOJI = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
SELECTORS = re.compile("[\ufe00-\ufe0f]+")
STYLED = re.compile("[0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139\u3030\u303d\u3297\u3299]")
"""What has an emoji's look beside its own, and is no emoji by itself."""
VARIED = re.compile(
    "[\u1000-\u109f\u2190-\u2bff\u3000-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003fffd]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
BLANK_LINES = re.compile(r"\n{3,}")


def cleaned(text: str) -> str:
    """Return the text without what cannot be seen or would act."""
    text = whole_characters(text)
    text = LINE_ENDS.sub("\n", ESCAPES.sub("", text))
    text = INVISIBLE.sub("", CONTROLS.sub("", text))
    text = TAGS.sub(lambda found: found[1] or "", text)
    text = JOINERS.sub(_needed_joiner, SELECTORS.sub(_fitting_selector, text))
    return BLANK_LINES.sub("\n\n", text).strip()


def whole_characters(text: str) -> str:
    """Return the text with a visible mark in the place of each half of a character."""
    return SURROGATE.sub("\ufffd", text)


def on_one_line(text: str, most: int) -> str:
    """Return the cleaned text on one line, cut with a count of what is left out."""
    flat = " ".join(cleaned(text).split())
    return flat if len(flat) <= most else f"{flat[:most]}… ({len(flat) - most} more characters)"


def _needed_joiner(found: re.Match[str]) -> str:
    """Keep one joiner inside a word of a script that needs it, or inside an emoji."""
    before, after = _around(found)
    in_word = JOINING.fullmatch(before) and after
    in_emoji = EMOJI.fullmatch(before) and EMOJI.fullmatch(after) and found[0].startswith("\u200d")
    return found[0][0] if in_word or in_emoji else ""


def _fitting_selector(found: re.Match[str]) -> str:
    """Keep one selector after a character that has another look: a row of them may hold a hidden text."""
    before, _ = _around(found)
    look = found[0][0]
    if look in "\ufe0e\ufe0f":
        return look if EMOJI.fullmatch(before) or STYLED.fullmatch(before) else ""
    return look if look in "\ufe00\ufe01\ufe02" and VARIED.fullmatch(before) else ""


def _around(found: re.Match[str]) -> tuple[str, str]:
    text = found.string
    before = text[found.start() - 1] if found.start() else ""
    return before, text[found.end() : found.end() + 1]
