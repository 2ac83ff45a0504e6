"""What this hour still holds, and the writes: paused, under way, of unknown outcome."""

from __future__ import annotations

import time

from sprinklr_mcp.doctor.findings import Finding, Subject, failed, ok, warning
from sprinklr_mcp.doctor.wording import lasting, moment

DAY = 86_400.0


async def calls(subject: Subject) -> list[Finding]:
    """How much of the hour's calls is left, for all processes of this user."""
    settings = subject.settings
    if not subject.has_store:
        return ok(f"all {settings.calls_per_hour} calls of this hour are left")
    standing = await (await subject.machine()).limiter.standing()
    told = f"{standing.used} of {standing.hourly} calls of this hour are used"
    if standing.pause:
        return failed(f"{told}; Sprinklr asked for a pause", f"Wait {lasting(standing.pause)}.")
    if standing.full:
        return failed(
            f"{told}, and the rest is kept for renewing the login and for outcomes",
            f"The next is possible in {lasting(standing.next_free)}. If your contract allows more, say so in "
            "SPRINKLR_CALLS_PER_HOUR.",
        )
    return ok(told)


async def writes(subject: Subject) -> list[Finding]:
    """Whether a person has stopped them, and what became of those that were sent."""
    if not subject.has_store:
        return ok("none yet")
    operations = (await subject.machine()).operations
    since, under_way = await operations.paused_since(), await operations.under_way()
    unknown = await operations.unknown_since(time.time() - DAY)
    found: list[Finding] = []
    if since is not None:
        found += warning(f"paused since {moment(since)}", "Let them go on with `sprinklr-mcp resume`.")
    if unknown:
        found += warning(
            f"whether {unknown} of the last day's happened is not known",
            "Look at them with `sprinklr-mcp audit --outcome unknown`, and in Sprinklr.",
        )
    return found or ok(f"not paused; {under_way} under way, none of unknown outcome")
