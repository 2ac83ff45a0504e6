"""The documents say what the code says."""

from __future__ import annotations

import importlib.util
import json
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
    "README.md",
    "manifest.json",
]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text() == maker().documents()[ROOT / name], "run `make docs`"


def test_the_manifest_sets_nothing_that_the_server_does_not_know() -> None:
    from sprinklr_mcp.settings import Settings

    manifest = json.loads((ROOT / "manifest.json").read_text())
    variables = manifest["server"]["mcp_config"]["env"]
    known = {str(field.alias) for field in Settings.model_fields.values()}
    assert set(variables) <= known
    assert {value.removeprefix("${user_config.").removesuffix("}") for value in variables.values()} == set(
        manifest["user_config"]
    )
