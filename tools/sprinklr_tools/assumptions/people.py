"""What Sprinklr answers about the person behind the login. Shows nothing of them."""

from __future__ import annotations

from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.actions.search.users import GetMe, SearchUsers
from sprinklr_tools.assumptions.probe import Ask, Outcome, Probe, untried
from sprinklr_tools.platform import Verdict
from sprinklr_tools.reading import Record
from sprinklr_tools.request import Request, get


class MeAndMore(Action, label="Get me", listed=False, part_of=GetMe):
    """Read who is logged in, with a parameter that no page names."""

    def request(self, facts: Any) -> Request:
        """The call of the tool, and one parameter more."""
        return get("/api/v2/me", noSuchParameter="1")


class UserNamed(Action, label="Search users", listed=False, part_of=SearchUsers):
    """Find users by the name they log in with, in just these letters."""

    name: str

    def request(self, facts: Any) -> Request:
        """The tool's own filter."""
        return get("/api/v2/scim/Users", filter=f'userName eq "{self.name}"', startIndex="1", count="2")


async def more_parameters(ask: Ask) -> Outcome:
    """Ask who is logged in, with a parameter that means nothing."""
    told = await ask(MeAndMore())
    holds = told.verdict is Verdict.DONE and Record.of(told.payload).identifier("id") is not None
    return Outcome(holds, f"It answers with {told.in_words}.")


async def case_of_letters(ask: Ask) -> Outcome:
    """Look for the person themselves, in capitals and in small letters."""
    email = Record.of((await ask(MeAndMore())).payload).text("email")
    if not email or '"' in email or email.upper() == email.lower():
        return untried("The login names no address to look for.")
    found: list[bool] = []
    for name in (email.lower(), email.upper()):
        told = await ask(UserNamed(name=name))
        if told.verdict is not Verdict.DONE:
            return untried(f"The list of users answers with {told.in_words}.")
        found.append(bool(Record.of(told.payload).records("Resources")))
    if not any(found):
        return untried("The person behind the login is not in the list of users by that address.")
    return Outcome(all(found), "Both find them." if all(found) else "One of the two finds nobody.")


PROBES = (
    Probe(
        "A4",
        "A parameter that no page names is ignored.",
        "Nothing changes: the tools send none.",
        more_parameters,
    ),
    Probe(
        "A54",
        "Capitals do not matter in the name of a user.",
        "sprinklr_search_users with an email must then be given its very letters.",
        case_of_letters,
    ),
)
