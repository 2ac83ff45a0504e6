"""The login of this process: gives out the access token and renews it, one process at a time.

A refresh token works once. So the step "sending" is durable before the call, the new pair before
anything else is done with it, and nobody repeats a call whose answer was lost without looking first.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio

from sprinklr_mcp.errors import Code, Fault, StoreUnavailable
from sprinklr_mcp.finishing import Finisher
from sprinklr_mcp.sending.credentials import Credentials
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.store.tokens import Pair, TokenState, TokenStore
from sprinklr_mcp.tokens.endpoint import GrantRefused, TokenEndpoint, Unanswered
from sprinklr_mcp.tokens.lease import leased

STORE_AGAIN = 1.0
CLIENT_CREDENTIALS = "client_credentials"
REFRESH = "refresh_token"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AccessToken:
    """What a call is sent with; `generation` tells whether it is still the present one."""

    value: str
    generation: int

    def __repr__(self) -> str:
        return f"AccessToken(***, {self.generation})"


class TokenService:
    """Access tokens for one API key in one environment."""

    def __init__(
        self,
        settings: Settings,
        credentials: Credentials,
        store: TokenStore,
        endpoint: TokenEndpoint,
        finisher: Finisher,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._store = store
        self._endpoint = endpoint
        self._finisher = finisher
        self._turn = anyio.Lock()

    async def current(self) -> AccessToken:
        """Return a token that is not known to be expired, renewing it first where it is.

        Raises `Fault` LOGIN_REQUIRED, AUTH_BUSY, CONFIGURATION, or what stopped a renewal.
        """
        state = self._usable(await self._store.read())
        pair = state.pair
        if pair is not None and not expires_soon(pair):
            return AccessToken(pair.access_token, state.generation)
        return await self.renewed(state.generation)

    async def renewed(self, spent: int) -> AccessToken:
        """Return a token newer than that generation, which Sprinklr refused or which is expiring.

        A cancelled caller does not stop it: a pair that is under way must be stored. Raises as `current`.
        """
        return await self._finisher.finish(lambda: self._in_turn(spent))

    async def _in_turn(self, spent: int) -> AccessToken:
        async with self._turn:
            return await self._renew(spent)
        raise RuntimeError("unreachable: the block returns or raises")

    async def _renew(self, spent: int) -> AccessToken:
        async with leased(
            self._store, self._settings.token_deadline, lambda: self._moved_on(spent)
        ) as holder:
            state = self._usable(await self._store.read())
            if holder is not None and state.generation == spent and state.pair is not None:
                await self._exchange(holder, state, state.pair)
        return self._given(await self._store.read())

    async def _exchange(self, holder: str, state: TokenState, pair: Pair) -> None:
        """Spend the present pair for a new one, and store that before anything else."""
        if not await self._store.begin(holder, state.generation):
            return
        try:
            new = await self._ask(pair)
        except GrantRefused:
            await self._give_up_unless_late(state)
        except Unanswered:
            raise Fault(
                Code.UPSTREAM_DOWN,
                "Sprinklr's login service gave no readable answer while the login was being renewed.",
                "Call again with the same arguments; the login is tried once more.",
            ) from None
        except Fault:
            # Certainly unspent: the next attempt is a first one.
            await self._store.settle(state.generation, login_required=False)
            raise
        else:
            await self._keep(state.generation, new)

    async def _keep(self, spent: int, new: Pair) -> None:
        """Store a pair, however often that fails: it is the only one that works."""
        while True:
            try:
                await self._store.replace(spent, new)
            except StoreUnavailable as fault:
                log.critical("the renewed login cannot be stored yet: %s", fault.note)
                await anyio.sleep(STORE_AGAIN)
            else:
                return

    async def _ask(self, pair: Pair) -> Pair:
        # Imported at first use: most calls need no OAuth library.
        from sprinklr_mcp.tokens.grants import for_client, for_refresh

        credentials = await self._credentials.opened()
        if pair.grant == CLIENT_CREDENTIALS:
            return await self._endpoint.ask(for_client(credentials), CLIENT_CREDENTIALS)
        if pair.refresh_token is None:
            raise GrantRefused
        request = for_refresh(pair.refresh_token, self._settings.redirect_uri, credentials)
        return await self._endpoint.ask(request, REFRESH)

    async def _give_up_unless_late(self, state: TokenState) -> None:
        """Decide on a refused token: if an earlier answer was lost, its process may still store it."""
        late = self._settings.token_deadline / 3
        if state.sending and await _within(late, lambda: self._moved_on(state.generation)):
            return
        if not await self._moved_on(state.generation):
            await self._store.settle(state.generation, login_required=True)

    async def _moved_on(self, generation: int) -> bool:
        return (await self._store.read()).generation != generation

    def _given(self, state: TokenState) -> AccessToken:
        state = self._usable(state)
        if state.pair is None:
            raise login_required(self._settings)
        return AccessToken(state.pair.access_token, state.generation)

    def _usable(self, state: TokenState) -> TokenState:
        if state.unreadable:
            raise Fault(
                Code.LOGIN_REQUIRED,
                "The stored login cannot be opened with the key of this store.",
                f"Ask the person to {_way_to_log_in(self._settings)}, then call again.",
            )
        if state.login_required or state.pair is None:
            raise login_required(self._settings)
        return state


def expires_soon(pair: Pair) -> bool:
    """Tell whether a pair ends within a minute, or within half of its own short life."""
    if pair.expires_at is None:
        return False
    life = pair.expires_at - pair.obtained_at
    return pair.expires_at - time.time() < min(60.0, life / 2)


async def _within(seconds: float, happened: Callable[[], Awaitable[bool]]) -> bool:
    with anyio.move_on_after(seconds):
        while not await happened():
            await anyio.sleep(0.5)
        return True
    return False


def identity_of(settings: Settings) -> str:
    """Return the name under which a key's token and limits are kept; it tells nothing of the key."""
    key = settings.api_key.get_secret_value() if settings.api_key else ""
    digest = hashlib.sha256(f"{key}\0{settings.environment}".encode()).hexdigest()
    return f"{settings.environment}:{digest[:16]}"


def login_required(settings: Settings) -> Fault:
    """Say that only a person can go on."""
    return Fault(
        Code.LOGIN_REQUIRED,
        "There is no valid login to Sprinklr. (An API key has one login: one elsewhere ends the one here.)",
        f"Ask the person to {_way_to_log_in(settings)}, then call again.",
    )


def _way_to_log_in(settings: Settings) -> str:
    if settings.simulated:
        return "start this server anew, which logs in to its simulator by itself"
    run = f"run `{settings.command('login')}` in a terminal"
    if settings.bundle is None:
        return run
    if settings.redirect_uri is None:
        return settings.way_to_set("the callback address")
    # Usually a page is opened, and its words stand here instead.
    return f"{run}, with the extension's settings as variables"
