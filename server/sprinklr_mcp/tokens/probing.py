"""Asking for the page to log in on, as a browser would, to see what is wrong before a person is sent there.

Reads, logs nobody in, and shows neither token nor secret to anybody. It takes no slot of the limiter, as the
person's browser takes none for the same page; to take one would make a store where there is none yet.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sprinklr_mcp.sending.http_client import HttpClient, TransportFailure
from sprinklr_mcp.settings import Settings
from sprinklr_mcp.tokens.failures import OF_OBSTACLE, Sign, seen_when_asking
from sprinklr_mcp.tokens.grants import authorize
from sprinklr_tools.platform import AUTHORIZE_PATH, date_of, judge, prefix

NO_REDIRECT = "https://www.example.com/"


@dataclass(frozen=True)
class Probe:
    """What the answer tells; `sign` is None where nothing is wrong that shows."""

    reached: bool
    sign: Sign | None
    note: str = ""
    ahead: float | None = None
    """How many seconds this machine's clock is ahead of Sprinklr's, where its answer had a date."""


async def probed(client: HttpClient, settings: Settings) -> Probe:
    """Ask for the page to log in on. Raises `Fault` CONFIGURATION for a missing key or a bad CA file."""
    api_key = settings.key()
    path = prefix(settings.environment) + AUTHORIZE_PATH
    target = authorize(path, api_key, settings.redirect_uri or NO_REDIRECT).address
    try:
        reply = await client.exchange("GET", target, {"Accept": "text/html"}, None, settings.token_deadline)
    except TransportFailure as failure:
        return Probe(reached=False, sign=OF_OBSTACLE[failure.obstacle], note=str(failure))
    verdict = judge(reply.status, reply.headers, reply.beginning)
    sign = seen_when_asking(verdict, reply.status, reply.beginning)
    if sign is Sign.WRONG_REDIRECT and settings.redirect_uri is None:
        sign = None
    date = date_of(reply.headers)
    ahead = None if date is None else time.time() - date
    return Probe(reached=True, sign=sign, note=f"status {reply.status}", ahead=ahead)
