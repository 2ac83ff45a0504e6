"""Sprinklr's addresses, header names and ways to refuse, as its platform articles tell them.

Pure: knows neither client nor token, and decides nothing about retries.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum

DEFAULT_BASE_URL = "https://api3.sprinklr.com"
KEY_HEADER = "Key"
WORKSPACE_HEADER = "workspace_id"
AUTHORIZE_PATH = "/oauth/authorize"
TOKEN_PATH = "/oauth/token"  # noqa: S105 - a path


SECONDS = re.compile(r"[0-9]{1,12}")


class Verdict(StrEnum):
    """What an answer's status and body mean."""

    DONE = "done"
    ACCEPTED = "accepted"
    """Taken for later: done is not known."""
    TOKEN_REFUSED = "token refused"  # noqa: S105
    """The access token is expired or revoked, or lacks a right: only a fresh one tells which."""
    KEY_REFUSED = "key refused"
    """The API key is unknown, inactive, or of another environment; the tokens are not to blame."""
    FORBIDDEN = "forbidden"
    OVER_RATE = "over rate"
    NOT_FOUND = "not found"
    CONFLICT = "conflict"
    REFUSED = "refused"
    """The request itself is wrong; it was not executed."""
    BROKEN = "broken"
    """Sprinklr failed; whether it executed the request is not known."""
    UNEXPECTED = "unexpected"
    """No published answer, such as a redirection."""


def prefix(environment: str) -> str:
    """Return what stands before every path: nothing in production, else the environment."""
    return "" if environment in ("", "prod") else f"/{environment}"


def judge(status: int, headers: Mapping[str, str], body: str) -> Verdict:
    """Say what an answer means; `headers` by lower-case name, `body` its beginning as text.

    Gateway refusals come as plain text or HTML, Sprinklr's own as JSON; so the words decide, not the
    content type.
    """
    words = body.lower()
    if status in (200, 201, 204):
        return Verdict.DONE
    if status == 202:
        return Verdict.ACCEPTED
    if status == 429 or (status == 403 and _over_rate(headers, words)):
        return Verdict.OVER_RATE
    if status == 401:
        key = "consumer key" in words or "developer inactive" in words
        return Verdict.KEY_REFUSED if key else Verdict.TOKEN_REFUSED
    if status == 403:
        return Verdict.KEY_REFUSED if "inactive" in words else Verdict.FORBIDDEN
    if status == 400:
        return Verdict.FORBIDDEN if "access to resource is forbidden" in words else Verdict.REFUSED
    if status >= 500:
        return Verdict.BROKEN
    return _OTHER.get(status, Verdict.REFUSED if 400 <= status < 500 else Verdict.UNEXPECTED)


_OTHER = {404: Verdict.NOT_FOUND, 409: Verdict.CONFLICT, 421: Verdict.KEY_REFUSED}


def _over_rate(headers: Mapping[str, str], words: str) -> bool:
    """Tell whether a 403 is the rate limit; the gateway's own header wins over the words."""
    code = headers.get("x-mashery-error-code", "").lower()
    return "over_" in code if code else ("over rate" in words or "over qps" in words)


@dataclass(frozen=True)
class Pace:
    """What an answer says about Sprinklr's limits.

    `refused`: over the rate. `wait`: seconds, None where it does not say. `endpoint_only`: a rule on this one
    endpoint, not the key's limits. `used_up`: the limit of which, after this call, nothing remains.
    """

    refused: bool
    wait: float | None = None
    endpoint_only: bool = False
    used_up: int | None = None


def pace_of(verdict: Verdict, headers: Mapping[str, str], now: float) -> Pace:
    """Read the limits' headers, where they come; `now` in seconds since 1970."""
    remaining, limit = headers.get("x-ratelimit-remaining", ""), headers.get("x-ratelimit-limit", "")
    spent = SECONDS.fullmatch(remaining) and int(remaining) == 0 and SECONDS.fullmatch(limit)
    return Pace(
        refused=verdict is Verdict.OVER_RATE,
        wait=_wait_advised(headers, now),
        endpoint_only="x-ratelimit-rule-id" in headers,
        used_up=int(limit) if spent else None,
    )


def _wait_advised(headers: Mapping[str, str], now: float) -> float | None:
    """Return how many seconds Sprinklr asks to wait, from `Retry-After` or the reset time."""
    after = headers.get("retry-after", "")
    if SECONDS.fullmatch(after):
        return float(after)
    with contextlib.suppress(ValueError):
        return max(0.0, parsedate_to_datetime(after).timestamp() - now)
    reset = headers.get("x-ratelimit-reset", "")
    return max(0.0, float(reset) - now) if SECONDS.fullmatch(reset) else None


def date_of(headers: Mapping[str, str]) -> float | None:
    """Return when the answer was made by Sprinklr's clock, in seconds since 1970; None if not told."""
    with contextlib.suppress(ValueError):
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    return None
