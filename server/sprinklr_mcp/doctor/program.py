"""The program itself, and the settings that it is given."""

from __future__ import annotations

import platform
import sys

from sprinklr_mcp import __version__
from sprinklr_mcp.clients.launching import is_passing
from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.errors import Fault
from sprinklr_mcp.settings import PREFIX, Settings

MEND = (
    "Put them right where they are set, here or in your client's entry; docs/settings.md lists all of them."
)


async def versions(subject: Subject) -> list[Finding]:  # noqa: ARG001
    """Which version this is, of which Python, and whether it stays."""
    told = f"sprinklr-mcp {__version__} on Python {platform.python_version()} ({sys.prefix})"
    if is_passing():
        return warning(
            f"{told}, an installation that is cleared away some day",
            "Install it to stay, as with `uv tool install sprinklr-mcp` or `pipx install sprinklr-mcp`.",
        )
    return ok(told)


async def settings(subject: Subject) -> list[Finding]:
    """Whether the variables of this terminal are settings, with values that these may have."""
    try:
        subject.given = subject.settings = Settings.from_environment(subject.environment)
    except Fault as fault:
        return failed(fault.message, MEND)
    names = sorted(name for name, value in subject.environment.items() if name.startswith(PREFIX) and value)
    return ok(f"set here: {', '.join(names)}" if names else "none is set here")
