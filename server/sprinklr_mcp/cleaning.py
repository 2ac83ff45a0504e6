"""Making a text that somebody outside wrote safe to show: to a model, in a question, on a terminal.

Removes what is invisible or steers a terminal and keeps what languages need. Knows no tool.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
ESCAPES = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?")
# Direction marks, zero-width characters and soft hyphens; joiners are looked at in their place.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e01ef]"
)
FLAG = re.compile(
    "(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f)|[\U000e0000-\U000e007f]"
)
JOINER = re.compile("(.?)([\u200c\u200d]+)(.?)", re.DOTALL)
JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\ufb50-\ufdff\ufe70-\ufefc]")
EMOJI = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
SELECTORS = re.compile("([\ufe00-\ufe0f])[\ufe00-\ufe0f]+")
SURROGATE = re.compile("[\ud800-\udfff]")
BLANK_LINES = re.compile(r"\n{3,}")
MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|strong|em|ul|ol|li|table|tr|td|html|body|img|h[1-6])\b[^>]*>", re.I
)
BREAKING = ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote")
SILENT = ("script", "style", "head", "title")


def cleaned(text: str) -> str:
    """Return the text without what cannot be seen or would act; HTML becomes plain text."""
    text = SURROGATE.sub("\ufffd", text)
    if MARKUP.search(text):
        text = _text_of(text)
    text = LINE_ENDS.sub("\n", ESCAPES.sub("", text))
    text = CONTROLS.sub("", text)
    text = FLAG.sub(lambda found: found[1] or "", INVISIBLE.sub("", text))
    text = JOINER.sub(_joined, SELECTORS.sub(r"\1", text))
    return BLANK_LINES.sub("\n\n", text).strip()


def on_one_line(text: str, most: int) -> str:
    """Return the cleaned text on one line, cut with a count of what is left out."""
    flat = " ".join(cleaned(text).split())
    return flat if len(flat) <= most else f"{flat[:most]}… ({len(flat) - most} more characters)"


def _joined(found: re.Match[str]) -> str:
    """Keep a joiner inside a word of a script that needs it, or inside an emoji."""
    before, joiner, after = found[1], found[2][:1], found[3]
    needed = JOINING.fullmatch(before or "-") or (EMOJI.fullmatch(before or "-") and joiner == "\u200d")
    return f"{before}{joiner if needed and after else ''}{after}"


class _Plain(HTMLParser):
    """Collects what a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in SILENT:
            self._silent += 1
        elif tag in BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in BREAKING and tag != "br":
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def _text_of(html: str) -> str:
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)
