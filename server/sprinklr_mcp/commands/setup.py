"""`setup`: from nothing to a connected client, step by step, with a person at a terminal.

What is kept is written in one step, once the person has said that the account is the one they mean. Whoever
stops before that finds everything as it was, but for a login that Sprinklr has ended by then.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

import click

from sprinklr_mcp.account import keep_account, kept_account, overruling, with_account
from sprinklr_mcp.commands.entering import offer_clients
from sprinklr_mcp.commands.login import log_in_by_browser
from sprinklr_mcp.commands.questions import REGISTER, ask_account
from sprinklr_mcp.commands.running import explained, settings_given, stopped_with, work_on_machine
from sprinklr_mcp.errors import Fault, StoreUnavailable, for_a_person
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.failures import fault_for
from sprinklr_mcp.whoami import in_lines, who_am_i

NO_TERMINAL = (
    "`setup` asks questions, and there is no terminal to ask at. These settings do the same: "
    "SPRINKLR_API_KEY, SPRINKLR_API_SECRET, SPRINKLR_ENVIRONMENT and SPRINKLR_REDIRECT_URI; then "
    "`sprinklr-mcp login`, and `sprinklr-mcp install CLIENT`."
)

OTHER_TENANT = (
    "\nWhere calls go depends on who logs in, and on the workspaces chosen there. If the browser does not "
    "ask who you are, log out of Sprinklr in it first."
)


@click.command()
@click.option("--paste", is_flag=True, help="Paste the redirected address instead of listening for it.")
@click.option("--no-browser", is_flag=True, help="Only print the address to open.")
def setup(paste: bool, no_browser: bool) -> None:
    """Connect your Sprinklr account: the app, the login, and the clients on this machine.

    Run it again to change something: Enter keeps what is there.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.ClickException(NO_TERMINAL)
    known = _known()
    click.echo(REGISTER)
    with explained():
        with stopped_with("Nothing was kept. `sprinklr-mcp setup` begins anew."):
            settings = _connected(known, paste, no_browser)
        file = keep_account(settings)
    click.echo(f"\nKept in {file}, for every client on this machine.")
    _warn_of_the_environment()
    click.echo("\nNow the clients on this machine.")
    with stopped_with("The account is kept. `sprinklr-mcp install CLIENT` enters the server at a client."):
        offer_clients()
    click.echo("\nWhenever something does not work, run `sprinklr-mcp doctor`: it says what, and what to do.")


def _known() -> Settings:
    """Return what is set and kept by now; a file that cannot be used is told, and written anew in the end."""
    given = settings_given()
    try:
        known = with_account(given)
        if known.kept_secret is None:
            return known
        return known.model_copy(update={"api_secret": known.kept_secret(), "kept_secret": None})
    except StoreUnavailable as fault:
        click.secho(f"{fault.message} A new one takes its place in the end.\n", fg="yellow")
        return given


def _connected(known: Settings, paste: bool, no_browser: bool) -> Settings:
    """Ask and log in until the person says that the account is meant; return its settings. Raises `Fault`."""
    settings = known
    while True:
        settings = ask_account(settings)
        if _is_worth_a_login(settings):
            # A login that is there was made with the secret that is known: it says nothing about another.
            anew = settings.api_secret != known.api_secret
            log_in = partial(_logged_in, settings, anew, paste, no_browser)
            if _reaches_what_is_meant(settings, log_in):
                return settings
        click.echo("\nOnce more, then. Enter keeps an answer.\n")


def _is_worth_a_login(settings: Settings) -> bool:
    """Ask Sprinklr for its login page before the person is sent there, and tell what is wrong."""
    from sprinklr_mcp.tokens.probing import probed

    probe = work_on_machine(settings.without_rules(), lambda machine: probed(machine.client, settings))
    if probe.sign is None:
        return True
    _tell(fault_for(probe.sign))
    return click.confirm("Try to log in all the same?", default=False)


def _reaches_what_is_meant(settings: Settings, log_in: Callable[[], bool]) -> bool:
    """Log in and ask whether that is meant; else, and where the person stops, take a login back."""
    before = work_on_machine(settings.without_rules(), _generation)
    meant = False
    try:
        meant = log_in() and _is_meant(settings)
    finally:
        if not meant:
            work_on_machine(settings.without_rules(), lambda machine: _forget(machine, before))
    return meant


async def _generation(machine: Machine) -> int:
    return (await machine.token_store.read()).generation


async def _forget(machine: Machine, unless: int) -> None:
    if await _generation(machine) == unless:
        return
    await machine.token_store.forget()
    await machine.cache.clear()
    click.echo("\nThe login that was just made is forgotten. Sprinklr has ended any earlier one of this key.")


def _logged_in(settings: Settings, anew: bool, paste: bool, no_browser: bool) -> bool:
    is_enough = not anew and _has_login(settings)
    if is_enough and not click.confirm("\nThere is a login already. Log in anew?", default=False):
        return True
    click.echo("\nNow log in, as the person whose rights this server is to have.")
    try:
        log_in_by_browser(settings.without_rules(), paste, no_browser)
    except Fault as fault:
        _tell(fault)
        return False
    return True


def _has_login(settings: Settings) -> bool:
    async def look(machine: Machine) -> bool:
        state = await machine.token_store.read()
        return state.pair is not None and not state.login_required

    return work_on_machine(settings.without_rules(), look)


def _is_meant(settings: Settings) -> bool:
    """Show who is logged in, and where: a test tenant has the same address and key as the real one."""
    try:
        me = work_on_machine(settings.without_rules(), who_am_i)
    except Fault as fault:
        _tell(fault)
        return False
    click.echo("\nLogged in to Sprinklr as\n")
    for name, value in in_lines(me).items():
        click.echo(f"  {click.style(f'{name:<14}', bold=True)}{value}")
    click.echo(
        "\nA test tenant and the real one can share address and key: only what stands here tells them apart."
    )
    if click.confirm("Is this the account that is meant?", default=None):
        return True
    click.echo(OTHER_TENANT)
    return False


def _warn_of_the_environment() -> None:
    with explained():
        given = settings_given()
        account = kept_account(given)
        instead = overruling(given, account) if account else []
    if instead:
        click.secho(
            f"{', '.join(instead)} of this terminal's environment wins over what is kept, and differs. "
            "Unset it here, and where your clients are started.",
            fg="yellow",
        )


def _tell(fault: Fault) -> None:
    details = f" ({fault.note})" if fault.note else ""
    click.secho(f"\n{fault.message}{details}\n{for_a_person(fault.next)}", fg="yellow")
