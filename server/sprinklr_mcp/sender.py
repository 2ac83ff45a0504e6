"""The one way to Sprinklr: token, limits, deadline, retries, and what an answer means.

Whether a request may be repeated is told by the caller, never by its method. Where it cannot be known
whether a write happened, that is what is said.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import NoReturn

import anyio

from sprinklr_mcp.building import Frozen, tracked
from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.decoding import NotJson, decode
from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.http_client import HttpClient, Reply, TransportFailure
from sprinklr_mcp.limiter import Limiter, over_rate
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.service import AccessToken, TokenService
from sprinklr_mcp.uploads.form import Form
from sprinklr_tools.markup import without_markup
from sprinklr_tools.platform import KEY_HEADER, WORKSPACE_HEADER, Verdict, judge, prefix, wait_advised
from sprinklr_tools.reading import Json, Record, errors_in, payload_of

ATTEMPTS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manner:
    """How a request is to be sent: is it a write, may it be repeated, which read settles it."""

    write: bool
    repeatable: bool
    settle: str = ""


class Sender:
    """Sends frozen requests for one login."""

    def __init__(
        self, settings: Settings, client: HttpClient, tokens: TokenService, limiter: Limiter
    ) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._limiter = limiter

    async def send(self, frozen: Frozen, manner: Manner, form: Form | None = None) -> Json:
        """Send the request, with its files if it has any, and return what the answer carries.

        That is without its envelope, unless the request wants the errors that stand there.

        Raises `Fault`: OUTCOME_UNKNOWN where a write may have happened; else one that says it did not.
        """
        deadline = time.monotonic() + (
            self._settings.write_deadline if manner.write else self._settings.read_deadline
        )
        self._settings.credentials()
        deadline += form.patience if form else 0
        frozen = tracked(frozen)
        token = await self._tokens.current()
        renewed, attempt = False, 0
        while True:
            attempt += 1
            last = attempt == ATTEMPTS
            try:
                reply = await self._exchange(frozen, form, token, deadline)
            except TransportFailure as failure:
                if last or not (manner.repeatable or not failure.left):
                    _give_up(failure, manner)
                await _pause(attempt, deadline)
                continue
            verdict = judge(reply.status, reply.headers, _beginning(reply))
            if verdict is Verdict.TOKEN_REFUSED and not renewed:
                # What was refused for its token was not tried, so this is not a repetition.
                token, renewed, attempt = await self._tokens.renewed(token.generation), True, attempt - 1
            elif verdict is Verdict.OVER_RATE:
                await self._wait_out(reply, deadline, last)
            elif _worth_repeating(verdict, reply, manner) and not last:
                await _pause(attempt, deadline)
            else:
                return _meaning(reply, verdict, manner, whole=frozen.tells_errors)

    async def _exchange(
        self, frozen: Frozen, form: Form | None, token: AccessToken, deadline: float
    ) -> Reply:
        key, _ = self._settings.credentials()
        headers = {"Authorization": f"Bearer {token.value}", KEY_HEADER: key, "Accept": "application/json"}
        if frozen.in_workspace and self._settings.workspace:
            headers[WORKSPACE_HEADER] = self._settings.workspace
        content: bytes | AsyncIterable[bytes] | None = frozen.content
        if form is not None:
            headers |= {"Content-Type": form.content_type, "Content-Length": str(form.length)}
            content = form.content()
        elif content is not None:
            headers["Content-Type"] = "application/json"
        elif frozen.method != "GET":
            content = b""
        target = prefix(self._settings.environment) + frozen.target
        left = max(0.05, deadline - time.monotonic())
        async with self._limiter.slot(left):
            left = max(0.05, deadline - time.monotonic())
            return await self._client.exchange(frozen.method, target, headers, content, left)

    async def _wait_out(self, reply: Reply, deadline: float, last: bool) -> None:
        """Let every process of the key pause, as long as Sprinklr asks, or a second."""
        advised = wait_advised(reply.headers, time.time())
        wait = 1.0 if advised is None else advised
        await self._limiter.cool_down(min(wait, 3600.0))
        if last or time.monotonic() + wait > deadline:
            raise over_rate(60.0 if advised is None else advised)


def _worth_repeating(verdict: Verdict, reply: Reply, manner: Manner) -> bool:
    """Tell whether another attempt does no harm and may bring what this one did not."""
    lost = verdict is Verdict.DONE and not reply.whole and not manner.write
    return manner.repeatable and (verdict is Verdict.BROKEN or lost)


def _give_up(failure: TransportFailure, manner: Manner) -> NoReturn:
    if manner.write and failure.left:
        raise unknown_outcome(manner, str(failure)) from failure
    raise Fault(
        Code.UPSTREAM_DOWN,
        "Sprinklr cannot be reached or does not answer in time.",
        "Try again in a minute; if it lasts, ask the person to check the network.",
        note=str(failure),
    ) from failure


async def _pause(attempt: int, deadline: float) -> None:
    """Wait before the next attempt: at random up to a bound that doubles."""
    bound = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
    wait = random.uniform(0, bound)  # noqa: S311 - spreads load, guards nothing
    await anyio.sleep(max(0.0, min(wait, deadline - time.monotonic())))


def _beginning(reply: Reply) -> str:
    return reply.body[:2000].decode("utf-8", "replace")


def _meaning(reply: Reply, verdict: Verdict, manner: Manner, *, whole: bool) -> Json:
    """Return what a final answer carries, or raise what it means."""
    if verdict in (Verdict.DONE, Verdict.ACCEPTED):
        return _carried(reply, manner, whole=whole)
    note = _own_words(reply)
    log.warning("Sprinklr answered %s (%s): %s", reply.status, verdict, note)
    if verdict in (Verdict.BROKEN, Verdict.UNEXPECTED) and manner.write:
        raise unknown_outcome(manner, note)
    raise _refusal(verdict, reply.status, manner, note)


def _carried(reply: Reply, manner: Manner, *, whole: bool) -> Json:
    if reply.whole and not reply.body.strip() and (manner.write or reply.status == 204):
        return None
    try:
        answer = decode(reply.body) if reply.whole else None
    except NotJson:
        answer = None
    if answer is None:
        raise _unreadable(manner)
    payload = payload_of(answer)
    if errors_in(answer) and not payload:
        raise _refusal(Verdict.REFUSED, reply.status, manner, _own_words(reply))
    return answer if whole else payload


def unknown_outcome(manner: Manner, note: str) -> Fault:
    """Say that a write may or may not have happened, and how to find out."""
    return Fault(
        Code.OUTCOME_UNKNOWN,
        "Sprinklr gave no clear answer, so it is not known whether this happened.",
        manner.settle or "Do not repeat it before you have read what it would have changed.",
        sent=Sent.UNKNOWN,
        note=note,
    )


def _unreadable(manner: Manner) -> Fault:
    if manner.write:
        return Fault(
            Code.UPSTREAM_BAD_RESPONSE,
            "Sprinklr accepted it, but its answer cannot be read.",
            f"Do not repeat it. {manner.settle or 'Ask the person to look in Sprinklr.'}",
            sent=Sent.YES,
        )
    return Fault(
        Code.UPSTREAM_BAD_RESPONSE,
        "Sprinklr's answer cannot be read: it is cut off, too large, or not JSON.",
        "Try again once; if it stays so, tell the person.",
    )


# What to do about two of them depends on the arguments, which are not known here.
REFUSALS = {
    Verdict.TOKEN_REFUSED: (
        Code.FORBIDDEN,
        "Sprinklr refuses this to the login, though the login is fresh.",
        "The person behind the login may lack the permission or the workspace.",
    ),
    Verdict.KEY_REFUSED: (
        Code.CONFIGURATION,
        "Sprinklr does not accept the API key in this environment.",
        "Ask the person to check SPRINKLR_API_KEY and SPRINKLR_ENVIRONMENT; logging in again does not help.",
    ),
    Verdict.FORBIDDEN: (
        Code.FORBIDDEN,
        "Sprinklr does not allow this to the person behind the login.",
        "Tell the person that a permission is missing in Sprinklr.",
    ),
    Verdict.NOT_FOUND: (
        Code.NOT_FOUND,
        "Sprinklr does not find it, or this login may not see it.",
        "",
    ),
    Verdict.CONFLICT: (
        Code.CONFLICT,
        "It was changed by somebody else in the meantime.",
        "Read it again before deciding.",
    ),
    Verdict.REFUSED: (
        Code.UPSTREAM_REFUSED,
        "Sprinklr refused the request and did nothing.",
        "",
    ),
    Verdict.BROKEN: (
        Code.UPSTREAM_DOWN,
        "Sprinklr failed to answer, more than once.",
        "Try again in a few minutes.",
    ),
    Verdict.UNEXPECTED: (
        Code.UPSTREAM_BAD_RESPONSE,
        "Sprinklr answered in a way that it does not document.",
        "Tell the person; somebody must look at the log.",
    ),
}


def _refusal(verdict: Verdict, status: int, manner: Manner, note: str) -> Fault:
    code, message, next = REFUSALS[verdict]
    sent = Sent.YES if manner.write else Sent.NO
    if manner.write and verdict is Verdict.NOT_FOUND:
        message += " Nothing was changed."
    return Fault(code, message, next, sent=sent, note=f"status {status}: {note}")


def _own_words(reply: Reply) -> str:
    """Return Sprinklr's own message, cleaned and cut: for the log and a terminal, never for a model."""
    try:
        answer = Record.of(decode(reply.body))
    except NotJson:
        return on_one_line(without_markup(_beginning(reply)), 300)
    first = next(iter(answer.records("errors")), answer)
    return on_one_line(str(first.text("message", "errorCode", "code", "error") or ""), 300)
