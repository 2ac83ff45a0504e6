"""Campaigns. Knows rows of campaigns only."""

from typing import Final

from ..answers import Answer, enveloped
from ..calls import Call, Handlers


def list_campaigns(call: Call) -> Answer:
    """Every campaign."""
    # Assumption A27: the list is whole, archived campaigns included, and has no pages.
    return enveloped([*call.rows.all("campaigns")])


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/campaign"): list_campaigns,
}
