"""Cases: read one, list its messages, delete it.

Comments and macros take the case number, the other calls the case's id; so every tool here takes
either. Facts: Sprinklr's articles on the case calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.answers import Page, id_of, only_in_detail
from sprinklr_tools.arguments import CASE_ID, CaseId, CaseNumber, Cursor, Detail
from sprinklr_tools.message_ids import sent_milliseconds, sent_time
from sprinklr_tools.problems import Missing, Unclear, Unreadable
from sprinklr_tools.properties import Properties, properties_in
from sprinklr_tools.question import Line, lines
from sprinklr_tools.reading import CustomerText, Json, Record, as_identifier, is_safe, records_in
from sprinklr_tools.request import Request, get

PAGE = 50
ROUND = 100
"""An answer of so many ids, or twice as many, may have been cut."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case as the model sees it; times are ISO 8601 in UTC."""

    case_number: str | None
    case_id: str | None
    subject: CustomerText | None
    description: CustomerText | None
    status: str | None
    priority: str | None
    case_type: str | None
    customer_channel: str | None
    customer_id: str | None
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
            customer_channel=contact.label("channelType"),
            customer_id=contact.identifier("channelId", "fromSnUserId"),
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
    customer = " ".join(part for part in (case.customer_channel, case.customer_id) if part)
    facts = lines(
        ("Case", case.case_number),
        ("Subject", case.subject),
        ("Status", case.status),
        ("Customer", CustomerText(customer)),
    )
    return (*facts, *(replace(line, passing=True) for line in lines(("Messages", case.messages))))


class GetCaseByNumber(Action, label="Read case by case number"):
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


@dataclass(frozen=True)
class MessageReference:
    """A message of a case, without its text."""

    message_id: str
    sent: str | None


@dataclass(frozen=True)
class CaseMessages:
    """The ids of a case's messages, oldest first."""

    case_id: str
    messages: tuple[MessageReference, ...]
    page: Page


class ListCaseMessages(Action, label="Case associated messages"):
    """List the messages of one case, oldest first: ids and times, no texts.

    Give case_number or case_id. For all the texts, use sprinklr_get_case_conversation; for some,
    sprinklr_get_messages. Returns 50 a page, how many there are, and the call for the next page.
    """

    case_number: CaseNumber | None = None
    case_id: CaseId | None = None
    cursor: Cursor | None = None

    async def gather(self, read: Reader) -> str:
        """Find the case's id, which the call wants."""
        if self.case_id is not None and self.case_number is not None:
            raise Unclear("The case is named twice.", "Give case_number or case_id, not both.")
        if self.case_id is not None:
            return self.case_id
        if self.case_number is None:
            raise Unclear("Name the case.", "Give case_number or case_id.")
        found = await read(GetCaseByNumber(case_number=self.case_number))
        if found.case_number != self.case_number:
            raise Unreadable(f"Sprinklr answered with something else than case {self.case_number}.")
        if not is_safe(found.case_id):
            raise Missing(f"Case {self.case_number} came without its id.", "Give case_id instead.")
        return found.case_id

    def request(self, facts: str) -> Request:
        """Ask for all ids: what Sprinklr's own time cursor compares is not published."""
        return get("/api/v2/case/associated-messages", id=facts)

    def answer(self, payload: Json, facts: str) -> CaseMessages:
        """Order by the time inside each id and cut one page out."""
        ids = _message_ids(payload)
        start = int(self.cursor or "0")
        shown = ids[start : start + PAGE]
        rest = start + len(shown) < len(ids)
        onward = self.starting_at(start + PAGE, facts) if rest else None
        references = tuple(MessageReference(one, sent_time(one)) for one in shown)
        return CaseMessages(facts, references, Page(len(shown), len(ids), onward))

    def starting_at(self, start: int, case_id: str) -> ListCaseMessages:
        """Return the call for another page: by the case's id where it fits, which spares a read."""
        if CASE_ID.fullmatch(case_id):
            return ListCaseMessages(case_id=case_id, cursor=str(start))
        return ListCaseMessages(case_number=self.case_number, cursor=str(start))


def _message_ids(payload: Json) -> list[str]:
    if not payload:
        return []
    if not isinstance(payload, list):
        raise Unreadable
    found = {as_identifier(item) for item in payload if item is not None}
    ids = [one for one in found if one is not None]
    if len(ids) < len(found):
        raise Unreadable
    return sorted(ids, key=lambda one: (sent_time(one) or "", one))


class AssociatedMessages(Action, label="Case associated messages, all", listed=False):
    """List the ids of the messages of one case, oldest first, as one call gives them."""

    case_id: CaseId
    after: int | None = None

    def request(self, facts: Any) -> Request:
        """Sprinklr's cursor is a time in milliseconds."""
        after = str(self.after) if self.after is not None else None
        return get("/api/v2/case/associated-messages", id=self.case_id, cursor=after)

    def answer(self, payload: Json, facts: Any) -> list[str]:
        """Ids alone."""
        return _message_ids(payload)


async def every_message_id(read: Reader, case_id: str) -> list[str]:
    """Return the ids of all messages of a case, oldest first.

    No size of an answer is published; one that holds a round hundred is not taken for the whole.
    """
    if not CASE_ID.fullmatch(case_id):
        raise Unreadable
    found = await read(AssociatedMessages(case_id=case_id))
    while found and len(found) % ROUND == 0:
        newest = sent_milliseconds(found[-1])
        if newest is None:
            break
        more = await read(AssociatedMessages(case_id=case_id, after=newest))
        fresh = [one for one in more if one not in set(found)]
        if not fresh:
            break
        found += fresh
    return found
