"""The documents say what the code says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCUMENTS = [
    "docs/tools.md",
    "docs/prompts.md",
    "docs/settings.md",
    "docs/reliability.md",
    "docs/checking-assumptions.md",
    "README.md",
    "manifest.json",
    "server.json",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text() == maker().documents()[ROOT / name], "run `make docs`"
