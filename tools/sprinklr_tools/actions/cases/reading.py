"""A case: what is read of it, which one an answer means, and reading one by its number.

Facts: Sprinklr's articles on the case calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action
from sprinklr_tools.answers import id_of, only_in_detail
from sprinklr_tools.arguments import CaseNumber, Detail
from sprinklr_tools.problems import Missing, Unreadable
from sprinklr_tools.properties import Properties, properties_in
from sprinklr_tools.question import Line, lines
from sprinklr_tools.reading import CustomerText, Json, Record, records_in
from sprinklr_tools.request import Request, get
from sprinklr_tools.resource import Resource


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case as the model sees it; times are ISO 8601 in UTC.

    The channel's type and id are the customer's, under the names by which other tools take them.
    """

    case_number: str | None
    case_id: str | None
    subject: CustomerText | None
    description: CustomerText | None
    status: str | None
    priority: str | None
    case_type: str | None
    channel_type: str | None
    channel_id: str | None
    assignee_id: str | None = id_of("user")
    queue_ids: tuple[str, ...] = id_of("queue")
    customer_messages: int | None
    brand_messages: int | None
    created: str | None
    modified: str | None
    deleted: bool | None = None
    version: int | None = only_in_detail()
    first_message_id: str | None = only_in_detail()
    properties: Properties | None = only_in_detail()

    @classmethod
    def of(cls, record: Record) -> Case:
        """Read a case of any of the published spellings."""
        workflow, contact = record.record("workflow"), record.record("contact")
        queues = [queue.identifier("queueId") for queue in workflow.records("queues")]
        return cls(
            case_number=record.identifier("caseNumber"),
            case_id=record.identifier("id"),
            subject=record.text("subject"),
            description=record.text("description"),
            status=record.label("status"),
            priority=record.label("priority"),
            case_type=record.label("caseType"),
            channel_type=contact.label("channelType"),
            channel_id=contact.identifier("channelId", "fromSnUserId"),
            assignee_id=workflow.record("assignment").identifier("assigneeId"),
            queue_ids=tuple(queue for queue in queues if queue),
            customer_messages=record.number("associatedFanMessageCount"),
            brand_messages=record.number("associatedBrandMessageCount"),
            created=record.time("createdTime"),
            modified=record.time("modifiedTime"),
            deleted=True if record.flag("deleted") else None,
            version=record.number("version"),
            first_message_id=record.identifier("firstMessageId"),
            properties=properties_in(workflow.raw("customProperties", "customFields")),
        )

    def in_brief(self) -> Case:
        """Return what tells a case from others, for answers that hold more than one thing."""
        return replace(
            self,
            case_id=None,
            description=None,
            customer_messages=None,
            brand_messages=None,
            modified=None,
        )

    @property
    def messages(self) -> int | None:
        """How many messages belong to the case, as far as Sprinklr says."""
        counts = [count for count in (self.customer_messages, self.brand_messages) if count is not None]
        return sum(counts) if counts else None


def only_case(payload: Json, case_number: str) -> Case:
    """Return the one case of an answer, which may be a list or the case itself."""
    if not payload:
        raise Missing(
            f"There is no case {case_number}, or this login may not see it.",
            "Check the number with the person; it is the one Sprinklr shows on the case.",
        )
    return _meant(payload, lambda case: _has_number(case, case_number))


def case_with_id(payload: Json, case_id: str) -> Case:
    """Return the one case of an answer to a call that named it by its id."""
    if not payload:
        raise Missing(
            f"There is no case with the id {case_id}, or this login may not see it.", "Check the id."
        )
    return _meant(payload, lambda case: case.case_id is not None and case.case_id.lower() == case_id.lower())


def _meant(payload: Json, is_meant: Callable[[Case], bool]) -> Case:
    """Return the case that was asked for: a reply must not go to the customer of another."""
    found = next((case for record in records_in(payload) if is_meant(case := Case.of(record))), None)
    if found is None:
        raise Unreadable
    return found


def _has_number(case: Case, case_number: str) -> bool:
    if case.case_number is None:
        return case.case_id is not None
    return case.case_number.lstrip("0") == case_number.lstrip("0")


def lines_about(case: Case) -> tuple[Line, ...]:
    """Say which case a question is about, in facts just read."""
    customer = " ".join(part for part in (case.channel_type, case.channel_id) if part)
    facts = lines(
        ("Case", case.case_number),
        ("Subject", case.subject),
        ("Status", case.status),
        ("Customer", CustomerText(customer)),
    )
    return (*facts, *(replace(line, passing=True) for line in lines(("Messages", case.messages))))


class GetCaseByNumber(
    Action, label="Read case by case number", resource=Resource("sprinklr://case/{case_number}", "Case")
):
    """Read one case by its number, as people name it: subject, status, priority, customer, assignee.

    For what was said in it, use sprinklr_get_case_conversation. Returns the case with both of its ids and
    its counts of messages.
    """

    case_number: CaseNumber
    detail: Detail = False

    def request(self, facts: Any) -> Request:
        """Note the hyphen in the parameter's name."""
        return get("/api/v2/case/case-numbers", case_number=self.case_number)

    def answer(self, payload: Json, facts: Any) -> Case:
        """An unknown number may be an empty list or a 404; both mean that it is not there."""
        return only_case(payload, self.case_number)
