"""`status`: what this installation is set to, and whether it is logged in. Asks Sprinklr nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from sprinklr_mcp import __version__
from sprinklr_mcp.account import account_file, kept_account, overruling
from sprinklr_mcp.commands.running import as_json, on_simulator, settings_of, show_json, with_machine
from sprinklr_mcp.commands.settling import settle_what_was_cut
from sprinklr_mcp.machine import Machine, local_principal
from sprinklr_mcp.settings import Settings

DAY = 86_400.0


@click.command()
@as_json
@on_simulator
def status(as_json: bool, simulated: bool) -> None:
    """Show settings, login, and which tools are on."""
    found = with_machine(settings_of(simulated), _found)
    if as_json:
        show_json(found)
        return
    for name, value in found.items():
        words = IN_WORDS.get(name, str)(value)
        click.echo(f"{click.style(f'{name:<12}', bold=True)} {words}")


async def _found(machine: Machine) -> dict[str, Any]:
    settings = machine.settings
    await settle_what_was_cut(machine)
    since = await machine.operations.paused_since()
    waiting = await machine.approvals.waiting()
    return {
        "version": __version__,
        "sprinklr": _sprinklr(settings),
        "api_key": _account(settings),
        "login": await _login(machine),
        "data": str(settings.data_folder),
        "sealed_with": machine.sealer.described,
        "paused": _time(since) if since else "no",
        "waiting": len(waiting),
        "unknown": await machine.operations.unknown_since(time.time() - DAY),
        "budgets": await _budgets(machine),
        "tools": _tools(machine),
    }


def _sprinklr(settings: Settings) -> str:
    if settings.simulated:
        return f"the simulator of `sprinklr-mcp serve --simulator`, environment {settings.environment}"
    return f"{settings.base_url}, environment {settings.environment}"


def _account(settings: Settings) -> str:
    """Say where key and secret come from, and which variables win over what is kept."""
    if settings.missing():
        return "not set"
    account = None if settings.simulated else kept_account(settings)
    if account is None:
        return "set"
    instead = overruling(settings, account)
    used = f"; {', '.join(instead)} of the environment wins over it" if instead else ""
    return f"kept in {account_file(settings)}{used}"


def _remedy(settings: Settings) -> str:
    if settings.simulated:
        return "`sprinklr-mcp serve --simulator` logs in by itself"
    return f"run `sprinklr-mcp {'setup' if settings.missing() else 'login'}`"


async def _login(machine: Machine) -> str:
    state = await machine.token_store.read()
    if state.unreadable:
        return "stored, but this store's key does not open it: log in again"
    if state.pair is None:
        return f"none: {_remedy(machine.settings)}"
    if state.login_required:
        return f"no longer valid: {_remedy(machine.settings)}"
    expires = _time(state.pair.expires_at) if state.pair.expires_at else "unknown"
    return f"by {state.pair.grant}, since {_time(state.pair.obtained_at)}; renewed by itself ({expires})"


def _tools(machine: Machine) -> dict[str, str]:
    return {
        name: f"off: {hidden}" if (hidden := machine.policy.hidden_by(action)) else "on"
        for name, action in machine.actions.items()
        if action.listed
    }


async def _budgets(machine: Machine) -> dict[str, dict[str, int]]:
    found = await machine.operations.used(local_principal())
    return {tool: {"used": used, "hourly": hourly} for tool, (used, hourly) in found.items()}


def _tools_in_words(tools: dict[str, str]) -> str:
    off = [f"\n{'':13}{name} is {text}" for name, text in tools.items() if text != "on"]
    return f"{len(tools) - len(off)} on, {len(off)} off" + "".join(off)


def _budgets_in_words(budgets: dict[str, dict[str, int]]) -> str:
    told = [f"{tool} {found['used']} of {found['hourly']}" for tool, found in budgets.items()]
    return f"\n{'':13}".join(["in the last hour:", *told])


def _unknown_in_words(writes: int) -> str:
    if not writes:
        return "no write of the last day"
    return f"what became of {writes} of the last day's writes: see `audit --outcome unknown`"


IN_WORDS: Mapping[str, Callable[[Any], str]] = {
    "tools": _tools_in_words,
    "budgets": _budgets_in_words,
    "unknown": _unknown_in_words,
}


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
