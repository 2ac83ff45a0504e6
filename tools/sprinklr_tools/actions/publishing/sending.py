"""Publishing: what the brand says to people outside. Facts: Sprinklr's publishing articles.

The private-message call is the one that stands behind "publish message": one account, one recipient.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sprinklr_tools.action import Action, Reader, Risk
from sprinklr_tools.actions.cases.conversation import GetCaseConversation
from sprinklr_tools.actions.messages.reading import GetMessages, Message
from sprinklr_tools.actions.publishing.accounts import Account, check_channel, the_account
from sprinklr_tools.actions.publishing.attachments import attachment, host_of
from sprinklr_tools.actions.publishing.replying import Recipient, latest_from_customer, somebody
from sprinklr_tools.actions.search.messages import SearchMessages
from sprinklr_tools.answers import id_of
from sprinklr_tools.arguments import (
    AccountId,
    Address,
    CampaignId,
    CaseNumber,
    ChannelId,
    ChannelType,
    MessageId,
    Moment,
    Text,
    is_message_id,
    milliseconds,
)
from sprinklr_tools.problems import Missing, Rejected, Unclear, Unreadable
from sprinklr_tools.question import Line, Question, lines
from sprinklr_tools.reading import CustomerText, Json, as_identifier, is_safe
from sprinklr_tools.request import Request


@dataclass(frozen=True)
class Outgoing:
    """Everything that is known about the message before it is sent."""

    account: Account
    recipient: Recipient
    campaign_id: str
    replied_to: Message | None
    late: bool
    """Whether the time to send it has already passed."""


@dataclass(frozen=True)
class Published:
    """The ids of the posts that Sprinklr accepted; that one reached its channel is not known yet."""

    post_ids: tuple[str, ...]
    account_id: str | None = id_of("account")
    accepted: bool = True


class PublishMessage(Action, label="Publish message", risk=Risk.DANGER, hourly=20):
    """Send a message to one customer from a brand account, now or at schedule_at. A person is asked first.

    To reply, give case_number: account and recipient come from the customer's latest message. Or give
    in_reply_to_message_id; or, for a new message, account_id, channel_type and channel_id. For a note
    that stays inside, use sprinklr_add_comment. Returns the ids of the accepted posts.
    """

    text: Text
    case_number: CaseNumber | None = None
    in_reply_to_message_id: MessageId | None = None
    account_id: Annotated[AccountId | None, Field(description="The brand account that sends.")] = None
    channel_type: Annotated[ChannelType | None, Field(description="Such as TWITTER or EMAIL.")] = None
    channel_id: Annotated[ChannelId | None, Field(description="The recipient on that channel.")] = None
    campaign_id: Annotated[CampaignId | None, Field(description="Left out: the configured one.")] = None
    attachment_url: Annotated[Address | None, Field(description="A public https address.")] = None
    schedule_at: Annotated[Moment | None, Field(description="ISO 8601 with zone; left out: now.")] = None

    async def gather(self, read: Reader) -> Outgoing:
        """Find what is answered, from which account and to whom; and read all of it."""
        campaign = self.campaign_id or read.default_campaign
        if campaign is None:
            raise Unclear(
                "A message belongs to a campaign, and none is given or configured.",
                "Give campaign_id (sprinklr_get_default_campaign lists the ids), or ask the operator to set"
                " SPRINKLR_DEFAULT_CAMPAIGN.",
            )
        replied_to = await self._replied_to(read)
        account = await self._account(read, replied_to)
        late = self.schedule_at is not None and self.schedule_at <= read.now
        recipient = self._sender_of(replied_to) if replied_to else await self._addressed(read)
        # The account that a message came in by can answer it, however their channels are spelled.
        if replied_to is None or replied_to.account_id != account.account_id:
            check_channel(account, recipient.channel_type)
        return Outgoing(account, recipient, campaign, replied_to, late)

    async def _replied_to(self, read: Reader) -> Message | None:
        if self.in_reply_to_message_id is not None:
            found = await read(GetMessages(message_ids=[self.in_reply_to_message_id], detail=True))
            return self._checked(found.messages[0])
        if self.case_number is None:
            return None
        return await latest_from_customer(read, self.case_number)

    def _checked(self, message: Message) -> Message:
        if not is_message_id(message.message_id):
            raise Unreadable
        if message.sender != "customer":
            raise Unclear("The message to reply to is the brand's own.", "Name one that the customer wrote.")
        if self.case_number is not None and message.case_number not in (None, self.case_number):
            raise Unclear(
                f"The message to reply to does not belong to case {self.case_number}.",
                "Give case_number alone, or in_reply_to_message_id alone.",
            )
        return message

    async def _account(self, read: Reader, replied_to: Message | None) -> Account:
        account_id = self.account_id or (replied_to.account_id if replied_to else None)
        if account_id is None or not account_id.isdecimal():
            raise Unclear("No account to send from is given.", "Give account_id, or what is replied to.")
        return await the_account(read, account_id)

    async def _addressed(self, read: Reader) -> Recipient:
        if self.channel_type is None or self.channel_id is None:
            raise Unclear(
                "Who gets the message is not given.",
                "Give case_number, in_reply_to_message_id, or channel_type with channel_id.",
            )
        return await somebody(read, self.channel_type, self.channel_id)

    def _sender_of(self, replied_to: Message) -> Recipient:
        person = replied_to.person
        channel_type, channel_id = person.channel_type, person.channel_id
        if not is_safe(channel_type) or not is_safe(channel_id):
            raise Missing(
                "The message to reply to does not say who sent it.", "Give channel_type and channel_id."
            )
        if self.channel_type not in (None, channel_type) or self.channel_id not in (None, channel_id):
            raise Unclear(
                "The recipient given is not the one who wrote the message to reply to.",
                "Leave out channel_type and channel_id, or what is replied to.",
            )
        return Recipient(channel_type, channel_id, person.username, person.name)

    def request(self, facts: Outgoing) -> Request:
        """Account ids are whole numbers here; X wants the screen name too."""
        account_id = facts.account.account_id or ""
        recipient: dict[str, Json] = {
            "channelType": facts.recipient.channel_type,
            "channelId": facts.recipient.channel_id,
        }
        if facts.recipient.username:
            recipient["screenName"] = facts.recipient.username
        body: dict[str, Json] = {
            "accountId": int(account_id),
            "content": self._content(),
            "taxonomy": {"campaignId": facts.campaign_id},
            "toProfile": recipient,
        }
        if facts.replied_to is not None:
            body["inReplyToMessageId"] = facts.replied_to.message_id
        if self.schedule_at is not None:
            body["scheduleDate"] = milliseconds(self.schedule_at)
        return Request(
            "POST",
            "/api/v2/publishing/message",
            json=body,
            in_workspace=True,
            speaks_for=account_id,
            fetches=self.attachment_url,
        )

    def _content(self) -> dict[str, Json]:
        if self.attachment_url is None:
            return {"text": self.text}
        return {"text": self.text, "attachment": attachment(self.attachment_url)}

    def question(self, facts: Outgoing) -> Question:
        """Show all that people outside will see, in full; the account's name is typed."""
        account, recipient, replied_to = facts.account, facts.recipient, facts.replied_to
        name = str(account.name)
        person = recipient.name or recipient.username
        known = replied_to is not None or recipient.name is not None
        return Question(
            headline="Send this message to a customer? It cannot be taken back.",
            lines=(
                *lines(
                    ("From account", CustomerText(name)),
                    ("Account's channel", account.channel_type),
                    ("Account id", account.account_id),
                    ("Channel", recipient.channel_type),
                    ("To", recipient.channel_id if known else f"{recipient.channel_id} (not verified)"),
                    ("Their name", CustomerText(person) if person else "unknown"),
                    ("Campaign", f"{facts.campaign_id} (not verified)"),
                    ("When", self._when(facts.late)),
                    ("Case", self.case_number or (replied_to.case_number if replied_to else None)),
                    ("Replies to", _in_short(replied_to)),
                    ("Attachment", self.attachment_url),
                    ("Attachment host", host_of(self.attachment_url)),
                ),
                Line("Text", self.text, whole=True),
            ),
            retype=name,
            retype_name="name of the account",
        )

    def _when(self, late: bool) -> str:
        if self.schedule_at is None:
            return "immediately"
        when = self.schedule_at.isoformat()
        return f"immediately, since {when} has passed" if late else when

    def settle(self) -> GetCaseConversation | SearchMessages:
        """The conversation shows whether it was sent; without a case, the brand's latest messages do."""
        if self.case_number:
            return GetCaseConversation(case_number=self.case_number)
        return SearchMessages(account_id=self.account_id, channel_type=self.channel_type, sender="brand")

    def answer(self, payload: Json, facts: Outgoing) -> Published:
        """An empty list beside a success status is a failure (seen in a published sample).

        Whatever else names no post says nothing of the kind: it may well have been sent.
        """
        if payload == []:
            raise Rejected(
                "Sprinklr accepted the call and published nothing.",
                "Check account, campaign and recipient with the person before trying again.",
            )
        posts = [as_identifier(item) for item in payload] if isinstance(payload, list) else []
        post_ids = tuple(post for post in posts if post)
        if not post_ids:
            raise Unreadable
        return Published(post_ids, facts.account.account_id)


def _in_short(replied_to: Message | None) -> str:
    if replied_to is None:
        return "nothing: a new message"
    return replied_to.text or "a message without text"
