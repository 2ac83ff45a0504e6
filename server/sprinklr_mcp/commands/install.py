"""`install` and `uninstall`: this server in the configuration of an MCP client. Starts nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from sprinklr_mcp.account import kept_account, names_another_key
from sprinklr_mcp.clients import installing
from sprinklr_mcp.clients.catalogue import CLIENTS, Client
from sprinklr_mcp.clients.entries import ALLOWED_NAME, NAME, SECRETS, entry_for, settings_to_keep
from sprinklr_mcp.clients.files import Change
from sprinklr_mcp.clients.installing import Found
from sprinklr_mcp.clients.launching import is_passing, whole_path
from sprinklr_mcp.clients.places import Places
from sprinklr_mcp.clients.refusing import Refused
from sprinklr_mcp.commands.running import as_json, explained, settings_given, settings_of, show_json
from sprinklr_mcp.settings import Settings


def _checked(context: click.Context, parameter: click.Parameter, name: str) -> str:  # noqa: ARG001
    if not ALLOWED_NAME.fullmatch(name):
        raise click.BadParameter("use letters, digits, - and _, at most 64 of them")
    return name


of_client = click.argument("client", type=click.Choice(list(CLIENTS)), required=False, metavar="[CLIENT]")
named = click.option(
    "--name", default=NAME, show_default=True, callback=_checked, help="What the entry is called."
)


@click.command()
@of_client
@named
@click.option("--read-only", is_flag=True, help="Only tools that read.")
@click.option("--simulator", "simulated", is_flag=True, help="Serve against a simulator; no account needed.")
@click.option("--print", "only_print", is_flag=True, help="Print the entry; change nothing.")
@as_json
def install(
    client: str | None, name: str, read_only: bool, simulated: bool, only_print: bool, as_json: bool
) -> None:
    """Enter this server at an MCP client; without CLIENT, show the clients.

    Changes one entry in the client's own configuration file, and keeps a copy of the file as it was. The
    settings of this terminal go into the entry, except for secrets. Run it again after changing them.
    """
    places = Places.of(os.environ, sys.platform)
    if client is None:
        _show_clients(places, as_json)
        return
    chosen = CLIENTS[client]
    # What is wrong is told here, and not by a server that does not start.
    settings = settings_given() if simulated else settings_of()
    with _explained():
        entry = _entry(chosen, read_only, simulated)
        if only_print:
            click.echo(chosen.format.snippet(chosen.servers, name, entry), nl=False)
            return
        before = installing.looked_at(chosen, places)
        change = installing.install(chosen, before.file, name, entry)
    warnings = _warnings(before, entry)
    left = _next(chosen, simulated, kept=not simulated and _is_kept(settings))
    if as_json:
        outcome = _outcome(before, name, change)
        show_json({**outcome, "entry": entry, "warnings": warnings, "next": left})
        return
    done = f'{chosen.title} will start this server, as "{name}".'
    _say(before.file, change, done if change.changed else f'{chosen.title} has "{name}" already, just so.')
    for warning in warnings:
        click.secho(warning, fg="yellow", err=True)
    if change.changed:
        click.echo("\n".join(left))


def _entry(client: Client, read_only: bool, simulated: bool) -> dict[str, Any]:
    flags = [flag for flag, on in (("--read-only", read_only), ("--simulator", simulated)) if on]
    return entry_for(str(whole_path(sys.argv[0])), flags, settings_to_keep(os.environ), client.fixed)


@click.command()
@of_client
@named
@as_json
def uninstall(client: str | None, name: str, as_json: bool) -> None:
    """Take this server out of an MCP client; without CLIENT, show the clients.

    Nothing but the entry goes. The login stays: `logout` forgets it.
    """
    places = Places.of(os.environ, sys.platform)
    if client is None:
        _show_clients(places, as_json)
        return
    chosen = CLIENTS[client]
    with _explained():
        before = installing.looked_at(chosen, places)
        change = installing.uninstall(chosen, before.file, name)
    if as_json:
        show_json(_outcome(before, name, change))
        return
    done = f'{chosen.title} no longer starts "{name}"; restart it.'
    _say(before.file, change, done if change.changed else f'{chosen.title} has no entry "{name}".')


@contextmanager
def _explained() -> Generator[None]:
    """Let a refusal end the command with its words and status 1."""
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(refusal.text()) from refusal


def _say(file: Path, change: Change, what: str) -> None:
    click.echo(what if change.changed else f"{what} Nothing was changed.")
    click.echo(f"File: {file}")
    if change.backup is not None:
        click.echo(f"As it was: {change.backup}")


def _warnings(before: Found, entry: Mapping[str, Any]) -> list[str]:
    title = before.client.title
    absent = f"Nothing shows that {title} is on this machine; the file waits for it."
    passing = (
        f"{entry['command']} is part of an installation that is cleared away some day. Install it to stay, "
        "as with `uv tool install sprinklr-mcp` or `pipx install sprinklr-mcp`, and run this again there."
    )
    return [text for text, holds in ((absent, not before.here), (passing, is_passing())) if holds]


def _is_kept(settings: Settings) -> bool:
    """Tell whether the server finds key and secret by itself."""
    with explained():
        account = kept_account(settings)
        return account is not None and not names_another_key(settings, account)
    raise RuntimeError("unreachable: the block returns or raises")


def _next(client: Client, simulated: bool, *, kept: bool) -> list[str]:
    """Say what is left to the person."""
    restart = f"Restart {client.title}."
    if simulated:
        return [restart, 'Then ask it "what is going on in case 96827?".']
    if kept:
        return [restart, "The server finds key and secret where `setup` has kept them."]
    return [
        restart,
        "Run `sprinklr-mcp setup`: it keeps key and secret where the server finds them, and logs in. Or do "
        "both by hand:",
        f"The key and the secret are not in that file. The server takes {' and '.join(SECRETS)} from the "
        f"environment that {client.title} gives it: set them where {client.title} is started. If it passes "
        'none on, they can stand in the "env" of the entry; whoever reads the file then reads them.',
        "Set them in this terminal too, and log in once: `sprinklr-mcp login`.",
    ]


def _outcome(before: Found, name: str, change: Change) -> dict[str, Any]:
    return {
        "client": before.client.name,
        "file": str(before.file),
        "name": name,
        "changed": change.changed,
        "backup": str(change.backup) if change.backup else None,
    }


def _show_clients(places: Places, as_json: bool) -> None:
    seen = installing.all_looked_at(places)
    if as_json:
        show_json([_row(one) for one in seen])
        return
    for one in seen:
        state = (
            f"entered as {', '.join(one.entries)}" if one.entries else "found" if one.here else "not found"
        )
        click.echo(f"{click.style(f'{one.client.name:<15}', bold=True)} {state:<22} {one.file}")
        if one.unreadable:
            click.secho(f"{'':15} {one.unreadable}", fg="yellow")
    click.echo("\nEnter this server with `sprinklr-mcp install CLIENT`.")


def _row(seen: Found) -> dict[str, Any]:
    return {
        "client": seen.client.name,
        "title": seen.client.title,
        "file": str(seen.file),
        "found": seen.here,
        "entries": list(seen.entries),
        "unreadable": seen.unreadable or None,
    }
