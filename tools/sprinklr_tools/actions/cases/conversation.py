"""A case with its whole conversation in one answer, for as few calls as the published ones allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sprinklr_tools.action import Action, Reader
from sprinklr_tools.actions.cases.comments import Comment
from sprinklr_tools.actions.cases.listing import PAGE, every_message_id
from sprinklr_tools.actions.cases.notes import Comments, SearchComments
from sprinklr_tools.actions.cases.reading import Case, GetCaseByNumber
from sprinklr_tools.actions.messages.placing import messages_in_places
from sprinklr_tools.actions.messages.reading import Message, Person, shortened
from sprinklr_tools.answers import Page, fitting, room_for, size_of, within
from sprinklr_tools.arguments import CaseNumber, Cursor, Detail
from sprinklr_tools.problems import Missing, Withheld
from sprinklr_tools.reading import CustomerText
from sprinklr_tools.resource import Resource

NOBODY = Person(None, None)
NONE = Comments((), Page(0, None))
AROUND = 80
"""What stands around one text, in bytes."""
PARTS = 10
"""How many long texts have room in a concise answer."""


@dataclass(frozen=True)
class Conversation:
    """A case, its newest messages, oldest of them first, and its newest comments.

    A message names its person only where it is not `customer`.
    """

    case: Case
    customer: Person | None
    messages: tuple[Message, ...]
    comments: tuple[Comment, ...]
    page: Page
    not_found: int | None
    """How many more belong to this page and cannot be read."""
    comments_page: Page | None
    """Only where there are older comments."""
    comments_withheld: bool | None
    """Only where Sprinklr does not show comments to this login."""


class GetCaseConversation(
    Action,
    label="Get case conversation",
    resource=Resource("sprinklr://case/{case_number}/conversation", "Case conversation"),
):
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
        listed = await every_message_id(read, case.case_id, self.case_number)
        # A place in the list of ids, not a count of what was found: so no page meets another.
        end = len(listed) if self.cursor is None else min(int(self.cursor), len(listed))
        part = self._fitting(await messages_in_places(read, listed[max(0, end - PAGE) : end]))
        older = end - len(part)
        onward = self.page_at(str(older) if older > 0 else None)
        shown = tuple(sorted((one for one in part if one), key=lambda one: one.sent or ""))
        comments = await self._comments(read) if self.cursor is None else NONE
        withheld = comments is None
        comments = comments or NONE
        found = Conversation(
            case=case,
            customer=None,
            messages=shown,
            comments=comments.comments,
            page=Page(len(shown), len(listed), onward),
            not_found=part.count(None) or None,
            comments_page=comments.page if comments.page.more else None,
            comments_withheld=withheld or None,
        )
        return found if self.detail else self._in_brief(found)

    async def _comments(self, read: Reader) -> Comments | None:
        """Return the newest comments; None where this login may not see them, but may see the case."""
        try:
            found = await read(SearchComments(case_number=self.case_number, detail=self.detail))
        except Withheld:
            return None
        if self.detail:
            return found
        return replace(found, comments=tuple(replace(one, comment_id=None) for one in found.comments))

    def _fitting(self, places: Sequence[Message | None]) -> list[Message | None]:
        """Return the places at the end whose messages fit, with their texts cut."""
        room = room_for(self.detail)
        longest = room - AROUND if self.detail else room // PARTS
        cut = [one and _placed(shortened(one, longest)) for one in places]
        count = fitting(cut[::-1], lambda one: size_of(one.text) + AROUND if one else 0, room)
        return cut[len(cut) - count :]

    def _in_brief(self, found: Conversation) -> Conversation:
        """Leave out what the conversation tells by itself; the description comes with the newest alone."""
        customer = found.messages[0].person if found.messages else None
        description = found.case.description if self.cursor is None else None
        return replace(
            found,
            case=replace(found.case.in_brief(), description=_beginning(description)),
            customer=customer,
            messages=tuple(_in_brief(one, customer) for one in found.messages),
        )


def _beginning(text: CustomerText | None) -> CustomerText | None:
    """Return as much of a description as of a message; sprinklr_get_case_by_number tells it whole."""
    return CustomerText(within(text, room_for(detail=False) // PARTS)) if text is not None else None


def _placed(message: Message) -> Message:
    """Leave out what is the case's."""
    return replace(message, channel_type=None, case_number=None)


def _in_brief(message: Message, customer: Person | None) -> Message:
    """Leave out what the answer says once, and the id where the text is whole: replying needs none."""
    same = customer is not None and message.person.is_same(customer)
    message_id = message.message_id if message.text_left_out else None
    return replace(message, message_id=message_id, person=NOBODY if same else message.person)
