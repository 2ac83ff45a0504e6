"""Searching for cases: by fields, or by words through the older call that alone knows free text.

Facts: the articles on entity search and on the v1 case search.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.by_profile import Cases
from sprinklr_tools.actions.cases.reading import Case
from sprinklr_tools.answers import Page
from sprinklr_tools.arguments import ChannelId, Detail, Line, Moment, QueueId, UserId, milliseconds
from sprinklr_tools.problems import Unclear
from sprinklr_tools.properties import PRIORITY, STATUS, TYPE
from sprinklr_tools.reading import Json, Record
from sprinklr_tools.request import Request, post
from sprinklr_tools.searching import PAGE, SearchCursor, condition, found_in, newest_first, search

PROPERTY = "workflow.customProperties."
TO_THE_LETTER = (
    "Names are compared to the letter; sprinklr_list_case_values lists statuses,"
    f" and sprinklr_get_custom_field the others: {PRIORITY}, {TYPE}."
)


class SearchCases(Action, label="Search cases"):
    """Find cases by words in them, or by status, priority, type, queue, customer or time; newest first.

    All conditions given must hold. text and assignee_id go to an older search, which takes only times
    beside them. With the number, use sprinklr_get_case_by_number. Returns cases and the next page's call.
    """

    text: Annotated[Line | None, Field(description="Words to find.")] = None
    assignee_id: UserId | None = None
    statuses: Annotated[list[Line] | None, Field(description="Any of these.")] = None
    priority: Line | None = None
    case_type: Line | None = None
    queue_id: QueueId | None = None
    channel_id: Annotated[ChannelId | None, Field(description="The customer's id on a channel.")] = None
    created_after: Moment | None = None
    created_before: Moment | None = None
    cursor: SearchCursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> None:
        """Check that no condition would be left out in silence, without a call."""
        newer = (self.statuses, self.priority, self.case_type, self.queue_id, self.channel_id)
        if self._is_older and any(newer):
            raise Unclear(
                "text and assignee_id cannot be combined with the other conditions.",
                "Give them with times alone, and look through what is found.",
            )
        if self._is_older and self.cursor is not None and not self.cursor.isdecimal():
            raise Unclear(
                "This cursor is of a search without text and assignee_id.",
                "Leave it out, or repeat the call that the last page names.",
            )

    @property
    def _is_older(self) -> bool:
        return self.text is not None or self.assignee_id is not None

    def request(self, facts: Any) -> Request:
        """Free text and the assignee are known to the v1 call alone."""
        if self._is_older:
            return self._by_words()
        more: dict[str, Json] = {"includeCount": True, "sorts": newest_first("createdTime")}
        return search("CASE", self.cursor, self._conditions(), **more)

    def _conditions(self) -> list[dict[str, Json]]:
        found = [condition("EQUALS", "deleted", False)]
        if self.statuses:
            found.append(condition("IN", PROPERTY + STATUS, *self.statuses))
        for name, value in ((PRIORITY, self.priority), (TYPE, self.case_type)):
            if value is not None:
                found.append(condition("EQUALS", PROPERTY + name, value))
        if self.queue_id is not None:
            found.append(condition("EQUALS", "workflow.queues.queueId", self.queue_id))
        if self.channel_id is not None:
            found.append(condition("IN", "contact.channelId", self.channel_id))
        if self.created_after is not None:
            found.append(condition("GTE", "createdTime", milliseconds(self.created_after)))
        if self.created_before is not None:
            found.append(condition("LTE", "createdTime", milliseconds(self.created_before)))
        return found

    def _by_words(self) -> Request:
        filters: list[Json] = [
            {"filterType": "IN", "field": "channelType", "values": ["SPRINKLR"]},
            {"filterType": "IN", "field": "deleted", "values": [False]},
        ]
        if self.assignee_id is not None:
            assignee: list[Json] = [int(self.assignee_id)]
            filters.append({"filterType": "IN", "field": "assignedToUserId", "values": assignee})
        # Four spellings of the key are published; this one stands in the call's own list of fields.
        paging: dict[str, Json] = {
            "start": int(self.cursor or "0"),
            "rows": PAGE,
            "sortKey": "caseCreationTime",
            "sortDirection": "DESC",
        }
        if self.created_after is not None:
            paging["sinceDate"] = milliseconds(self.created_after)
        if self.created_before is not None:
            paging["untilDate"] = milliseconds(self.created_before)
        body: dict[str, Json] = {"query": self.text or "", "filters": filters, "paginationInfo": paging}
        return post("/api/v1/case/search", body)

    def answer(self, payload: Json, facts: Any) -> Cases:
        """The v1 answer has names of its own, and no envelope."""
        if self._is_older:
            return self._found_by_words(Record.of(payload))
        found = found_in(payload)
        cases = self._shown([Case.of(record) for record in found.records])
        return Cases(cases, Page(len(cases), found.total, self.page_at(found.cursor)), next=self._hint(cases))

    def _hint(self, cases: tuple[Case, ...]) -> str:
        """Say why nothing may have been found: the names are the tenant's, and nobody checks them."""
        named = self.statuses or self.priority or self.case_type
        return "" if cases or self.cursor or not named else TO_THE_LETTER

    def _shown(self, cases: list[Case]) -> tuple[Case, ...]:
        return tuple(one if self.detail else one.in_brief() for one in cases)

    def _found_by_words(self, page: Record) -> Cases:
        cases = self._shown([older_case(record) for record in page.records("searchResults")])
        more = page.flag("hasMore") and cases
        onward = self.page_at(str(int(self.cursor or "0") + len(cases)) if more else None)
        return Cases(cases, Page(len(cases), page.number("totalHits"), onward))


def older_case(record: Record) -> Case:
    """Read a case as the v1 search spells it."""
    case, profile = record.record("universalCaseApiDTO"), record.record("profile")
    properties = case.record("universalCaseWorkflow").record("cProp")
    return Case.of(
        Record(
            {
                "id": case.raw("id"),
                "caseNumber": case.raw("caseNumber"),
                "subject": case.raw("subject"),
                "description": case.raw("description"),
                "status": _first(properties.raw(STATUS)),
                "priority": _first(properties.raw(PRIORITY)),
                "caseType": _first(properties.raw(TYPE)),
                "contact": {"channelType": profile.raw("snType"), "channelId": profile.raw("snId")},
                "createdTime": case.raw("caseCreationTime"),
                "modifiedTime": case.raw("caseModificationTime"),
                "deleted": case.raw("deleted"),
            }
        )
    )


def _first(value: Json) -> Json:
    return value[0] if isinstance(value, list) and value else value
