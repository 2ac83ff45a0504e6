"""The last step of `setup`: entering this server at the clients on this machine, if the person agrees."""

from __future__ import annotations

import os
import sys

import click

from sprinklr_mcp.account import account_variables
from sprinklr_mcp.clients import installing
from sprinklr_mcp.clients.entries import NAME, entry_for, settings_to_keep
from sprinklr_mcp.clients.installing import Found
from sprinklr_mcp.clients.launching import is_passing, whole_path
from sprinklr_mcp.clients.places import Places
from sprinklr_mcp.clients.refusing import Refused


def offer_clients() -> None:
    """Ask of each client that is found and has no entry of ours; changes nothing that is not agreed to."""
    places = Places.of(os.environ, sys.platform)
    seen = installing.all_looked_at(places)
    found = [one for one in seen if one.here]
    if not found:
        click.echo("No client was found on this machine. `sprinklr-mcp install` shows which can be entered.")
    if is_passing():
        click.echo(
            "This installation is cleared away some day, so no client is offered it. Install it to stay, as "
            "with `uv tool install sprinklr-mcp`, and run `sprinklr-mcp install CLIENT` there."
        )
        return
    for one in found:
        if one.entries:
            click.echo(f"{one.client.title} has this server already, as {', '.join(one.entries)}.")
        elif one.unreadable:
            click.echo(f"{one.client.title}: {one.unreadable}")
        elif click.confirm(f"Enter this server at {one.client.title} ({one.file})?", default=True):
            _enter(one)


def _enter(one: Found) -> None:
    # What the account holds is found there, and need not be said twice.
    settings = settings_to_keep(os.environ, besides=account_variables())
    try:
        entry = entry_for(str(whole_path(sys.argv[0])), [], settings, one.client.fixed)
        installing.install(one.client, one.file, NAME, entry)
    except Refused as refusal:
        click.secho(refusal.text(), fg="yellow")
    else:
        click.echo(f'Done. Restart {one.client.title}; the server is called "{NAME}" there.')
