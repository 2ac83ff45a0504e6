"""Logging in: by a person's browser, or as the application itself.

A code is exchanged once. Nothing of a redirected address is looked at before its state is checked.
"""

from __future__ import annotations

import anyio

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.machine import Machine
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.endpoint import GrantRefused, Unanswered
from sprinklr_mcp.tokens.failures import Sign, fault_for
from sprinklr_mcp.tokens.grants import (
    Authorization,
    NotReturned,
    TokenRequest,
    authorize,
    code_in,
    for_client,
    for_code,
)
from sprinklr_mcp.tokens.lease import leased
from sprinklr_mcp.tokens.service import CLIENT_CREDENTIALS
from sprinklr_tools.platform import AUTHORIZE_PATH, prefix

CODE = "authorization_code"


def begin(settings: Settings) -> Authorization:
    """Begin an attempt in the browser. Raises `Fault` CONFIGURATION where a setting is missing."""
    api_key = settings.key()
    if settings.redirect_uri is None:
        raise Fault(
            Code.CONFIGURATION,
            "SPRINKLR_REDIRECT_URI is not set.",
            "Set it to the callback address registered for the app in Sprinklr, to the letter, or run "
            "`sprinklr-mcp setup`.",
        )
    endpoint = settings.base_url + prefix(settings.environment) + AUTHORIZE_PATH
    return authorize(endpoint, api_key, settings.redirect_uri)


async def finish(machine: Machine, redirected: str, attempt: Authorization) -> None:
    """Exchange the code of a redirected address for the first pair and store it.

    Raises `Fault` for an address of another attempt, a denial, or what Sprinklr answered.
    """
    try:
        code = code_in(redirected, attempt)
    except NotReturned as failure:
        raise fault_for(failure.sign) from None
    machine.redactor.learn_passing(code, attempt.code_verifier)
    await _obtain(machine, for_code(code, attempt, await machine.credentials.opened()), CODE)


async def log_in_as_client(machine: Machine) -> None:
    """Get a pair in the name of the application's default user, and store it."""
    await _obtain(machine, for_client(await machine.credentials.opened()), CLIENT_CREDENTIALS)


async def _obtain(machine: Machine, request: TokenRequest, grant: str) -> None:
    """Spend a grant and store its pair, while no other process renews: there is one pair per key."""
    with anyio.CancelScope(shield=True):
        async with leased(machine.token_store, machine.settings.token_deadline):
            await _stored(machine, request, grant)


async def _stored(machine: Machine, request: TokenRequest, grant: str) -> None:
    store = machine.token_store
    try:
        pair = await machine.token_endpoint.ask(request, grant)
        while not await store.replace((await store.read()).generation, pair):
            pass
        await machine.cache.clear()
    except Fault as fault:
        fault.only_read = True
        raise
    except GrantRefused:
        raise fault_for(Sign.SPENT_CODE if grant == CODE else Sign.NO_DEFAULT_USER) from None
    except Unanswered:
        raise fault_for(Sign.NO_ANSWER) from None
