"""Whoever has the bundle has no command of ours: what they are told to do, they can do.

The bundle as a client unpacks it is in tests/release; here its starting program runs beside the installed
packages.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from installation import ERAS, Installation, Sprinklr, code_of, text_of
from mcp import Client, StdioServerParameters
from opened import Opened
from terminals import in_a_terminal

pytestmark = pytest.mark.anyio
START = Path(__file__).parents[2] / "release/start.py"
UNSET = dict.fromkeys(("SPRINKLR_API_KEY", "SPRINKLR_API_SECRET"), "")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The folder of the bundle; desktop clients keep theirs below one with a space in its name."""
    folder = tmp_path / "Application Support" / "bundle"
    (folder / "server").mkdir(parents=True)
    shutil.copy(START, folder / "server/start.py")
    return folder


@asynccontextmanager
async def client_of(unpacked: Path, installation: Installation) -> AsyncGenerator[Client]:
    """A desktop client that has started the bundle."""
    start = str(unpacked / "server/start.py")
    serving = StdioServerParameters(command=sys.executable, args=[start], env=installation.environment)
    async with Client(serving, mode=ERAS["2025-11-25"], read_timeout_seconds=30) as client:
        yield client


async def told(
    unpacked: Path, installation: Installation, tool: str = "sprinklr_get_me", **arguments: object
) -> Any:
    async with client_of(unpacked, installation) as client:
        return await client.call_tool(tool, arguments)


async def test_what_is_not_entered_is_entered_in_the_settings_of_the_extension(
    unpacked: Path, install: Callable[..., Installation]
) -> None:
    result = await told(unpacked, install(**UNSET))
    assert code_of(result) == "CONFIGURATION"
    assert "SPRINKLR_API_KEY and SPRINKLR_API_SECRET are not set" in text_of(result)
    assert "in the settings of the extension" in text_of(result)
    assert "sprinklr-mcp" not in text_of(result)


async def test_without_a_callback_address_that_is_what_is_asked_for(
    unpacked: Path, install: Callable[..., Installation]
) -> None:
    result = await told(unpacked, install(SPRINKLR_REDIRECT_URI="", DISPLAY=":0"))
    assert code_of(result) == "LOGIN_REQUIRED"
    assert "enter the callback address in the settings of the extension" in text_of(result)
    assert "sprinklr-mcp" not in text_of(result)


async def test_whoever_does_not_see_the_page_to_log_in_on_is_sent_to_no_command(
    unpacked: Path, install: Callable[..., Installation], tmp_path: Path
) -> None:
    result = await told(unpacked, Opened(tmp_path).by(install()))
    assert code_of(result) == "LOGIN_REQUIRED"
    assert "A page to log in on has been opened" in text_of(result)
    assert "the next call then opens another" in text_of(result)
    assert "sprinklr-mcp" not in text_of(result)


async def test_a_command_that_is_named_is_one_that_can_be_called(
    unpacked: Path, installation: Installation, sprinklr: Sprinklr
) -> None:
    result = await told(unpacked, installation, "sprinklr_delete_case_by_number", case_number=96832)
    assert code_of(result) == "CONFIRMATION_REQUIRED"
    named = f"uv run --directory '{unpacked}' server/start.py approve"
    assert f"`{named}`" in text_of(result)
    # What uv would do there, in a terminal that knows nothing of what was entered in the client.
    called = [sys.executable, str(unpacked / "server/start.py"), "approve"]
    with in_a_terminal(called, {"SPRINKLR_MCP_HOME": str(installation.home), "NO_COLOR": "1"}) as at:
        assert "96832" in at.read_until("\n> ")
        at.type("")
        at.finish()
    assert sprinklr.commits() == []
