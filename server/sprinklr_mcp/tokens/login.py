"""Logging in: by a person's browser, or as the application itself.

A code is exchanged once. Nothing of a redirected address is looked at before its state is checked.
"""

from __future__ import annotations

import secrets
import time

import anyio

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.tokens import TokenStore
from sprinklr_mcp.tokens.endpoint import GrantRefused, Unanswered
from sprinklr_mcp.tokens.grants import (
    Authorization,
    Denied,
    TokenRequest,
    WrongState,
    authorize,
    code_in,
    for_client,
    for_code,
)
from sprinklr_mcp.tokens.service import CLIENT_CREDENTIALS, LEASE, PATIENCE
from sprinklr_tools.platform import AUTHORIZE_PATH, prefix

CODE = "authorization_code"


def begin(settings: Settings) -> Authorization:
    """Begin an attempt in the browser. Raises `Fault` CONFIGURATION where a setting is missing."""
    api_key, _ = settings.credentials()
    if settings.redirect_uri is None:
        raise Fault(
            Code.CONFIGURATION,
            "SPRINKLR_REDIRECT_URI is not set.",
            "Set it to the callback address registered for the app in Sprinklr, to the letter.",
        )
    endpoint = settings.base_url + prefix(settings.environment) + AUTHORIZE_PATH
    return authorize(endpoint, api_key, settings.redirect_uri)


async def finish(machine: Machine, redirected: str, attempt: Authorization) -> None:
    """Exchange the code of a redirected address for the first pair and store it.

    Raises `Fault` for an address of another attempt, a denial, or what Sprinklr answered.
    """
    try:
        code = code_in(redirected, attempt)
    except WrongState:
        raise Fault(
            Code.INVALID_REQUEST,
            "That address does not belong to this login: its state is not the one that was sent.",
            "Use the address that the browser shows after this very login, whole.",
        ) from None
    except Denied:
        raise Fault(
            Code.FORBIDDEN,
            "Access was not granted.",
            "Log in again, and submit the page instead of cancelling it; the user needs the permission "
            "'Generate Token'.",
        ) from None
    await _obtain(machine, for_code(code, attempt, machine.settings.credentials()), CODE)


async def log_in_as_client(machine: Machine) -> None:
    """Get a pair in the name of the application's default user, and store it."""
    await _obtain(machine, for_client(machine.settings.credentials()), CLIENT_CREDENTIALS)


async def _obtain(machine: Machine, request: TokenRequest, grant: str) -> None:
    """Spend a grant and store its pair, while no other process renews: there is one pair per key."""
    store, holder = machine.token_store, secrets.token_hex(8)
    with anyio.CancelScope(shield=True):
        await _lease(store, holder)
        try:
            pair = await machine.token_endpoint.ask(request, grant)
            while not await store.replace((await store.read()).generation, pair):
                pass
            await machine.cache.clear()
        except Fault as fault:
            fault.only_read = True
            raise
        except GrantRefused:
            raise Fault(Code.FORBIDDEN, *REFUSED[grant == CODE]) from None
        except Unanswered:
            raise Fault(
                Code.UPSTREAM_DOWN,
                "Sprinklr's login service gave no readable answer.",
                "Log in again from the beginning.",
            ) from None
        finally:
            await store.release(holder)


async def _lease(store: TokenStore, holder: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while not await store.lease(holder, LEASE):
        if time.monotonic() > give_up:
            raise Fault(Code.AUTH_BUSY, "Another process is renewing the login.", "Try again in a minute.")
        await anyio.sleep(0.1)


REFUSED = {
    True: (
        "Sprinklr did not accept the code: it is used up or older than 10 minutes.",
        "Log in again from the beginning.",
    ),
    False: (
        "Sprinklr did not give the application a login of its own.",
        "Ask Sprinklr's support to attach a default user to the API key, or use `sprinklr-mcp login`.",
    ),
}
