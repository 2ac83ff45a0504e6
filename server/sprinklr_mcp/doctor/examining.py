"""The checks, in their order, and what each needs: where that is not in order, nobody looks further."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from sprinklr_mcp.doctor import account, clients, data, entries, limits, login, network, program, rules
from sprinklr_mcp.doctor.findings import Finding, State, Subject, failed_by, skipped
from sprinklr_mcp.errors import Fault


@dataclass(frozen=True)
class Check:
    """One thing to look at."""

    name: str
    look: Callable[[Subject], Awaitable[Sequence[Finding]]]
    needs: tuple[str, ...] = ()
    asks_sprinklr: bool = False


CHECKS = (
    Check("program", program.versions),
    Check("settings", program.settings),
    Check("data folder", data.folder, ("settings",)),
    Check("disk", data.disk, ("settings",)),
    Check("sealing key", data.sealing_key, ("data folder",)),
    Check("account", account.kept, ("settings", "sealing key")),
    Check("store", data.store, ("data folder",)),
    Check("proxies", network.proxies, ("settings",)),
    Check("address", network.address, ("account",), asks_sprinklr=True),
    Check("clock", network.clock, ("address",), asks_sprinklr=True),
    Check("app", network.app, ("address",), asks_sprinklr=True),
    Check("login", login.kept, ("account", "sealing key", "store")),
    Check("limits", limits.calls, ("account", "store")),
    Check("who am I", login.person, ("app", "login", "limits"), asks_sprinklr=True),
    Check("writes", limits.writes, ("store",)),
    Check("tools", rules.tools, ("settings",)),
    Check("uploads", rules.uploads, ("settings",)),
    Check("last client", clients.last, ("store",)),
    Check("approvals", clients.approvals, ("settings",)),
    Check("clients", clients.entered),
    Check("entries", entries.settings, ("account",)),
)


async def examined(environment: Mapping[str, str], *, offline: bool) -> list[Finding]:
    """Look at everything, and change nothing but a login that is due to be renewed."""
    found: list[Finding] = []
    hindrances: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        subject = Subject(environment, stack)
        for check in CHECKS:
            hindrance = _hindrance(check, hindrances, offline)
            findings = skipped(hindrance) if hindrance else await _looked(check, subject)
            if hindrance or any(one.state is State.FAILED for one in findings):
                hindrances[check.name] = hindrance or f"{check.name} is not in order"
            found += [replace(one, check=check.name) for one in findings]
    return found


def _hindrance(check: Check, hindrances: Mapping[str, str], offline: bool) -> str:
    """Return why nobody can look: what is wrong at the root of it. Empty where nothing is."""
    if check.asks_sprinklr and offline:
        return "of --offline"
    return next((hindrances[name] for name in check.needs if name in hindrances), "")


async def _looked(check: Check, subject: Subject) -> Sequence[Finding]:
    try:
        return await check.look(subject)
    except Fault as fault:
        return failed_by(fault)
