"""Who is logged in, and where: `setup` and `doctor` show it, since addresses do not tell tenants apart."""

from __future__ import annotations

from typing import cast

from sprinklr_mcp.calls.gathering import Reads, fault_of
from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.machine import Machine
from sprinklr_tools.actions.search.users import GetMe, Me
from sprinklr_tools.problems import Problem

LONGEST_NAME = 80


async def who_am_i(machine: Machine) -> Me:
    """Read it from Sprinklr, through the same way as every tool. Raises `Fault`."""
    reads = Reads(machine.sources, fresh=True, seconds=machine.settings.read_deadline)
    try:
        return cast(Me, await reads(GetMe()))
    except Problem as problem:
        raise fault_of(problem) from problem


def in_lines(me: Me) -> dict[str, str]:
    """Say who and where, a line for each."""
    names = {one.workspace_id: one.name for one in me.workspaces}
    workspace = " ".join(part for part in (me.workspace_id, _quoted(names.get(me.workspace_id))) if part)
    others = len(me.workspaces) - (me.workspace_id in names)
    return {
        "Person": " ".join(part for part in (_plain(me.name), f"<{_plain(me.email)}>") if part),
        "Kind of user": _plain(me.kind) or "not told",
        "Tenant": _plain(me.tenant_id) or "not told",
        "Workspace": f"{workspace or 'not told'}{f', and {others} more' if others > 0 else ''}",
    }


def _plain(text: str | None) -> str:
    """Return somebody else's text as one that a terminal shows and does not obey."""
    return on_one_line(text, LONGEST_NAME) if text else ""


def _quoted(name: str | None) -> str:
    return f'("{_plain(name)}")' if name else ""
