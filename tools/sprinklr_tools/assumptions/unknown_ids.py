"""What Sprinklr answers to a read of something that is not there. The ids here belong to nothing."""

from __future__ import annotations

from sprinklr_tools.action import Action
from sprinklr_tools.actions.advanced.custom_fields import GetCustomField
from sprinklr_tools.actions.cases.by_id import GetCaseById
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.actions.knowledge.articles import GetKbContent
from sprinklr_tools.actions.messages.by_id import GetMessage
from sprinklr_tools.actions.profiles.reading import GetProfileById
from sprinklr_tools.assumptions.probe import Ask, Outcome, Probe
from sprinklr_tools.platform import Verdict
from sprinklr_tools.properties import STATUS

NOBODYS = "f" * 24
EITHER_WAY = "Nothing changes: the tool says that there is none, whichever of the two comes."


async def unknown_number(ask: Ask) -> Outcome:
    """Read the case of the highest number that the tool takes."""
    told = await ask(GetCaseByNumber(case_number="9" * 18))
    return Outcome(told.verdict is Verdict.DONE and not told.payload, f"It answers with {told.in_words}.")


async def unknown_case(ask: Ask) -> Outcome:
    """Read a case by an id that no case has."""
    return await _missing(ask, GetCaseById(case_id=NOBODYS))


async def unknown_message(ask: Ask) -> Outcome:
    """Read a message that no account received."""
    return await _missing(ask, GetMessage(message_id="ACCOUNT_1_1000000000000_TWITTER_7_1"))


async def unknown_profile(ask: Ask) -> Outcome:
    """Read a profile by an id that nobody has."""
    return await _missing(ask, GetProfileById(profile_id=NOBODYS))


async def unknown_article(ask: Ask) -> Outcome:
    """Read an article by an id that none has."""
    return await _missing(ask, GetKbContent(content_id=NOBODYS))


async def unknown_field(ask: Ask) -> Outcome:
    """Read a field that nobody defined, and the one that holds statuses."""
    unknown = await ask(GetCustomField(field_name=f"_c_{NOBODYS}"))
    status = await ask(GetCustomField(field_name=STATUS))
    holds = unknown.verdict is Verdict.NOT_FOUND and status.verdict is Verdict.DONE and bool(status.payload)
    return Outcome(holds, f"The first answers with {unknown.in_words}, the second with {status.in_words}.")


async def _missing(ask: Ask, action: Action) -> Outcome:
    told = await ask(action)
    return Outcome(told.verdict is Verdict.NOT_FOUND, f"It answers with {told.in_words}.")


PROBES = (
    Probe("A17", "An unknown case number is answered by an empty list.", EITHER_WAY, unknown_number),
    Probe("A18", "An unknown case id is answered by a 404.", EITHER_WAY, unknown_case),
    Probe("A22", "An unknown message is answered by a 404.", EITHER_WAY, unknown_message),
    Probe("A48", "An unknown profile is answered by a 404.", EITHER_WAY, unknown_profile),
    Probe("A55", "An unknown article is answered by a 404.", EITHER_WAY, unknown_article),
    Probe(
        "A62",
        f"An unknown custom field is answered by a 404, and the field {STATUS} is served.",
        "Where the field is not served, sprinklr_list_case_values lists no statuses.",
        unknown_field,
    ),
)
