"""`status`: what this installation is set to, and whether it is logged in. Asks Sprinklr nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from sprinklr_mcp import __version__
from sprinklr_mcp.commands.running import as_json, on_simulator, settings_of, show_json, with_machine
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.settings import Settings


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
        click.echo(f"{click.style(f'{name:<12}', bold=True)} {_in_words(value)}")


async def _found(machine: Machine) -> dict[str, Any]:
    settings = machine.settings
    since = await machine.operations.paused_since()
    waiting = await machine.approvals.waiting()
    return {
        "version": __version__,
        "sprinklr": _sprinklr(settings),
        "api_key": "set" if settings.api_key and settings.api_secret else "not set",
        "login": await _login(machine),
        "data": str(settings.data_folder),
        "sealed_with": machine.sealer.described,
        "paused": _time(since) if since else "no",
        "waiting": len(waiting),
        "tools": _tools(machine),
    }


def _sprinklr(settings: Settings) -> str:
    if settings.simulated:
        return f"the simulator of `sprinklr-mcp serve --simulator`, environment {settings.environment}"
    return f"{settings.base_url}, environment {settings.environment}"


def _remedy(settings: Settings) -> str:
    if settings.simulated:
        return "`sprinklr-mcp serve --simulator` logs in by itself"
    return "run `sprinklr-mcp login`"


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
        name: f"off: {hidden}" if (hidden := machine.policy.hidden_by(name, action)) else "on"
        for name, action in machine.actions.items()
        if action.listed
    }


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        off = [f"\n{'':13}{name} is {text}" for name, text in value.items() if text != "on"]  # pyright: ignore[reportUnknownVariableType]
        return f"{len(value) - len(off)} on, {len(off)} off" + "".join(off)  # pyright: ignore[reportUnknownArgumentType]
    return str(value)


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M UTC")
