"""The login: whether it is there, and whether Sprinklr takes it."""

from __future__ import annotations

import time

from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok
from sprinklr_mcp.doctor.wording import lasting, moment
from sprinklr_mcp.store.tokens import Pair
from sprinklr_mcp.tokens.service import CLIENT_CREDENTIALS, REFRESH, expires_soon
from sprinklr_mcp.whoami import in_lines, who_am_i

MEND = "Run `sprinklr-mcp login`. (An API key has one login: one elsewhere ends the one here.)"
MADE = {REFRESH: "renewed", CLIENT_CREDENTIALS: "made as the app's default user"}


async def kept(subject: Subject) -> list[Finding]:
    """Whether a login is stored, how old it is, and when it is renewed."""
    if not subject.has_store:
        return failed("nobody has logged in here", "Run `sprinklr-mcp login`.")
    state = await (await subject.machine()).token_store.read()
    if state.unreadable:
        return failed("stored, but the key of this store does not open it", MEND)
    if state.pair is None:
        return failed("nobody has logged in here", MEND)
    if state.login_required:
        return failed("stored, but Sprinklr no longer takes it", MEND)
    age = lasting(time.time() - state.pair.obtained_at)
    return ok(f"{MADE.get(state.pair.grant, 'made in a browser')} {age} ago; {_renewal(state.pair)}")


def _renewal(pair: Pair) -> str:
    if pair.expires_at is None:
        return "Sprinklr did not say how long it lasts"
    if expires_soon(pair):
        return "due to be renewed, at the next call"
    return f"renewed by itself before {moment(pair.expires_at)}, and only that tries the secret again"


async def person(subject: Subject) -> list[Finding]:
    """One read by the way that every tool takes: who is logged in, and in which tenant."""
    me = await who_am_i(await subject.machine())
    return ok("; ".join(f"{name.lower()}: {value}" for name, value in in_lines(me).items()))
