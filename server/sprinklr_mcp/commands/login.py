"""`login` and `logout`: the person's part of getting a token pair."""

from __future__ import annotations

import webbrowser

import anyio.to_thread
import click

from sprinklr_mcp.commands.running import on_simulator, settings_of, with_machine
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.tokens.grants import Authorization


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

    async def work(machine: Machine) -> None:
        from sprinklr_mcp.tokens.login import begin, finish, log_in_as_client

        if grant == "client-credentials":
            await log_in_as_client(machine)
        else:
            attempt = begin(machine)
            await finish(machine, await _address(attempt, paste, no_browser), attempt)
        click.echo(f"Logged in to Sprinklr {machine.settings.environment}.")

    with_machine(settings_of(), work)


async def _address(attempt: Authorization, paste: bool, no_browser: bool) -> str:
    from sprinklr_mcp.tokens.callback import listens_here, redirected_address

    listening = listens_here(attempt.redirect_uri) and not paste
    click.echo(
        f"Open this address, log in, choose the workspaces and submit:\n\n{attempt.address}\n", err=True
    )
    if not no_browser:
        await anyio.to_thread.run_sync(webbrowser.open, attempt.address)
    if listening:
        click.echo("Waiting for the browser…", err=True)
        return await redirected_address(attempt)
    click.echo("Then copy the whole address that the browser shows.", err=True)
    return await anyio.to_thread.run_sync(lambda: str(click.prompt("Address", err=True, hide_input=True)))


@click.command()
@on_simulator
def logout(simulated: bool) -> None:
    """Forget the stored login. Sprinklr has no call to end it; delete the key there to be sure."""

    async def work(machine: Machine) -> None:
        there = await machine.token_store.forget()
        click.echo("The stored login is gone." if there else "There was no stored login.")

    with_machine(settings_of(simulated), work)
