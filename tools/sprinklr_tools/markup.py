"""What a reader of an HTML text sees; mails come as HTML. Knows no record.

Not by the standard library's parser: it takes the square of the length for some texts, and fails on a
character reference of many digits, so that one mail would stop everybody's calls.
"""

from __future__ import annotations

import re
from html import unescape

MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|strong|em|ul|ol|li|table|tr|td|html|body|img|h[1-6])"
    r"(?:\s+[\w:-]+\s*=[^<>]*|\s*/?)>",
    re.IGNORECASE,
)
"""What makes a text HTML; `a<b and c>d` does not."""
UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<silent>script|style|title)\b[^<>]*>.*?(?:</(?P=silent)\b[^<>]*>|\Z)"
    r"""|</?(?P<tag>[a-z][a-z0-9:-]*)(?=[\s/>])(?:[^<>"']|"[^"]{0,2000}"|'[^']{0,2000}'|["'])*+>"""
    r"|<[!?][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
BREAKING = ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote")
CELLS = ("td", "th")
NO_CHARACTER = re.compile(r"&#(?:[0-9]{8,}|x[0-9a-f]{8,});?", re.IGNORECASE)
LONGEST = 200_000


def without_markup(text: str) -> str:
    """Return HTML as plain text, of a very long one the beginning; a text without markup as it is."""
    if not MARKUP.search(text):
        return text
    plain = _unescaped(UNSEEN.sub(_seen, text[:LONGEST]))
    left_out = len(text) - LONGEST
    return f"{plain}… ({left_out} more characters of HTML)" if left_out > 0 else plain


def without_escaped_markup(text: str) -> str:
    """Return HTML as plain text, also where it was escaped as a whole, as articles of a search are."""
    return without_markup(text if MARKUP.search(text) else _unescaped(text))


def _unescaped(text: str) -> str:
    return unescape(NO_CHARACTER.sub("\ufffd", text))


def _seen(found: re.Match[str]) -> str:
    name = (found["tag"] or "").lower()
    if name in BREAKING:
        return "\n"
    return " " if name in CELLS and not found[0].startswith("</") else ""
