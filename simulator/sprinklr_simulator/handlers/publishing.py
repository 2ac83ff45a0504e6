"""Publishing a message to one person. Knows accounts, campaigns, cases and messages."""

import secrets
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, integer_of, list_of, object_of, text_of, value_at
from .cases import changed
from .posts import PUBLISHED, new_post

FIRST_POST = 700000018000000
PUBLISHING_RIGHTS: Final = ("ALL", "PUBLISH")
DIRECT_MESSAGE_CODE = "313"


def publish_message(call: Call) -> Answer:
    """Send a message; answers the id of the post."""
    # Assumption A41: `scheduleDate`, `inReplyToMessageId` and, on X, `toProfile.screenName` may be left out,
    # as the samples do, although tables call them required.
    check_workspace(call)
    account = publishing_account(call)
    check_campaign(call)
    answered = answered_message(call)
    number = FIRST_POST + int(call.transaction.increase("posts"))
    post = new_post(call, account, number)
    # Assumption A29: a post that waits for its date or for an approval is no message of the case yet.
    if post["status"] == PUBLISHED:
        message = outbound_message(call, account, answered, number)
        call.rows.put("messages", message)
        count_on_case(call, message)
    call.rows.put("posts", post)
    return enveloped([f"POST_{number}"])


def check_workspace(call: Call) -> None:
    """Refuse a workspace that the token doesn't reach."""
    workspace = call.arrival.headers.get("workspace_id")
    if workspace is not None and workspace not in call.grant.workspaces:
        raise refused(401, f"Unauthorized: the token does not cover workspace {workspace}")


def publishing_account(call: Call) -> JsonObject:
    """The account that sends, or a refusal."""
    account_id = text_of(call.fields["accountId"])
    account = call.rows.find("accounts", account_id)
    if account is None:
        raise refused(400, f"Account {account_id} not found")
    if account.get("isActive") is False:
        # Assumption A30: nothing can be sent from an account that is not active.
        raise refused(400, f"Account {account_id} is not active")
    if not any(right in list_of(account.get("userPermissions")) for right in PUBLISHING_RIGHTS):
        # Assumption A31: ALL or PUBLISH among an account's userPermissions means that the user may publish.
        raise refused(400, "Access to resource is forbidden")
    channel = value_at(call.body, "toProfile.channelType")
    if channel not in (account.get("snType"), account.get("accountType")):
        # Assumption A32: a recipient on another channel than the account's is a wrong channel: 400.
        raise refused(400, f"Account {account_id} can't send to {text_of(channel)}")
    return account


def check_campaign(call: Call) -> None:
    """Refuse a campaign that isn't there or is archived."""
    campaign_id = text_of(value_at(call.body, "taxonomy.campaignId"))
    campaign = call.rows.find("campaigns", campaign_id)
    if campaign is None or campaign.get("archived") is True:
        raise refused(400, f"Campaign {campaign_id} not found")


def answered_message(call: Call) -> JsonObject | None:
    """The message that is answered, if one is."""
    message_id = text_of(call.fields.get("inReplyToMessageId"))
    if not message_id:
        return None
    message = call.rows.find("messages", message_id)
    if message is None:
        raise refused(400, "The message in inReplyToMessageId was not found")
    if text_of(message.get("sourceId")) != text_of(call.fields["accountId"]):
        # Assumption A33: a message can be answered only from the account that received it.
        raise refused(400, "The message in inReplyToMessageId belongs to another account")
    return message


def outbound_message(call: Call, account: JsonObject, answered: JsonObject | None, post: int) -> JsonObject:
    """The message as it can be read from now on."""
    recipient = object_of(call.fields["toProfile"])
    channel = text_of(recipient.get("channelType"))
    channel_message_id = secrets.token_hex(12)
    campaign_id = value_at(call.body, "taxonomy.campaignId")
    return {
        "messageId": message_id(call, channel, answered, channel_message_id),
        "sourceType": "ACCOUNT",
        "sourceId": account.get("accountId"),
        "content": call.fields["content"],
        "channelMessageId": channel_message_id,
        "channelType": channel,
        "accountType": account.get("accountType"),
        "channelCreatedTime": call.now,
        "senderProfile": sender_of(account, channel),
        "receiverProfile": recipient,
        "postId": post,
        "brandPost": True,
        "createdTime": call.now,
        "modifiedTime": call.now,
        "workflow": {"customProperties": {}, "queues": [], "campaignId": campaign_id},
        **links_of(call, recipient, answered),
    }


def message_id(call: Call, channel: str, answered: JsonObject | None, channel_message_id: str) -> str:
    """The id of a message: its account, time, channel, type and its id on the channel."""
    # Assumption A34: a message that answers none is of the type of a direct message and belongs to the
    # recipient's newest case.
    code = message_code(answered) if answered else DIRECT_MESSAGE_CODE
    account_id = text_of(call.fields["accountId"])
    return f"ACCOUNT_{account_id}_{call.now}_{channel}_{code}_{channel_message_id}"


def sender_of(account: JsonObject, channel: str) -> JsonObject:
    """The brand, as the sender of a message."""
    return {
        "name": account.get("displayName"),
        "channelType": channel,
        "channelId": account.get("accountUserId"),
        "username": account.get("screenName"),
    }


def links_of(call: Call, recipient: JsonObject, answered: JsonObject | None) -> JsonObject:
    """What a message hangs on: the conversation and the case of the one before, or the person's case."""
    if answered is not None:
        names = ("associatedCaseNumber", "conversationId", "language")
        return {name: answered[name] for name in names if name in answered}
    number = newest_case_number(call, recipient)
    return {"associatedCaseNumber": number} if number else {}


def message_code(message: JsonObject) -> str:
    """The number of a message's type, which stands in its id behind the channel."""
    channel = text_of(message.get("channelType"))
    return text_of(message.get("messageId")).partition(f"_{channel}_")[2].partition("_")[0]


def newest_case_number(call: Call, recipient: JsonObject) -> JsonValue:
    """The number of the newest case of a person that is not deleted."""
    person = (recipient.get("channelType"), recipient.get("channelId"))
    cases = [
        case
        for case in call.rows.all("cases")
        if person == (value_at(case, "contact.channelType"), value_at(case, "contact.channelId"))
        and case.get("deleted") is not True
    ]
    newest = max(cases, key=lambda case: integer_of(case.get("createdTime")), default=None)
    return newest.get("caseNumber") if newest else None


def count_on_case(call: Call, message: JsonObject) -> None:
    """Let the case of a message know."""
    case = call.rows.find_by_number("cases", text_of(message.get("associatedCaseNumber")))
    if case is not None:
        count = integer_of(case.get("associatedBrandMessageCount")) + 1
        call.rows.put("cases", changed(call, case, {"associatedBrandMessageCount": count}))


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/publishing/message"): publish_message,
}
