"""`doctor`: everything that can be wrong, one line each, and how to mend it. Prints; the checks look."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import replace

import anyio
import click

from sprinklr_mcp.commands.running import as_json, show_json
from sprinklr_mcp.doctor.findings import Finding, State

MARKS = {
    State.OK: ("✓", "green"),
    State.WARNING: ("!", "yellow"),
    State.FAILED: ("✗", "red"),
    State.SKIPPED: ("-", None),
}
ORDER = ("check", "state", "found", "mend")
INDENT = 15


@click.command()
@click.option("--offline", is_flag=True, help="Ask Sprinklr nothing.")
@as_json
def doctor(offline: bool, as_json: bool) -> None:
    """Check everything that can be wrong, and say how to mend it.

    Sends nothing but reads. Ends with status 1 if something is wrong; warnings do not count.
    """
    from sprinklr_mcp.doctor.examining import examined

    async def look() -> list[Finding]:
        return await examined(os.environ, offline=offline)

    findings = anyio.run(look)
    if as_json:
        show_json([{name: getattr(one, name) for name in ORDER} for one in findings])
    else:
        _show(findings)
    if any(one.state is State.FAILED for one in findings):
        raise SystemExit(1)


def _show(findings: Sequence[Finding]) -> None:
    for one in _gathered(findings):
        mark, colour = MARKS[one.state]
        found, *more = _lines(one.found)
        click.echo(
            f"{click.style(mark, fg=colour)} {click.style(f'{one.check:<{INDENT - 2}}', bold=True)}{found}"
        )
        for line in more:
            click.echo(f"{'':{INDENT}}{line}")
        for line in _lines(one.mend):
            click.echo(f"{'':{INDENT}}{click.style(line, fg=colour)}")
    wrong = sum(one.state is State.FAILED for one in findings)
    warned = sum(one.state is State.WARNING for one in findings)
    told = f"\n{wrong or 'Nothing'} wrong"
    click.echo(f"{told}, {warned} to look at." if warned else f"{told}.")


def _gathered(findings: Sequence[Finding]) -> list[Finding]:
    """Put what was not looked at for the same reason on one line, where the first of it stood."""
    names: dict[str, list[str]] = {}
    for one in findings:
        if one.state is State.SKIPPED:
            names.setdefault(one.found, []).append(one.check)
    gathered: list[Finding] = []
    for one in findings:
        same = names.get(one.found, [])
        if len(same) <= 1:
            gathered.append(one)
        elif one.check == same[0]:
            gathered.append(replace(one, check="", found=f"{', '.join(same)}: {one.found}"))
    return gathered


def _lines(text: str) -> list[str]:
    """Divide a text where the terminal ends; paths stay whole, and so does what goes into a pipe."""
    if not sys.stdout.isatty():
        return [text] if text else []
    room = max(40, shutil.get_terminal_size().columns - INDENT)
    return textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
