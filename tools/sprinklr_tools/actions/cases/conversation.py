"""A case with its whole conversation in one answer, for as few calls as the published ones allow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.comments import Comment
from sprinklr_tools.actions.cases.notes import ListComments
from sprinklr_tools.actions.cases.reading import PAGE, Case, GetCaseByNumber, every_message_id
from sprinklr_tools.actions.messages.reading import GetMessages, Message, Person, shortened
from sprinklr_tools.answers import Page, fitting, room_for, size_of
from sprinklr_tools.arguments import CaseNumber, Cursor, Detail, is_message_id
from sprinklr_tools.problems import Missing

NOBODY = Person(None, None)


@dataclass(frozen=True)
class Conversation:
    """A case, its newest messages, oldest of them first, and its comments.

    A message names its person only where it is not `customer`.
    """

    case: Case
    customer: Person | None
    messages: tuple[Message, ...]
    comments: tuple[Comment, ...]
    page: Page


class GetCaseConversation(Action, label="Get case conversation"):
    """Read one case with its whole conversation and its internal comments in one call.

    The right tool for "what is going on in case 96832?". Returns the newest messages that fit, newest
    last, and the call for older ones; long texts are cut unless detail is true.
    """

    case_number: CaseNumber
    cursor: Cursor | None = None
    detail: Detail = False

    async def gather(self, read: Reader) -> Conversation:
        """Read the case, its message ids, one page of messages and, with the newest, the comments."""
        case = await read(GetCaseByNumber(case_number=self.case_number))
        if case.case_id is None:
            raise Missing(f"Case {self.case_number} came without its id.")
        listed = await every_message_id(read, case.case_id)
        end = len(listed) if self.cursor is None else min(int(self.cursor), len(listed))
        ids = [one for one in listed[max(0, end - PAGE) : end] if is_message_id(one)]
        found = (await read(GetMessages(message_ids=ids, detail=True))).messages if ids else ()
        shown = self._fitting(found)
        comments = await self._comments(read) if self.cursor is None else ()
        older = end - len(shown)
        onward = self.model_copy(update={"cursor": str(older)}) if older > 0 and shown else None
        page = Page(len(shown), len(listed), onward)
        if self.detail:
            return Conversation(case, None, shown, comments, page)
        customer = shown[0].person if shown else None
        return Conversation(
            case.in_brief(), customer, tuple(_in_brief(one, customer) for one in shown), comments, page
        )

    async def _comments(self, read: Reader) -> tuple[Comment, ...]:
        found = (await read(ListComments(case_number=self.case_number))).comments
        return found if self.detail else tuple(replace(one, comment_id=None) for one in found)

    def _fitting(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        room = room_for(self.detail)
        cut = [shortened(one, room if self.detail else room // 10) for one in messages]
        count = fitting(cut[::-1], lambda one: size_of(one.text) + 80, room)
        return tuple(replace(one, channel_type=None, case_number=None) for one in cut[len(cut) - count :])


def _in_brief(message: Message, customer: Person | None) -> Message:
    """Leave out what the answer says once, and the id: replying goes by the case's number."""
    same = customer is not None and message.person.is_same(customer)
    return replace(message, message_id=None, person=NOBODY if same else message.person)
