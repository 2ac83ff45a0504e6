"""One call to the token endpoint, and what its answer means. Never repeats a call."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, cast

from sprinklr_mcp.sending.breaker import Breaker
from sprinklr_mcp.sending.http_client import HttpClient, Reply, TransportFailure
from sprinklr_mcp.sending.limiter import Limiter
from sprinklr_mcp.store.tokens import Pair
from sprinklr_mcp.tokens.failures import OF_OBSTACLE, fault_for, refusal
from sprinklr_tools.platform import TOKEN_PATH, Verdict, judge, pace_of, prefix

if TYPE_CHECKING:
    # It takes Authlib with it, which most calls never need.
    from sprinklr_mcp.tokens.grants import TokenRequest

LONGEST_LIFE = 366 * 24 * 3600


class GrantRefused(Exception):
    """The code or the refresh token is used up, expired or revoked."""


class Unanswered(Exception):
    """The request may have left and no whole answer came: what was spent may be spent."""


class TokenEndpoint:
    """The token endpoint of one environment."""

    def __init__(self, client: HttpClient, limiter: Limiter, environment: str, deadline: float) -> None:
        self._client = client
        self._limiter = limiter
        self._deadline = deadline
        self._target = prefix(environment) + TOKEN_PATH
        self._breaker = Breaker()

    async def ask(self, request: TokenRequest, grant: str) -> Pair:
        """Return the pair that Sprinklr gives.

        Raises `GrantRefused`, `Unanswered`, or a `Fault` after which what was to be spent is unspent.
        """
        self._breaker.check(self._target)
        try:
            async with self._limiter.slot(self._deadline, urgent=True) as slot:
                reply = await self._client.exchange(
                    "POST", self._target, request.headers, request.body, self._deadline
                )
                verdict = judge(reply.status, reply.headers, reply.beginning)
                slot.pace = pace_of(verdict, reply.headers, time.time())
        except TransportFailure as failure:
            self._breaker.failed(self._target)
            if failure.left:
                raise Unanswered from failure
            raise fault_for(OF_OBSTACLE[failure.obstacle], str(failure)) from failure
        if verdict is Verdict.BROKEN:
            self._breaker.failed(self._target)
        else:
            self._breaker.answered(self._target)
        return _pair(reply, verdict, grant)


def _pair(reply: Reply, verdict: Verdict, grant: str) -> Pair:
    if verdict is Verdict.DONE:
        return _read(reply, grant)
    sign = refusal(verdict, reply.status, reply.beginning)
    if sign is None:
        raise GrantRefused
    raise fault_for(sign, f"status {reply.status}")


def _read(reply: Reply, grant: str) -> Pair:
    # Leniently: a pair that is here must not be lost over an odd number beside it.
    try:
        answer: Any = json.loads(reply.body) if reply.whole else None
    except (ValueError, RecursionError):
        answer = None
    members = cast(dict[str, Any], answer) if isinstance(answer, dict) else {}
    access = members.get("access_token")
    if not isinstance(access, str) or not access:
        raise Unanswered
    refresh = members.get("refresh_token")
    now = time.time()
    life = _life(members.get("expires_in"))
    return Pair(
        access_token=access,
        refresh_token=refresh if isinstance(refresh, str) and refresh else None,
        grant=grant,
        expires_at=now + life if life else None,
        obtained_at=now,
    )


def _life(value: Any) -> float | None:
    """Read `expires_in`, a number or digits, in seconds; an absurd one counts as not said."""
    try:
        life = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return life if 0 < life <= LONGEST_LIFE else None
