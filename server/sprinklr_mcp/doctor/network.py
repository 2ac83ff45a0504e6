"""The way to Sprinklr: proxies, the address and its certificate, its clock, and what it says to the key."""

from __future__ import annotations

from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.errors import for_a_person
from sprinklr_mcp.tokens.failures import FAILURES, Sign
from sprinklr_mcp.tokens.probing import probed
from sprinklr_tools.platform import prefix

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")
TOLERATED = 60.0
"""Seconds that two clocks may differ."""


async def proxies(subject: Subject) -> list[Finding]:
    """Whether somebody believes that the system's proxies are used."""
    names = [one for one in (*PROXIES, *map(str.lower, PROXIES)) if subject.environment.get(one)]
    if subject.settings.proxy is not None:
        return ok("calls go through SPRINKLR_PROXY")
    if names:
        return warning(
            f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} set and not used",
            "If calls must go through a proxy, name it in SPRINKLR_PROXY.",
        )
    return ok("none")


async def address(subject: Subject) -> list[Finding]:
    """Whether Sprinklr is reached, and by a certificate that is trusted."""
    settings = subject.settings
    machine = await subject.machine()
    subject.probe = probe = await probed(machine.client, settings)
    place = settings.base_url + prefix(settings.environment)
    if not probe.reached and probe.sign is not None:
        return _of(probe.sign, f" [{place}: {probe.note}]")
    trusted = " and the certificates of SPRINKLR_CA_FILE" if settings.ca_file else ""
    how = f"by a certificate that the system{trusted} vouches for"
    return ok(f"{place} answers, {how if place.startswith('https') else 'on this machine'}")


async def clock(subject: Subject) -> list[Finding]:
    """Whether this machine and Sprinklr agree on the time."""
    ahead = subject.probe.ahead if subject.probe else None
    if ahead is None:
        return ok("Sprinklr's answer tells no time")
    told = f"{abs(round(ahead))} seconds {'ahead of' if ahead > 0 else 'behind'} Sprinklr's"
    if abs(ahead) > TOLERATED:
        return warning(told, FAILURES[Sign.CLOCK].mend)
    return ok("agrees with Sprinklr's")


async def app(subject: Subject) -> list[Finding]:
    """Whether Sprinklr knows the key in this environment, with this callback address."""
    settings, sign = subject.settings, subject.probe.sign if subject.probe else None
    if sign is not None:
        return _of(sign)
    if settings.redirect_uri is None:
        return warning(
            "no callback address is set or kept, so nobody can log in by a browser",
            "Run `sprinklr-mcp setup`, or set SPRINKLR_REDIRECT_URI.",
        )
    return ok(f"the login page opens for this key in {settings.environment}, with {settings.redirect_uri}")


def _of(sign: Sign, more: str = "") -> list[Finding]:
    return failed(FAILURES[sign].meaning + more, for_a_person(FAILURES[sign].mend))
