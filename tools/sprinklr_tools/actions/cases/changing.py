"""Changing cases: always adds or sets what is named, never removes or replaces a list.

Of the published update actions, SYNC_PROPERTIES, SYNC_QUEUES, REMOVE_* and INCREMENT_* are left out on
purpose: they wipe what is not named, or do another thing when repeated. Facts: the update-case article.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.reading import Case, GetCaseByNumber, only_case
from sprinklr_tools.arguments import CaseNumber, Line, QueueId, Text, UserId
from sprinklr_tools.problems import Unclear
from sprinklr_tools.properties import PRIORITY, STATUS, TAG, CustomFields, as_json, check_once
from sprinklr_tools.reading import Json
from sprinklr_tools.request import Request, put

CLOSED = "Closed"
SYNC_SELECTED, SELECTED = "SYNC_SELECTED_PROPERTIES", "syncedSelectedCustomProperties"
"""The variant that sets the properties it names and keeps the others."""


def update(case_number: str, changes: dict[str, tuple[str, Json]]) -> Request:
    """Change one case; each update action comes with the field it needs."""
    body: dict[str, Json] = {
        "caseNumbers": [int(case_number)],
        "updateActions": list(changes),
        **dict(changes.values()),
    }
    return put("/api/v2/case", body)


class UpdateCase(Action, label="Update case", risk=Risk.WRITE, repeatable=True):
    """Change one case: subject, status, priority, assignee, custom fields; add tags or queues.

    Sets only what is named and never removes or replaces a list. A case is closed by its status. For
    a note, use sprinklr_add_comment. Returns the case as it is afterwards.
    """

    case_number: CaseNumber
    subject: Line | None = None
    description: Text | None = None
    status: Annotated[Line | None, Field(description="As the tenant names it, such as Closed.")] = None
    priority: Line | None = None
    assignee_id: UserId | None = None
    custom_fields: CustomFields | None = None
    add_tags: list[Line] | None = None
    add_queue_ids: list[QueueId] | None = None

    async def gather(self, read: Reader) -> None:
        """Check that something is to be changed, and nothing twice, without a call."""
        if not self._changes():
            raise Unclear("Nothing to change is given.", "Name at least one field besides case_number.")
        check_once(self.custom_fields, status=self.status, priority=self.priority)

    def request(self, facts: Any) -> Request:
        """Set single values by the selective variant, which keeps the properties that are not named."""
        return update(self.case_number, self._changes())

    def _changes(self) -> dict[str, tuple[str, Json]]:
        named = {STATUS: self.status, PRIORITY: self.priority}
        fields = as_json(self.custom_fields)
        fields.update({name: [value] for name, value in named.items() if value is not None})
        changes: dict[str, tuple[str, Json]] = {}
        if self.subject is not None:
            changes["EDIT_SUBJECT"] = ("subject", self.subject)
        if self.description is not None:
            changes["EDIT_DESCRIPTION"] = ("description", self.description)
        if fields:
            changes[SYNC_SELECTED] = (SELECTED, fields)
        if self.assignee_id is not None:
            changes["ASSIGN_TO_USER"] = ("assignedTo", int(self.assignee_id))
        if self.add_tags:
            changes["ADD_PROPERTIES"] = ("addedCustomProperties", {TAG: list(self.add_tags)})
        if self.add_queue_ids:
            changes["ADD_QUEUES"] = ("addedQueues", list(self.add_queue_ids))
        return changes

    def settle(self) -> GetCaseByNumber:
        """The case shows what it is."""
        return GetCaseByNumber(case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> Case:
        """The answer lists the changed cases; ours never changes more than one."""
        return only_case(payload, self.case_number)


class AssignCase(Action, label="Assign case", risk=Risk.WRITE, repeatable=True, optional=True):
    """Hand one case to an agent, put it into a queue, or both, by the ids of user and queue.

    Like sprinklr_update_case with these alone. Find ids with sprinklr_search_users and
    sprinklr_list_case_values. There is no way to unassign. Returns the case as it is afterwards.
    """

    case_number: CaseNumber
    assignee_id: UserId | None = None
    queue_id: QueueId | None = None

    async def gather(self, read: Reader) -> None:
        """Check that somebody is named, without a call."""
        if self.assignee_id is None and self.queue_id is None:
            raise Unclear("Nobody to hand it to is given.", "Give assignee_id, queue_id, or both.")

    def request(self, facts: Any) -> Request:
        """Both may go in one call."""
        changes: dict[str, tuple[str, Json]] = {}
        if self.assignee_id is not None:
            changes["ASSIGN_TO_USER"] = ("assignedTo", int(self.assignee_id))
        if self.queue_id is not None:
            changes["ADD_QUEUES"] = ("addedQueues", [self.queue_id])
        return update(self.case_number, changes)

    def settle(self) -> GetCaseByNumber:
        """The case shows who has it."""
        return GetCaseByNumber(case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> Case:
        """The answer lists the changed case."""
        return only_case(payload, self.case_number)


class CloseCase(Action, label="Close case", risk=Risk.WRITE, repeatable=True, optional=True):
    """Close one finished case by setting its status; the case stays readable and can be reopened.

    Like sprinklr_update_case with the status alone. Not for removing a case: that is
    sprinklr_delete_case_by_number. Returns the case as it is
    afterwards; a tenant's own rules may ask for fields first.
    """

    case_number: CaseNumber
    status: Annotated[Line, Field(description="Where the tenant's closed status has another name.")] = CLOSED

    def request(self, facts: Any) -> Request:
        """There is no call to close: the status is a property."""
        fields: dict[str, Json] = {STATUS: [self.status]}
        changes: dict[str, tuple[str, Json]] = {SYNC_SELECTED: (SELECTED, fields)}
        return update(self.case_number, changes)

    def settle(self) -> GetCaseByNumber:
        """The case shows its status."""
        return GetCaseByNumber(case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> Case:
        """The answer lists the changed case."""
        return only_case(payload, self.case_number)
