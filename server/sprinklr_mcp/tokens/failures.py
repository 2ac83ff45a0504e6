"""What can go wrong on the way to a login: its sign, what it means, and how it is mended. One table.

`login`, the page to log in on, `setup` and `doctor` all say what stands here. The signs of a refusal are
those that Sprinklr's articles on authorization, its troubleshooting guide and its table of error statuses
name; bodies are not published, so words count where there are some, and the status else. Pure: asks nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sprinklr_mcp.errors import Code, Fault
from sprinklr_mcp.sending.http_client import Obstacle
from sprinklr_tools.platform import Verdict


class Sign(StrEnum):
    """What was seen."""

    UNKNOWN_KEY = "unknown key"
    INACTIVE_KEY = "inactive key"
    WRONG_ENVIRONMENT = "wrong environment"
    WRONG_SECRET = "wrong secret"  # noqa: S105 - a kind of failure
    WRONG_REDIRECT = "wrong redirect address"
    NO_PERMISSION = "no permission"
    SPENT_CODE = "spent code"
    NO_DEFAULT_USER = "no default user"
    WRONG_STATE = "wrong state"
    NO_ADDRESS = "no address"
    DENIED = "denied"
    ENDED_WITH_ERROR = "ended with an error"
    NOBODY_CAME = "nobody came"
    PORT_TAKEN = "port taken"
    OVER_RATE = "over rate"
    UNREACHED = "unreached"
    DOWN = "down"
    NO_ANSWER = "no answer"
    UNDOCUMENTED = "undocumented"
    UNKNOWN_NAME = "unknown name"
    UNTRUSTED = "untrusted"
    NO_PROXY = "no proxy"
    CLOCK = "clock"


@dataclass(frozen=True)
class Failure:
    """What a sign means, and its mend; `shown` is what the person's browser shows, if it is seen there."""

    code: Code
    meaning: str
    mend: str
    shown: str = ""


AGAIN = "Log in again from the beginning."
ANEW = "It is changed where it was entered: by `sprinklr-mcp setup`, or in the settings of the extension."
LATER = "Try again in a few minutes; a login that is stored is not lost."
FAILURES = {
    Sign.UNKNOWN_KEY: Failure(
        Code.CONFIGURATION,
        "Sprinklr does not know this API key in this environment.",
        "Ask the person to compare key and environment (SPRINKLR_API_KEY, SPRINKLR_ENVIRONMENT) with the app "
        f"in Sprinklr, letter by letter: a key works in one environment only. {ANEW}",
        shown="Invalid consumer key",
    ),
    Sign.INACTIVE_KEY: Failure(
        Code.CONFIGURATION,
        "Sprinklr says that the API key is not active, or not enabled for this environment.",
        "Ask the person to look in Sprinklr's developer portal whether the app is enabled, and for which "
        f"environment (SPRINKLR_ENVIRONMENT). {ANEW}",
        shown="Developer Inactive",
    ),
    Sign.WRONG_ENVIRONMENT: Failure(
        Code.CONFIGURATION,
        "The API key belongs to another environment than the one that is given (SPRINKLR_ENVIRONMENT).",
        "Ask the person to look it up: in the source of the Sprinklr page, search for sentry-environment. "
        f"{ANEW}",
        shown="Misdirected Request",
    ),
    Sign.WRONG_SECRET: Failure(
        Code.CONFIGURATION,
        "Sprinklr does not accept the API secret for this key.",
        f"Ask the person to copy the secret (SPRINKLR_API_SECRET) from the app once more, whole. {ANEW}",
    ),
    Sign.WRONG_REDIRECT: Failure(
        Code.CONFIGURATION,
        "The callback address that is given (SPRINKLR_REDIRECT_URI) is not to the letter the one that is "
        "registered for the app in Sprinklr.",
        f"Ask the person to copy it from the app: http or https, and a slash at the end, count. {ANEW}",
        shown="Internal Server Error",
    ),
    Sign.NO_PERMISSION: Failure(
        Code.FORBIDDEN,
        "The user who logged in may not let an app in: they lack the permission 'Generate Token'.",
        "Ask the person to have an administrator in Sprinklr grant it (it is also called 'Generate API "
        "Token'), or log in as a user who has it.",
        shown="something about Generate Token, or about missing rights",
    ),
    Sign.SPENT_CODE: Failure(
        Code.FORBIDDEN, "Sprinklr did not accept the code: it is used up or older than 10 minutes.", AGAIN
    ),
    Sign.NO_DEFAULT_USER: Failure(
        Code.FORBIDDEN,
        "Sprinklr did not give the application a login of its own.",
        "Ask Sprinklr's support to attach a default user to the API key, or use `sprinklr-mcp login`.",
    ),
    Sign.WRONG_STATE: Failure(
        Code.INVALID_REQUEST,
        "That address does not belong to this login: its state is not the one that was sent.",
        "Use the address that the browser shows after this very login, whole.",
    ),
    Sign.NO_ADDRESS: Failure(
        Code.INVALID_REQUEST,
        "That is not the address that the browser ends on: it has no state and no code.",
        "Copy the whole line of the browser's address bar after logging in, from http to its end.",
    ),
    Sign.DENIED: Failure(
        Code.FORBIDDEN,
        "Access was not granted.",
        "Log in again and submit Sprinklr's page; the user needs the permission 'Generate Token'.",
    ),
    Sign.ENDED_WITH_ERROR: Failure(
        Code.UPSTREAM_REFUSED,
        "Sprinklr ended the login with an error, and sent no code.",
        "Log in again; if it stays so, compare key, environment and callback address with the app in "
        "Sprinklr, or let `sprinklr-mcp doctor` look at them.",
    ),
    Sign.NOBODY_CAME: Failure(Code.CONFIRMATION_EXPIRED, "Nobody logged in within five minutes.", AGAIN),
    Sign.PORT_TAKEN: Failure(
        Code.CONFIGURATION,
        "The port that the callback address names is taken or not allowed.",
        "End the program that uses it (it may be another login that still waits, for five minutes at most), "
        "or add --paste to the command, and paste the address that the browser ends on.",
    ),
    Sign.OVER_RATE: Failure(
        Code.OVER_RATE,
        "Sprinklr's limit on calls was reached while getting the login.",
        "Wait a minute, then try again; a login that is stored is not lost.",
    ),
    Sign.UNREACHED: Failure(
        Code.UPSTREAM_DOWN,
        "Sprinklr's login service cannot be reached: nobody answers there, or not in time.",
        "Ask the person to check the network, and SPRINKLR_BASE_URL and SPRINKLR_PROXY if they are set. "
        + LATER,
    ),
    Sign.DOWN: Failure(Code.UPSTREAM_DOWN, "Sprinklr's login service fails.", LATER),
    Sign.NO_ANSWER: Failure(Code.UPSTREAM_DOWN, "Sprinklr's login service gave no readable answer.", AGAIN),
    Sign.UNDOCUMENTED: Failure(
        Code.UPSTREAM_BAD_RESPONSE,
        "Sprinklr's login service gave an answer that it does not document.",
        "Ask the person to check SPRINKLR_BASE_URL if it is set. " + LATER,
    ),
    Sign.UNKNOWN_NAME: Failure(
        Code.UPSTREAM_DOWN,
        "Sprinklr's login service cannot be reached: nobody knows the name of its host.",
        "Ask the person to check the network and SPRINKLR_BASE_URL; a network that programs leave through a "
        "proxy alone needs SPRINKLR_PROXY.",
    ),
    Sign.UNTRUSTED: Failure(
        Code.CONFIGURATION,
        "Sprinklr's login service cannot be reached safely: its certificate is not one that is trusted here.",
        "Ask the person to name the certificates of their company's gateway in SPRINKLR_CA_FILE, if there is "
        "one; otherwise somebody stands in between.",
    ),
    Sign.NO_PROXY: Failure(
        Code.CONFIGURATION,
        "The proxy that SPRINKLR_PROXY names does not let calls through.",
        "Ask the person to check its address, its port and its password.",
    ),
    Sign.CLOCK: Failure(
        Code.CONFIGURATION,
        "This machine's clock differs from Sprinklr's.",
        "Set it by the network's time: with a wrong one, logins seem to last too long, or too short.",
    ),
}
OF_VERDICT = {
    Verdict.OVER_RATE: Sign.OVER_RATE,
    Verdict.BROKEN: Sign.DOWN,
    Verdict.FORBIDDEN: Sign.NO_PERMISSION,
}
OF_OBSTACLE = {
    Obstacle.NAME: Sign.UNKNOWN_NAME,
    Obstacle.CERTIFICATE: Sign.UNTRUSTED,
    Obstacle.PROXY: Sign.NO_PROXY,
    Obstacle.OTHER: Sign.UNREACHED,
}


