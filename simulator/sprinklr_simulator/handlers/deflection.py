"""Moving a caller to a written channel: a prepared message goes out. Knows assets, accounts and cases."""

import secrets
from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, JsonValue, object_of, text_of, write_json
from .case_changes import with_mirrors, with_workflow
from .case_creation import custom_properties, new_case
from .comments import new_comment
from .publishing import DIRECT_MESSAGE_CODE, count_on_case, newest_case_number, sender_of

NETWORKS: Final = ("WHATSAPP_BUSINESS", "SMS", "FACEBOOK", "TWITTER", "INSTAGRAM", "SPRINKLR_LIVE_CHAT")


def deflect_call(call: Call) -> Answer:
    """Send the prepared message; the envelope is double, with a JSON text inside."""
    account, asset = check_sending(call)
    recipient: JsonObject = {
        "channelType": call.fields["deflectionType"],
        "channelId": call.fields["snId"],
    }
    case = case_of(call, recipient)
    message = outbound_message(call, account, asset, recipient)
    if case is not None:
        message["associatedCaseNumber"] = case["caseNumber"]
        note_on_case(call, case)
    call.rows.put("messages", message)
    count_on_case(call, message)
    identifiers = write_json([message["channelMessageId"]])
    return enveloped({"data": identifiers, "errors": []})


def check_sending(call: Call) -> tuple[JsonObject, JsonObject]:
    """The account that sends and the message that is sent, or a refusal with a status of this call's own."""
    network = text_of(call.fields["deflectionType"])
    account = call.rows.find("accounts", text_of(call.fields["accountId"]))
    if account is None:
        raise refused(410, "Account not found")
    # Assumption A72: a network is supported where people can be written to in private, e-mail excepted.
    if network not in NETWORKS:
        raise refused(412, f"Deflection to {network} is not supported")
    if network not in (account.get("accountType"), account.get("snType")):
        raise refused(411, f"The account does not fit {network}")
    asset = call.rows.find("assets", text_of(call.fields["assetId"]))
    if asset is None:
        raise refused(413, "Asset not found")
    if account.get("isActive") is False:
        # Assumption A73: an account that is not active makes the sending fail, which is a 415 here.
        raise refused(415, "Publishing failed")
    return account, asset


def case_of(call: Call, recipient: JsonObject) -> JsonObject | None:
    """The case that the message belongs to: the named one, a new one, or the person's newest."""
    number = text_of(call.fields.get("caseNumber"))
    if number:
        case = call.rows.find_by_number("cases", number)
        if case is None:
            # Assumption A74: an unknown case number is a 400, and nothing is sent.
            raise refused(400, f"Case {number} not found")
        return with_properties(call, case)
    # Assumption A75: without `createCase` a case is opened, as the article says and the other text denies.
    if call.fields.get("createCase", True) is True:
        case = new_case(call, text_of(recipient["channelType"]), text_of(recipient["channelId"]))
        return with_properties(call, case)
    return call.rows.find_by_number("cases", text_of(newest_case_number(call, recipient)))


def with_properties(call: Call, case: JsonObject) -> JsonObject:
    """The case with the custom properties that the call brings, stored."""
    custom = custom_properties(case) | object_of(call.fields.get("customProperties"))
    case = with_mirrors(with_workflow(case, "customProperties", custom), custom)
    call.rows.put("cases", case)
    return case


def note_on_case(call: Call, case: JsonObject) -> None:
    """Keep the note that the call brings."""
    note = text_of(call.fields.get("comment"))
    if note:
        call.rows.put("comments", new_comment(call, "CASE", text_of(case["caseNumber"]), note))


def outbound_message(call: Call, account: JsonObject, asset: JsonObject, recipient: JsonObject) -> JsonObject:
    """The message to the caller, as it can be read from now on."""
    channel, account_id = text_of(recipient["channelType"]), text_of(account.get("accountId"))
    native = f"wamid.{secrets.token_hex(14).upper()}"
    content: JsonObject = {"text": asset.get("text")}
    attachment: JsonValue = call.fields.get("attachment")
    return {
        "messageId": f"ACCOUNT_{account_id}_{call.now}_{channel}_{DIRECT_MESSAGE_CODE}_{native}",
        "sourceType": "ACCOUNT",
        "sourceId": account.get("accountId"),
        "content": {**content, "attachment": attachment} if attachment else content,
        "channelMessageId": native,
        "channelType": channel,
        "accountType": account.get("accountType"),
        "channelCreatedTime": call.now,
        "senderProfile": sender_of(account, channel),
        "receiverProfile": recipient,
        "brandPost": True,
        "createdTime": call.now,
        "modifiedTime": call.now,
        "workflow": {
            "customProperties": object_of(call.fields.get("messageCustomProperties")),
            "queues": [],
        },
    }


HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/deflect"): deflect_call,
}
