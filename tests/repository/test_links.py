"""A link from one of our documents to another, or to a heading or a picture, leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def tokens_of(document: Path) -> Iterator[Token]:
    for token in MarkdownIt().enable("table").parse(document.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def links_of(document: Path) -> Iterator[str]:
    for token in tokens_of(document):
        for name in ("href", "src"):
            address = str(token.attrs.get(name, ""))
            if address and "://" not in address:
                yield address


def headings_of(document: Path) -> set[str]:
    """The names by which a page's headings can be linked to."""
    lines = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for link in links_of(document):
        path, _, heading = link.partition("#")
        target = (document.parent / path) if path else document
        assert target.exists(), link
        assert not heading or heading in headings_of(target), link
