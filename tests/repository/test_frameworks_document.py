"""docs/frameworks.md shows code that is run: what it shows stands in the example that it links to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = (ROOT / "docs/frameworks.md").read_text(encoding="utf-8").split("\n## ")[1:]


def example_of(section: str) -> Path:
    """The program that a section of the document links to."""
    (link,) = re.findall(r"\]\(\.\./(examples/\w+/\w+\.\w+)\)", section)
    return ROOT / link


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.split("\n")[0])
def test_the_code_of_a_section_stands_in_its_example(section: str) -> None:
    program = example_of(section).read_text(encoding="utf-8")
    blocks = [token.content for token in MarkdownIt().parse(section) if token.type == "fence"]
    assert blocks
    for block in blocks:
        assert block in program


def test_every_example_has_its_section() -> None:
    examples = sorted(path for path in (ROOT / "examples").iterdir() if path.is_dir())
    assert sorted(example_of(section).parent for section in SECTIONS) == examples
