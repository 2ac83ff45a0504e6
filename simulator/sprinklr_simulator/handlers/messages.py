"""Messages: read one, read many. Knows rows of messages only."""

from typing import Final

from ..answers import Answer, enveloped, refused
from ..calls import Call, Handlers
from ..json_values import list_of, text_of

MOST_MESSAGES = 50


def read_message(call: Call) -> Answer:
    """The message with this id."""
    message = call.rows.find("messages", call.query["messageId"])
    if message is None:
        # Assumption A22: an unknown message is a 404.
        raise refused(404, "Message not found")
    # The case number stands in the bulk read's sample only.
    return enveloped({name: value for name, value in message.items() if name != "associatedCaseNumber"})


def read_messages(call: Call) -> Answer:
    """The messages with these ids, in their order; unknown ids are left out without a word."""
    identifiers = list_of(call.body)
    if len(identifiers) > MOST_MESSAGES:
        # Assumption A23: 50 ids at most, after the example of the page on rate limits.
        raise refused(400, f"No more than {MOST_MESSAGES} message ids")
    found = [call.rows.find("messages", text_of(identifier)) for identifier in identifiers]
    return enveloped([message for message in found if message is not None])


HANDLERS: Final[Handlers] = {
    ("GET", "/api/v2/message/byMessageId"): read_message,
    ("POST", "/api/v2/message/bulk-fetch"): read_messages,
}