def fault_for(sign: Sign, note: str = "") -> Fault:
    """Return the failure as the fault that stops a login."""
    failure = FAILURES[sign]
    return Fault(failure.code, failure.meaning, failure.mend, note=note)


def refusal(verdict: Verdict, status: int, words: str) -> Sign | None:
    """Return why the token endpoint refused; None where it was the code or the token that was sent.

    `words` are the beginning of the body.
    """
    if verdict is Verdict.KEY_REFUSED:
        return _of_the_key(status, words)
    if verdict in OF_VERDICT:
        return OF_VERDICT[verdict]
    # OAuth allows 400 and 401 for both the application's refusal and the grant's.
    if "invalid_client" in words or (status == 401 and "invalid_grant" not in words):
        return Sign.WRONG_SECRET
    if status in (400, 401):
        # Sprinklr does not say what a wrong address is answered with: A14 of docs/assumptions.md.
        return Sign.WRONG_REDIRECT if "redirect_uri" in words else None
    return Sign.UNDOCUMENTED


def seen_when_asking(verdict: Verdict, status: int, words: str) -> Sign | None:
    """Return what is wrong as the address to log in on was asked for; None where nothing shows."""
    if verdict is Verdict.KEY_REFUSED:
        return _of_the_key(status, words)
    if status == 500:
        return Sign.WRONG_REDIRECT
    return OF_VERDICT.get(verdict) if verdict is not Verdict.FORBIDDEN else None


def _of_the_key(status: int, words: str) -> Sign:
    if status == 421:
        return Sign.WRONG_ENVIRONMENT
    return Sign.INACTIVE_KEY if "inactive" in words.lower() else Sign.UNKNOWN_KEY


STOP = "Then press Ctrl-C; `sprinklr-mcp setup` asks for key, environment and address anew."


def in_the_browser() -> str:
    """Say what the person may see in their browser instead of a login, two lines for each."""
    seen = [f"  {one.shown}:\n    {one.meaning}" for one in FAILURES.values() if one.shown]
    return "\n".join(["What it may show instead of a login, and what that means:", *seen, STOP])
