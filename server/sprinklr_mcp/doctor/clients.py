"""The clients: which have this server, what the last one could do, and how a person can be asked."""

from __future__ import annotations

from sprinklr_mcp.approvals.terminal import has_terminal
from sprinklr_mcp.doctor import entries
from sprinklr_mcp.doctor.findings import Finding, Subject, ok, warning
from sprinklr_mcp.doctor.wording import moment
from sprinklr_mcp.pages.browser import can_be_here


async def last(subject: Subject) -> list[Finding]:
    """What the client that called last told of itself."""
    seen = await (await subject.machine()).last_client.read() if subject.has_store else None
    if seen is None:
        return ok("none has called yet")
    client, when = seen
    forms = "shows forms" if client.shows_forms else "shows no forms, so a page or a terminal asks"
    named = " ".join(part for part in (client.name, client.version) if part)
    return ok(f"{named} at {moment(when)}, by protocol {client.protocol}; it {forms}")


async def approvals(subject: Subject) -> list[Finding]:
    """By which ways a person can be asked, as far as it shows from this terminal."""
    ways = subject.settings.approval_ways
    can = {
        "form": "by a form, where the client shows them",
        "page": "on a page in the browser" if can_be_here(subject.environment) else "",
        "terminal": "with `sprinklr-mcp approve`" if has_terminal() else "with `approve`, in a terminal",
    }
    possible = [can[way] for way in ways if can[way]]
    told = "; ".join(possible) or "in no way"
    if "page" in ways and not can["page"]:
        told += "; on no page, since no browser shows from here"
    if not set(ways) & {"page", "terminal"}:
        return warning(
            f"{told}, and in no other way",
            "For clients that show no forms, allow another way in SPRINKLR_APPROVAL_WAYS.",
        )
    return ok(told)


async def entered(subject: Subject) -> list[Finding]:
    """Which clients of this machine start this server, and whether they can."""
    found = subject.clients
    findings: list[Finding] = []
    for one in found:
        if one.here and one.unreadable:
            findings += warning(f"{one.client.title}: {one.unreadable}", "Mend the file, or ask its owner.")
    told = [f"{one.client.title} ({', '.join(one.entries)})" for one in found if one.entries]
    without = [one.client for one in found if one.here and not one.entries and not one.unreadable]
    findings += entries.startable(subject)
    if told:
        return [*findings, *ok(f"entered at {', '.join(told)}")]
    command = f"sprinklr-mcp install {without[0].name}" if without else "sprinklr-mcp install"
    return [*findings, *warning("this server is entered at no client", f"Run `{command}`.")]
