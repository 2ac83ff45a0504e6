"""The campaign that replies belong to. Sprinklr publishes no call for a default one; a setting names it."""

from __future__ import annotations

from dataclasses import dataclass

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Page, page_of
from sprinklr_tools.arguments import Cursor
from sprinklr_tools.reading import CustomerText, Json, Record, records_in
from sprinklr_tools.request import Request, get

PAGE = 50
HOW = "Ask the operator to set SPRINKLR_DEFAULT_CAMPAIGN to one of these ids."
UNKNOWN = "not among the campaigns of this login"


@dataclass(frozen=True)
class Campaign:
    """One campaign."""

    campaign_id: str | None
    name: CustomerText | str | None
    status: str | None
    archived: bool | None
    unknown: str | None = None
    """What is wrong with it, where this login's list does not hold it."""

    @classmethod
    def of(cls, record: Record) -> Campaign:
        """Read a campaign."""
        return cls(
            campaign_id=record.identifier("id"),
            name=record.label("name"),
            status=record.label("status"),
            archived=True if record.flag("archived") else None,
        )


@dataclass(frozen=True)
class DefaultCampaign:
    """The configured campaign; or those that could be, and how to configure one."""

    default: Campaign | None
    campaigns: tuple[Campaign, ...] = ()
    page: Page | None = None
    next: str = ""


class GetDefaultCampaign(Action, label="Fetch default campaign"):
    """Read the campaign that replies belong to when a message names none.

    Sprinklr publishes no call for its own default, so this is the one the operator configured. With
    none configured, it lists the tenant's campaigns and says how to set one.
    """

    cursor: Cursor | None = None

    async def gather(self, read: Reader) -> str | None:
        """The operator's setting."""
        return read.default_campaign

    def request(self, facts: str | None) -> Request:
        """One call lists all; there is no call for one that tells more."""
        return get("/api/v2/campaign")

    def answer(self, payload: Json, facts: str | None) -> DefaultCampaign:
        """The list has no pages."""
        campaigns = tuple(Campaign.of(record) for record in records_in(payload))
        if facts is None:
            usable = tuple(one for one in campaigns if not one.archived)
            shown, page = page_of(usable, self.cursor, PAGE, self.page_at)
            return DefaultCampaign(None, shown, page, HOW)
        found = next((one for one in campaigns if one.campaign_id == facts), None)
        return DefaultCampaign(found or Campaign(facts, None, None, None, UNKNOWN))
