"""`login` and `logout`: the person's part of getting a token pair."""

from __future__ import annotations

import sys
import webbrowser

import anyio
import anyio.to_thread
import click

from sprinklr_mcp.account import forget_account, with_account
from sprinklr_mcp.commands.running import (
    explained,
    on_simulator,
    settings_given,
    settings_of,
    stopped_with,
    with_machine,
    work_on_machine,
)
from sprinklr_mcp.errors import Code, Fault, StoreUnavailable
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.failures import FAILURES, in_the_browser
from sprinklr_mcp.tokens.grants import Authorization

BY_HAND = (
    "Another login that still waits may have it, for five minutes at most. So nothing comes back here by "
    "itself; paste the address instead."
)


@click.command()
@click.option(
    "--grant",
    type=click.Choice(["browser", "client-credentials"]),
    default="browser",
    show_default=True,
    help="client-credentials: as the application's default user, with no browser.",
)
@click.option("--paste", is_flag=True, help="Paste the redirected address instead of listening for it.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
def login(grant: str, paste: bool, no_browser: bool) -> None:
    """Log in to Sprinklr. An API key has one login: this one ends any other, also on other machines."""
    settings = settings_of()
    if grant == "client-credentials":
        _as_client(settings)
    else:
        with explained(), stopped_with("`sprinklr-mcp status` says whether there is a login."):
            log_in_by_browser(settings, paste, no_browser)
    click.echo(f"Logged in to Sprinklr {settings.environment}.")


def _as_client(settings: Settings) -> None:
    from sprinklr_mcp.tokens.login import log_in_as_client

    with_machine(settings, log_in_as_client)


def log_in_by_browser(settings: Settings, paste: bool, no_browser: bool) -> None:
    """Send the person to Sprinklr, hear or be given where that ends, and store the login. Raises `Fault`."""
    from sprinklr_mcp.tokens.callback import listens_here
    from sprinklr_mcp.tokens.login import begin, finish

    attempt = begin(settings)
    hears = listens_here(attempt.redirect_uri) and not paste
    address = anyio.run(_heard_if_free, attempt, no_browser) if hears else None
    redirected = address or _pasted(attempt, no_browser)
    work_on_machine(settings, lambda machine: finish(machine, redirected, attempt))


async def _heard_if_free(attempt: Authorization, no_browser: bool) -> str | None:
    """Return None where the port is taken and somebody is there who can paste. Raises `Fault`."""
    try:
        return await _heard(attempt, no_browser)
    except Fault as fault:
        if fault.code is not Code.CONFIGURATION or not sys.stdin.isatty():
            raise
        click.secho(f"{fault.message} ({fault.note})\n{BY_HAND}\n", fg="yellow", err=True)
        return None


async def _heard(attempt: Authorization, no_browser: bool) -> str:
    """Listen first and only then send the person off: nobody else may get their answer."""
    from sprinklr_mcp.tokens.callback import callback_page

    async with callback_page(attempt) as redirected_address:
        _show(attempt)
        if not no_browser:
            await anyio.to_thread.run_sync(webbrowser.open, attempt.address)
        click.echo(f"{in_the_browser()}\n\nWaiting for the browser, five minutes at most…", err=True)
        return await redirected_address()


def _pasted(attempt: Authorization, no_browser: bool) -> str:
    _show(attempt)
    if not no_browser:
        webbrowser.open(attempt.address)
    click.echo(
        "Then paste the whole address that the browser ends on. The page there may be empty or show an\n"
        f"error.\n\n{in_the_browser()}\n",
        err=True,
    )
    return _typed(attempt) if sys.stdin.isatty() else sys.stdin.readline()


def _typed(attempt: Authorization) -> str:
    """Ask until it is an address of this attempt, which has cost the person a login."""
    from sprinklr_mcp.tokens.grants import Denied, WrongState, code_in

    while True:
        address = str(click.prompt("Address (not shown)", err=True, hide_input=True))
        try:
            code_in(address, attempt)
        except WrongState as wrong:
            failure = FAILURES[wrong.sign]
            click.echo(f"{failure.meaning}\n{failure.mend}", err=True)
        except Denied:
            return address
        else:
            return address


def _show(attempt: Authorization) -> None:
    click.echo(
        "Open this address, log in as a user of Sprinklr itself (not of the developer portal), choose the\n"
        f"workspaces and submit:\n\n{attempt.address}\n",
        err=True,
    )


@click.command()
@on_simulator
@click.option("--forget", is_flag=True, help="Forget key and secret too, which `setup` has kept.")
def logout(simulated: bool, forget: bool) -> None:
    """Forget the stored login. Sprinklr has no call to end it; delete the key there to be sure."""
    if simulated and forget:
        raise click.UsageError("The simulator's key is not kept, so there is none to forget.")
    settings = _even_if_damaged() if forget else settings_of(simulated)

    async def work(machine: Machine) -> None:
        there = await machine.token_store.forget()
        await machine.cache.clear()
        click.echo("The stored login is gone." if there else "There was no stored login.")

    with_machine(settings, work)
    if forget:
        with explained():
            kept = forget_account(settings)
        click.echo("The key and the secret are gone too." if kept else "No key and no secret were kept.")


def _even_if_damaged() -> Settings:
    """Return the settings for forgetting an account: one that cannot be read is to go, too."""
    given = settings_given()
    try:
        return with_account(given)
    except StoreUnavailable:
        return given
