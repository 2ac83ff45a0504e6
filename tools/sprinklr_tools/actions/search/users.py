"""The tenant's own people. Facts: Sprinklr's SCIM articles and "me"; SCIM answers have no envelope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Names, Page
from sprinklr_tools.arguments import Cursor, Email
from sprinklr_tools.reading import CustomerText, Json, Record, records_in
from sprinklr_tools.request import Request, get

PAGE = 100


@dataclass(frozen=True)
class User:
    """One user; their name is what a colleague typed, and shown apart."""

    user_id: str | None
    name: CustomerText | None
    email: CustomerText | None
    active: bool | None

    @classmethod
    def of(cls, record: Record) -> User:
        """Read a SCIM user, without what changes by the hour: the list may be a day old."""
        name = record.record("name")
        parts = [part for part in (name.text("givenName"), name.text("familyName")) if part]
        return cls(
            user_id=record.identifier("id"),
            name=CustomerText(" ".join(parts)) if parts else None,
            email=record.text("userName"),
            active=False if record.raw("active") is False else None,
        )


@dataclass(frozen=True)
class Users:
    """Some users, by id."""

    users: tuple[User, ...]
    page: Page


class SearchUsers(Action, label="Search users", optional=True, lasting=True):
    """Find the tenant's own users (agents) and their ids, by e-mail or by part of a name.

    For customers, use sprinklr_search_profiles. A name is looked for within one page of the list.
    Returns users and the call for the next page.
    """

    email: Annotated[Email | None, Field(description="The address they log in with.")] = None
    name: Annotated[str | None, Field(max_length=100, description="Part of a name.")] = None
    cursor: Cursor | None = None

    def request(self, facts: Any) -> Request:
        """There is no search by name; so the list is read and looked through."""
        where = f'userName eq "{self.email}"' if self.email else None
        return get("/api/v2/scim/Users", filter=where, startIndex=self.cursor or "1", count=str(PAGE))

    def answer(self, payload: Json, facts: Any) -> Users:
        """The list counts from one."""
        listed = Record.of(payload)
        users = [User.of(record) for record in listed.records("Resources")]
        wanted = (self.name or "").casefold()
        shown = tuple(one for one in users if wanted in (one.name or one.email or "").casefold())
        start, total = int(self.cursor or "1"), listed.number("totalResults")
        more = bool(users) and total is not None and start + len(users) <= total
        onward = self.page_at(str(start + len(users)) if more else None)
        # How many of all have that name is not known before the last page.
        return Users(shown, Page(len(shown), None if wanted else total, onward))

    def names(self, answer: Users) -> Names:
        """A colleague's name stands beside what they did."""
        return Names("user", {one.user_id: one.name for one in answer.users if one.user_id and one.name})


@dataclass(frozen=True)
class Workspace:
    """One workspace that the user may use."""

    workspace_id: str | None
    name: CustomerText | str | None


@dataclass(frozen=True)
class Me:
    """Who is logged in, in which tenant."""

    user_id: str | None
    name: CustomerText | None
    email: CustomerText | None
    kind: str | None
    tenant_id: str | None
    workspace_id: str | None
    workspaces: tuple[Workspace, ...]


class ListWorkspaces(Action, label="List workspaces", listed=False):
    """List the workspaces that the user behind the login may use."""

    def request(self, facts: Any) -> Request:
        """One call lists all."""
        return get("/api/v2/client/accessible-clients")

    def answer(self, payload: Json, facts: Any) -> tuple[Workspace, ...]:
        """Ids are texts in examples and numbers in tables."""
        return tuple(Workspace(one.identifier("id"), one.label("name")) for one in records_in(payload))


class GetMe(Action, label="Get me"):
    """Read who is logged in: the person, the tenant and the workspaces they may use.

    Test and real tenants share their address, so this alone tells which one calls reach. Returns ids
    and names.
    """

    async def gather(self, read: Reader) -> tuple[Workspace, ...]:
        """Workspaces stand in a list of their own."""
        return await read(ListWorkspaces())

    def request(self, facts: Any) -> Request:
        """Also Sprinklr's nearest thing to a health check."""
        return get("/api/v2/me")

    def answer(self, payload: Json, facts: tuple[Workspace, ...]) -> Me:
        """What the article calls customer is the tenant."""
        record = Record.of(payload)
        return Me(
            user_id=record.identifier("id"),
            name=record.text("name"),
            email=record.text("email"),
            kind=record.label("type"),
            tenant_id=record.identifier("customerId"),
            workspace_id=record.identifier("workspaceId"),
            workspaces=facts,
        )
