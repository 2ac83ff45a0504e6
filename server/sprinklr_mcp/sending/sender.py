"""The one way to Sprinklr: token, limits, deadline, and attempts until there is an answer.

Whether a request may be repeated is told by the caller, never by its method. What an answer means is
`outcomes`; where it cannot be known whether a write happened, that is what is said.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable
from dataclasses import replace
from typing import NoReturn

import anyio

from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.redacting import Redactor
from sprinklr_mcp.sending.breaker import Breaker
from sprinklr_mcp.sending.building import Frozen, tracked
from sprinklr_mcp.sending.credentials import Credentials
from sprinklr_mcp.sending.http_client import HttpClient, Reply, TransportFailure
from sprinklr_mcp.sending.limiter import Limiter, Slot, over_rate
from sprinklr_mcp.sending.outcomes import Manner, meaning_of, unknown_outcome
from sprinklr_mcp.sending.retrying import Attempts, RetryBudget
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.service import AccessToken, TokenService
from sprinklr_mcp.uploads.form import Form
from sprinklr_tools.platform import KEY_HEADER, WORKSPACE_HEADER, Verdict, judge, pace_of, prefix
from sprinklr_tools.reading import Json

ROOM = 0.25
"""The part of a request's time that is kept for the exchange itself, however long it waits for its turn."""


class Sender:
    """Sends frozen requests for one login."""

    def __init__(
        self,
        settings: Settings,
        client: HttpClient,
        tokens: TokenService,
        credentials: Credentials,
        limiter: Limiter,
        redactor: Redactor,
    ) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._credentials = credentials
        self._limiter = limiter
        self._redactor = redactor
        self._breaker = Breaker()
        self._budget = RetryBudget()

    async def send(self, frozen: Frozen, manner: Manner, form: Form | None = None) -> Json:
        """Send the request, with its files if it has any, and return what the answer carries.

        That is without its envelope, unless the request wants the errors that stand there. It takes
        `manner.seconds` at most, and longer for files.

        Raises `Fault`: OUTCOME_UNKNOWN where a write may have happened; else one that says it did not.
        """
        await self._credentials.opened()
        seconds = manner.seconds + (form.patience if form else 0)
        attempts = Attempts(manner, self._budget, time.monotonic() + seconds)
        self._budget.called()
        try:
            return await self._answered(tracked(frozen), form, manner, attempts)
        except Fault as fault:
            if attempts.doubtful and fault.sent is not Sent.UNKNOWN and not _carried_out(fault):
                raise unknown_outcome(manner, fault.note or fault.text()) from fault
            raise

    async def _answered(self, frozen: Frozen, form: Form | None, manner: Manner, attempts: Attempts) -> Json:
        token = await self._token(attempts)
        while True:
            self._breaker.check(manner.endpoint)
            try:
                reply, verdict, slot = await self._exchange(frozen, form, token, manner, attempts)
            except TransportFailure as failure:
                self._breaker.failed(manner.endpoint)
                if not attempts.another(left=failure.left):
                    _give_up(failure, manner)
                await anyio.sleep(attempts.pause())
                continue
            self._count(verdict, reply, manner)
            if verdict is Verdict.TOKEN_REFUSED and not attempts.renewed:
                # What was refused for its token was not tried, so this is not a repetition.
                attempts.renewed = True
                token = await self._token(attempts, spent=token.generation)
            elif verdict is Verdict.OVER_RATE:
                await _wait_out(slot, attempts)
            elif _worth_repeating(verdict, reply, manner) and attempts.another(left=True):
                await anyio.sleep(attempts.pause())
            else:
                return meaning_of(reply, verdict, manner, whole=frozen.tells_errors)

    async def _token(self, attempts: Attempts, spent: int | None = None) -> AccessToken:
        """Return the token, or a newer one than was `spent`.

        Raises `Fault` AUTH_BUSY where that takes too long; the renewal itself goes on.
        """
        with anyio.move_on_after(attempts.seconds_left):
            return await (self._tokens.current() if spent is None else self._tokens.renewed(spent))
        raise Fault(
            Code.AUTH_BUSY,
            "The login is being renewed, and that takes long.",
            "Wait a minute, then call again with the same arguments.",
        )

    async def _exchange(
        self, frozen: Frozen, form: Form | None, token: AccessToken, manner: Manner, attempts: Attempts
    ) -> tuple[Reply, Verdict, Slot]:
        headers, content = self._headers(frozen, token), frozen.content
        body: bytes | AsyncIterable[bytes] | None = content
        if form is not None:
            headers |= {"Content-Type": form.content_type, "Content-Length": str(form.length)}
            body = form.content()
        elif content is not None:
            headers["Content-Type"] = "application/json"
        elif frozen.method != "GET":
            body = b""
        target = prefix(self._settings.environment) + frozen.target
        left = attempts.seconds_left
        patience = left - ROOM * manner.seconds
        async with self._limiter.slot(
            left, patience=patience, urgent=manner.urgent, endpoint=manner.endpoint
        ) as slot:
            reply = await self._client.exchange(frozen.method, target, headers, body, attempts.seconds_left)
            # Here and nowhere else: what comes of an answer later can hold none of our secrets.
            reply = replace(reply, body=self._redactor.redacted_bytes(reply.body))
            verdict = judge(reply.status, reply.headers, reply.beginning)
            slot.pace = pace_of(verdict, reply.headers, time.time())
        return reply, verdict, slot

    def _headers(self, frozen: Frozen, token: AccessToken) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {token.value}",
            KEY_HEADER: self._settings.key(),
            "Accept": "application/json",
        }
        if frozen.in_workspace and self._settings.workspace:
            headers[WORKSPACE_HEADER] = self._settings.workspace
        return headers

    def _count(self, verdict: Verdict, reply: Reply, manner: Manner) -> None:
        if verdict is Verdict.BROKEN or _lost(verdict, reply):
            self._breaker.failed(manner.endpoint)
        else:
            self._breaker.answered(manner.endpoint)


async def _wait_out(slot: Slot, attempts: Attempts) -> None:
    """Pause as long as every process of the key does. Raises `Fault` OVER_RATE where that is too long."""
    if slot.wait > attempts.seconds_left or not attempts.once_more():
        raise over_rate(slot.wait)
    await anyio.sleep(slot.wait)


def _worth_repeating(verdict: Verdict, reply: Reply, manner: Manner) -> bool:
    """Tell whether another attempt may bring what this one did not."""
    return verdict is Verdict.BROKEN or (not manner.write and _lost(verdict, reply))


def _lost(verdict: Verdict, reply: Reply) -> bool:
    return verdict is Verdict.DONE and not reply.whole


def _carried_out(fault: Fault) -> bool:
    """Tell whether Sprinklr accepted it, though its answer cannot be read."""
    return fault.code is Code.UPSTREAM_BAD_RESPONSE and fault.sent is Sent.YES


def _give_up(failure: TransportFailure, manner: Manner) -> NoReturn:
    if manner.write and failure.left:
        raise unknown_outcome(manner, str(failure)) from failure
    raise Fault(
        Code.UPSTREAM_DOWN,
        "Sprinklr cannot be reached or does not answer in time.",
        "Try again in a minute; if it lasts, ask the person to check the network.",
        note=str(failure),
    ) from failure
