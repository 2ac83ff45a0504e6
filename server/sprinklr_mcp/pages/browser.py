"""Opening the person's own browser, without a shell and without a word on any stream of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import anyio.to_thread

PATIENCE = 5.0
"""Seconds after which a browser that has not come back counts as open: some stay in the foreground."""
OPEN = """
import sys, webbrowser
browser = webbrowser.get()
if type(browser) is webbrowser.BackgroundBrowser:
    # Such as xdg-open. The library would only see whether it still runs, and call a quick one a failure.
    browser = webbrowser.GenericBrowser([browser.name, *browser.args])
sys.exit(not browser.open(sys.stdin.read()))
"""
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def can_be_here(environment: Mapping[str, str]) -> bool:
    """Tell whether a browser with windows can be on this machine, as far as its environment says."""
    return os.name == "nt" or sys.platform == "darwin" or any(environment.get(name) for name in SCREENS)


async def open_in_browser(address: str) -> bool:
    """Open a page; False where there is no browser to do it.

    The person's own choice, the variable BROWSER, goes before that of the system.
    """
    return await anyio.to_thread.run_sync(_open, address)


def _open(address: str) -> bool:
    # In a process of its own: what a browser prints could hold the address, and our stderr is a client's log.
    opener = subprocess.Popen(
        [sys.executable, "-I", "-c", OPEN],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_for_browsers(os.environ),
        start_new_session=True,
        text=True,
    )
    try:
        opener.communicate(address, PATIENCE)
    except subprocess.TimeoutExpired:
        return True
    return opener.returncode == 0


def _for_browsers(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out our secrets, and TERM, without which the library takes no browser for a terminal's."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("SPRINKLR_") and name != "TERM"
    }
