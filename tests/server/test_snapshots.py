"""What a client is shown of each tool and prompt stands in a file: nobody changes it without seeing it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import anyio
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/snapshots"
ADVICE = "Look at the change; if it is meant, run `make snapshots` and commit the files."


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_snapshots", ROOT / "docs/make_snapshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def served() -> dict[str, str]:
    """What a server process shows, by the name of the file that should hold it."""
    return anyio.run(maker().snapshots)


def complaints(served: dict[str, str], folder: Path) -> list[str]:
    """What is wrong with the files of a folder."""
    files = folder.rglob("*.json")
    kept = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}
    missing = [f"{name} is missing." for name in served.keys() - kept.keys()]
    stale = [f"{name} is of what is no more." for name in kept.keys() - served.keys()]
    differing = [name for name in served.keys() & kept.keys() if served[name] != kept[name]]
    changed = [f"{name} says something else." for name in differing]
    return sorted(f"{complaint} {ADVICE}" for complaint in missing + stale + changed)


def test_every_tool_and_prompt_is_shown_as_its_file_says(served: dict[str, str]) -> None:
    assert complaints(served, FOLDER) == []


def test_a_file_holds_all_that_a_client_is_shown(served: dict[str, str]) -> None:
    assert len(served) > 40
    for name, content in served.items():
        shown = json.loads(content)
        own = {"arguments"} if name.startswith("prompts/") else {"inputSchema", "annotations"}
        assert set(shown) == {"name", "title", "description", *own}
        assert Path(name).stem == shown["name"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"a.json": "other"}, "a.json says something else."),
        ({"a.json": None}, "a.json is missing."),
        ({"b.json": "old"}, "b.json is of what is no more."),
    ],
)
def test_what_differs_is_named_with_the_command_that_mends_it(
    tmp_path: Path, change: dict[str, str | None], told: str
) -> None:
    for name, content in {"a.json": "shown", **change}.items():
        if content is not None:
            (tmp_path / name).write_text(content)
    assert complaints({"a.json": "shown"}, tmp_path) == [f"{told} {ADVICE}"]
    assert "make snapshots" in ADVICE
