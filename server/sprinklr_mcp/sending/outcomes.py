"""What an answer of Sprinklr's means: what it carries, or a fault in words of our own.

Where it cannot be known whether a write happened, that is what is said. Sends nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sprinklr_mcp.cleaning import on_one_line
from sprinklr_mcp.decoding import NotJson, decode
from sprinklr_mcp.errors import Code, Fault, Sent
from sprinklr_mcp.sending.http_client import Reply
from sprinklr_tools.markup import without_markup
from sprinklr_tools.platform import Verdict
from sprinklr_tools.reading import Json, Record, errors_in, payload_of

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manner:
    """How a request is to be sent: is it a write, may it be repeated, which read settles it.

    `endpoint` names what it calls, for what is counted by it; `seconds` is how long all of it may take.
    An `urgent` one, which says what became of another, may use the calls that are kept back.
    """

    write: bool
    repeatable: bool
    endpoint: str
    seconds: float
    settle: str = ""
    urgent: bool = False


def meaning_of(reply: Reply, verdict: Verdict, manner: Manner, *, whole: bool) -> Json:
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
        return on_one_line(without_markup(reply.beginning), 300)
    first = next(iter(answer.records("errors")), answer)
    return on_one_line(str(first.text("message", "errorCode", "code", "error") or ""), 300)
