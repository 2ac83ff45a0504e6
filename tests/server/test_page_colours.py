"""The pages' colours can be read by people who see little of them, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from sprinklr_mcp.pages.looks import TEMPLATES

TEXTS = [
    ("ink", "card"),
    ("ink", "ground"),
    ("ink", "wash"),
    ("ink", "bad-wash"),
    ("soft", "card"),
    ("soft", "ground"),
    ("bad", "card"),
    ("bad", "bad-wash"),
    ("good", "card"),
    ("accent", "card"),
    ("on-accent", "accent"),
]


def palettes() -> dict[str, dict[str, str]]:
    """What the style sheet names, in each scheme."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.+?)\}", style, re.DOTALL)
    named = re.compile(r"--([a-z-]+): #([0-9a-f]{3,6})")
    return {"light": dict(named.findall(light)), "dark": dict(named.findall(dark))}


def luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    curve = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = curve
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground_as_level_aa_asks(scheme: str) -> None:
    colours = palettes()[scheme]
    for text, ground in TEXTS:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for edge in ("field", "accent"):
        assert contrast(colours[edge], colours["card"]) >= 3, edge
