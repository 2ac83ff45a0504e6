"""docs/frameworks.md shows code that is run: what it shows stands in the example that it links to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/frameworks.md").read_text()
SECTIONS = [part for part in DOCUMENT.split("\n## ") if "```" in part]
EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir())


def shown_example(section: str) -> Path:
    """The program that a section of the document is about."""
    (link,) = re.findall(r"\]\(\.\./(examples/\w+/\w+\.\w+)\)", section)
    return ROOT / link


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.split("\n")[0])
def test_the_code_of_a_section_stands_in_its_example(section: str) -> None:
    program = shown_example(section).read_text()
    blocks = re.findall(r"```\w+\n(.*?)```", section, re.DOTALL)
    assert blocks
    for block in blocks:
        assert block in program


def test_every_example_has_its_section() -> None:
    assert sorted(shown_example(section).parent.name for section in SECTIONS) == EXAMPLES
