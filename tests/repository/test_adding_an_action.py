"""An action is one file: CONTRIBUTING.md's worked example, put into a copy of the repository, is a tool."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from copied import PACKAGES, PROGRAM, ROOT, Copy, copied, known_files
from mcp import Client, StdioServerParameters

SECTION = (ROOT / "CONTRIBUTING.md").read_text().split("## Add an action\n")[1].split("\n## ")[0]
LINES_OF_A_PAGE = 95
TOOL = "search_campaigns"


def worked_example() -> tuple[str, str]:
    """The file that the document writes out, and what it says is in it."""
    (name,) = re.findall(r"`(tools/sprinklr_tools/actions/\S+\.py)`", SECTION)
    (content,) = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)
    return name, content


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy with one file more than the repository has."""
    made = copied(tmp_path_factory.mktemp("repository"), tmp_path_factory.mktemp("home"))
    name, content = worked_example()
    assert not (made.folder / name).exists(), f"{name} is there already; let CONTRIBUTING.md show another"
    (made.folder / name).write_text(content)
    assert made.files() - {*known_files()} == {name}
    return made


async def listed(copy: Copy) -> dict[str, dict[str, Any]]:
    server = StdioServerParameters(command=sys.executable, args=[*PROGRAM, "serve"], env=copy.environment)
    async with Client(server, read_timeout_seconds=30) as client:
        tools = (await client.list_tools()).tools
    return {tool.name: tool.model_dump(mode="json", exclude_none=True) for tool in tools}


def test_the_example_fits_on_a_page() -> None:
    assert len(SECTION.splitlines()) <= LINES_OF_A_PAGE


def test_the_copy_runs_its_own_packages(copy: Copy) -> None:
    for package in PACKAGES.values():
        place = copy.python("-c", f"import {package}; print({package}.__file__)").strip()
        assert Path(place).is_relative_to(copy.folder)


def test_the_new_tool_is_listed_with_schema_and_annotations(copy: Copy) -> None:
    tool = anyio.run(listed, copy)[f"sprinklr_{TOOL}"]
    assert tool["title"] == "Search campaigns"
    assert tool["description"].startswith("Find campaigns by a part of their name")
    assert tool["annotations"]["read_only_hint"] is True
    assert tool["input_schema"]["required"] == ["name"]
    assert set(tool["input_schema"]["properties"]) == {"name", "cursor"}


def test_the_new_tool_is_called(copy: Copy) -> None:
    done = json.loads(copy.command("call", TOOL, '{"name": "service"}', "--simulator", "--json"))
    (campaign,) = done["facts"]["campaigns"]
    assert campaign["campaign_id"] == "7001_14"


def test_the_tests_of_all_actions_take_the_new_one_in(copy: Copy) -> None:
    options = ("-vv", "-n0", "-p", "no:cacheprovider", "-k", TOOL)
    told = copy.python("-m", "pytest", *options, "tests/tools/test_contract.py")
    assert f"test_a_request_keeps_to_the_contract[{TOOL}-0] PASSED" in told
    assert told.count(f"[{TOOL}") == told.count("PASSED") >= 10


def test_documents_and_snapshots_are_written_from_it(copy: Copy) -> None:
    before = copy.files()
    for script in ("docs/make_reference.py", "docs/make_snapshots.py"):
        copy.python(script)
    assert copy.files() - before == {f"tests/snapshots/sprinklr_{TOOL}.json"}
    for document in ("docs/tools.md", "README.md", "manifest.json"):
        assert f"sprinklr_{TOOL}" in (copy.folder / document).read_text()
        assert f"sprinklr_{TOOL}" not in (ROOT / document).read_text()
