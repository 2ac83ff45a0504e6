"""What the operator allows, by settings alone: deny beats allow beats toolsets, read-only bounds all.

An optional tool is off until a toolset or an allow-list names it, and one with a budget of 0 is off. How much
of a budget is used, the store counts. No I/O, and no knowledge of what a tool does beyond its risk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.settings import Settings
from sprinklr_tools.action import Action, Risk, full_name, tool_name, toolset
from sprinklr_tools.request import Request

ALL, DEFAULT = "all", "default"
"""Words for every tool, and for every one that is not optional, beside the names of toolsets."""
NOT_YOURS = "Only the operator of this server can change that; do without it."


class Policy:
    """The operator's rules over all actions."""

    def __init__(self, settings: Settings, actions: Mapping[str, type[Action]]) -> None:
        """Read the rules. Raises `Fault` CONFIGURATION where one names a tool that does not exist."""
        self._settings = settings
        self._allow = _tools("SPRINKLR_ALLOW", settings.allow, actions)
        self._deny = _tools("SPRINKLR_DENY", settings.deny, actions)
        self._budgets = _budgets(settings.budgets, actions)
        self._toolsets = set(settings.toolsets)
        known = {ALL, DEFAULT} | {toolset(action) for action in actions.values() if action.listed}
        if self._toolsets - known:
            raise _unknown("SPRINKLR_TOOLSETS", self._toolsets - known, known)

    @property
    def hourly(self) -> dict[str, int]:
        """How many calls an hour may hold, at least one, by the tools that have such a budget."""
        return {name: budget for name, budget in self._budgets.items() if budget}

    def hidden_by(self, action: type[Action]) -> str | None:
        """Return the setting that hides a tool; None where it may be used."""
        name = tool_name(action)
        if name in self._deny:
            return "SPRINKLR_DENY"
        if self._settings.read_only and action.risk is not Risk.READ:
            return "SPRINKLR_READ_ONLY"
        if self._budgets.get(name) == 0:
            return "SPRINKLR_BUDGETS, which allows none"
        if name in self._allow or self._in_toolsets(action):
            return None
        if self._allow and not self._toolsets:
            return "SPRINKLR_ALLOW"
        if action.optional and self._toolsets <= {DEFAULT}:
            return _unnamed(action)
        if self._toolsets:
            return f"SPRINKLR_TOOLSETS, which does not name its toolset, {toolset(action)}"
        return None

    def refuse_if_hidden(self, action: type[Action]) -> None:
        """Say which setting hides a tool: a model that knows its name should not guess.

        Raises `Fault` TOOL_OFF.
        """
        hidden = self.hidden_by(action)
        if hidden is not None:
            raise Fault(Code.TOOL_OFF, f"{tool_name(action)} is switched off here by {hidden}.", NOT_YOURS)

    def forbids(self, action: type[Action]) -> bool:
        """Tell whether a rule keeps a tool from being used: not only that it is optional and unnamed."""
        return self.hidden_by(action) not in (None, _unnamed(action))

    def _in_toolsets(self, action: type[Action]) -> bool:
        usual = DEFAULT in self._toolsets and not action.optional
        return usual or ALL in self._toolsets or toolset(action) in self._toolsets

    def permit(self, request: Request) -> None:
        """Check whom a request speaks for and what it makes public. Raises `Fault` FORBIDDEN."""
        accounts = self._settings.publish_accounts
        hosts = {host.lower() for host in self._settings.attachment_hosts}
        if request.speaks_for is not None and accounts and request.speaks_for not in accounts:
            raise _forbidden(f"Account {request.speaks_for} may not publish", "SPRINKLR_PUBLISH_ACCOUNTS")
        host = urlsplit(request.fetches).hostname if request.fetches else None
        if host is not None and hosts and host not in hosts:
            raise _forbidden("Attachments may not come from that host", "SPRINKLR_ATTACHMENT_HOSTS")


def _forbidden(what: str, setting: str) -> Fault:
    return Fault(Code.FORBIDDEN, f"{what}: {setting} does not name it.", "Only the operator can change that.")


def _tools(setting: str, names: tuple[str, ...], actions: Mapping[str, type[Action]]) -> set[str]:
    full = {full_name(name) for name in names}
    known = {name for name, action in actions.items() if action.listed}
    if full - known:
        raise _unknown(setting, full - known, known)
    return full


def _budgets(given: tuple[tuple[str, int], ...], actions: Mapping[str, type[Action]]) -> dict[str, int]:
    """Return the budget of each tool that has one: the action's own, unless the operator names another."""
    writes = {
        name: action for name, action in actions.items() if action.listed and action.risk is not Risk.READ
    }
    own = {name: action.hourly for name, action in writes.items() if action.hourly is not None}
    named = {full_name(name): budget for name, budget in given}
    if named.keys() - writes.keys():
        raise Fault(
            Code.CONFIGURATION,
            f"SPRINKLR_BUDGETS names what is no tool that writes: {_listed(named.keys() - writes.keys())}.",
            f"Known are: {_listed(writes)}.",
        )
    return {**own, **named}


def _unknown(setting: str, names: set[str], known: set[str]) -> Fault:
    return Fault(
        Code.CONFIGURATION,
        f"{setting} names what does not exist: {_listed(names)}.",
        f"Known are: {_listed(known)}.",
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _unnamed(action: type[Action]) -> str:
    return f"SPRINKLR_TOOLSETS (optional: default,{toolset(action)} would add it)"
