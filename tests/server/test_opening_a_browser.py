"""Whether a page counts as open is what the desktop's own opener says, not how fast it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from installation import SCREENS

from sprinklr_mcp.pages.browser import open_in_browser

pytestmark = pytest.mark.anyio
ADDRESS = "http://127.0.0.1:9/a?b=c&d"


@pytest.mark.parametrize(("status", "opened"), [(0, True), (3, False)])
async def test_the_openers_own_word_decides(
    status: int, opened: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, seen = tmp_path / "xdg-open", tmp_path / "seen"
    program.write_text(f'#!/bin/sh\nprintf "%s" "$1" >"{seen}"\nexit {status}\n')
    program.chmod(0o700)
    for name in SCREENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await open_in_browser(ADDRESS) is opened
    assert seen.read_text() == ADDRESS
