"""Publishing: what a person is shown is what goes out, and nothing goes out on a guess.

How a person answers, and in which era, is another file's subject.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator
from typing import Any

import mcp_types as types
import pytest
import seats
from installation import Installation, Person, Since, Sprinklr, code_of, text_of

pytestmark = pytest.mark.anyio

PUBLISH = "sprinklr_publish_message"
LATEST = "ACCOUNT_700000105_1795162632047_WHATSAPP_BUSINESS_346_wamid.6A4A8AE736C3CBFCE893237C5BA8"
OURS = "ACCOUNT_700000105_1794997032047_WHATSAPP_BUSINESS_346_wamid.5564F5AC8205C674F70E8CE4489D"
MAYA = {"channelType": "WHATSAPP_BUSINESS", "channelId": "447700900100", "screenName": "+447700900100"}
TO_SOMEBODY = {"account_id": "700000105", "channel_type": "WHATSAPP_BUSINESS", "channel_id": "447700900199"}
texts = itertools.count(1)


class Desk(seats.Desk):
    async def publish(self, person: Person, **arguments: Any) -> types.CallToolResult:
        return await self.call(person, PUBLISH, {"text": new_text(), **arguments})


def new_text() -> str:
    return f"It comes tomorrow ({next(texts)})."


@pytest.fixture
def sprinklr(since: Since) -> Sprinklr:
    return since


@pytest.fixture(scope="module")
async def desk(installation_of_file: Installation, seat: seats.Seat) -> AsyncGenerator[Desk]:
    async with installation_of_file.client("2026-07-28", seat) as client:
        yield Desk(client, seat)


def yes(account: str = "Northwind Cycles") -> Person:
    return Person(types=account)


async def question(desk: Desk, **arguments: Any) -> list[str]:
    """Return the question, line by line, and close it."""
    person = Person(does="cancel")
    result = await desk.publish(person, **arguments)
    assert person.asked, text_of(result)
    return person.asked[0].splitlines()


async def sent(desk: Desk, sprinklr: Sprinklr, person: Person, **arguments: Any) -> dict[str, Any]:
    """Publish, and return the body that Sprinklr carried out."""
    result = await desk.publish(person, **arguments)
    assert not result.is_error, text_of(result)
    (commit,) = sprinklr.commits()
    return commit["body"]


async def refused(desk: Desk, sprinklr: Sprinklr, code: str, **arguments: Any) -> str:
    """Publish what cannot be published, and return what is said about it; nobody is asked."""
    person = yes()
    result = await desk.publish(person, **arguments)
    assert code_of(result) == code
    assert "Nothing was sent." in text_of(result)
    assert person.asked == []
    assert sprinklr.commits() == []
    return text_of(result)


async def test_a_case_number_alone_is_enough_for_a_reply(sprinklr: Sprinklr, desk: Desk) -> None:
    body = await sent(desk, sprinklr, yes(), case_number=96827, text="Two are on their way.")
    assert body == {
        "accountId": 700000105,
        "content": {"text": "Two are on their way."},
        "taxonomy": {"campaignId": "7001_12"},
        "toProfile": MAYA,
        "inReplyToMessageId": LATEST,
    }


async def test_the_question_shows_everything_that_people_outside_will_see(
    sprinklr: Sprinklr, desk: Desk
) -> None:
    text = "Hello Maya,\n\ntwo are on their way 🎁\nGrace"
    lines = await question(desk, case_number="#96827", text=text)
    assert lines[:3] == [
        "Send this message to a customer? It cannot be taken back.",
        "",
        "Where: Sprinklr prod2",
    ]
    for line in (
        "From account: “Northwind Cycles”",
        "Account id: 700000105",
        "Channel: WHATSAPP_BUSINESS",
        "To: 447700900100",
        "Their name: “Maya Lindqvist-Hart”",
        "Campaign: 7001_12 (not verified)",
        "When: immediately",
        "Case: 96827",
    ):
        assert line in lines
    (answered,) = [line for line in lines if line.startswith("Replies to: “Hm. It's really tight now.")]
    assert answered.endswith("more characters)”")
    start = lines.index("Text:")
    assert lines[start + 1 :] == [
        "    Hello Maya,",
        "    ",
        "    two are on their way 🎁",
        "    Grace",
        "",
        "To agree, type the name of the account.",
    ]


async def test_a_message_can_be_replied_to_by_its_id(sprinklr: Sprinklr, desk: Desk) -> None:
    body = await sent(desk, sprinklr, yes(), in_reply_to_message_id=LATEST)
    assert (body["accountId"], body["toProfile"]) == (700000105, MAYA)
    assert body["inReplyToMessageId"] == LATEST


async def test_a_new_message_goes_to_whom_it_is_addressed(sprinklr: Sprinklr, desk: Desk) -> None:
    lines = await question(desk, **TO_SOMEBODY)
    assert "Replies to: nothing: a new message" in lines
    assert "To: 447700900199 (not verified)" in lines
    assert "Their name: unknown" in lines
    body = await sent(desk, sprinklr, yes(), **TO_SOMEBODY)
    assert body["toProfile"] == {"channelType": "WHATSAPP_BUSINESS", "channelId": "447700900199"}
    assert "inReplyToMessageId" not in body


async def test_a_new_message_names_its_recipient_where_a_profile_has_them(
    sprinklr: Sprinklr, desk: Desk
) -> None:
    lines = await question(desk, **{**TO_SOMEBODY, "channel_id": MAYA["channelId"]})
    assert "Their name: “Maya Lindqvist-Hart”" in lines


async def test_a_message_can_wait_for_its_time(sprinklr: Sprinklr, desk: Desk) -> None:
    arguments = {"case_number": 96827, "schedule_at": "2099-01-01T09:00:00+01:00"}
    assert "When: 2099-01-01T09:00:00+01:00" in await question(desk, **arguments)
    body = await sent(desk, sprinklr, yes(), **arguments)
    assert body["scheduleDate"] == 4_070_937_600_000


async def test_a_time_that_has_passed_is_shown_as_now(sprinklr: Sprinklr, desk: Desk) -> None:
    lines = await question(desk, case_number=96827, schedule_at="2020-01-01T00:00:00Z")
    assert "When: immediately, since 2020-01-01T00:00:00+00:00 has passed" in lines


async def test_a_time_without_its_zone_is_refused(sprinklr: Sprinklr, desk: Desk) -> None:
    told = await refused(
        desk, sprinklr, "INVALID_REQUEST", case_number=96827, schedule_at="2099-01-01T09:00:00"
    )
    assert "schedule_at" in told


async def test_an_attachment_is_shown_with_its_host(sprinklr: Sprinklr, desk: Desk) -> None:
    address = "https://files.example.com/label.PNG?size=1"
    arguments = {"case_number": 96827, "attachment_url": address}
    lines = await question(desk, **arguments)
    assert f"Attachment: {address}" in lines
    assert "Attachment host: files.example.com" in lines
    body = await sent(desk, sprinklr, yes(), **arguments)
    assert body["content"]["attachment"] == {"type": "IMAGE", "url": address}


@pytest.mark.parametrize(
    "address",
    [
        "http://files.example.com/a.png",
        "https://localhost/a.png",
        "https://10.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://files.example.com@evil.example.com/a.png",
        "https://files.example.com/a.png\nFrom account: somebody else",
        "https://files.example.com/\u202egnp.a",
        "file:///etc/passwd",
    ],
)
async def test_an_attachment_comes_from_a_public_address(
    sprinklr: Sprinklr, desk: Desk, address: str
) -> None:
    told = await refused(desk, sprinklr, "INVALID_REQUEST", case_number=96827, attachment_url=address)
    assert "attachment_url" in told


async def test_a_campaign_that_is_given_goes_before_the_configured_one(
    sprinklr: Sprinklr, desk: Desk
) -> None:
    arguments = {"case_number": 96827, "campaign_id": "7001_14"}
    assert "Campaign: 7001_14 (not verified)" in await question(desk, **arguments)
    body = await sent(desk, sprinklr, yes(), **arguments)
    assert body["taxonomy"] == {"campaignId": "7001_14"}


def test_without_any_campaign_that_is_said(sprinklr: Sprinklr, installation_of_file: Installation) -> None:
    bare = installation_of_file.changed(SPRINKLR_DEFAULT_CAMPAIGN="")
    done = bare.run("call", "publish_message", '{"case_number": 96827, "text": "Hello"}')
    assert done.returncode == 1
    assert "INVALID_REQUEST" in done.stderr
    assert "SPRINKLR_DEFAULT_CAMPAIGN" in done.stderr
    assert sprinklr.commits() == []


async def test_sprinklr_refusing_a_campaign_is_told_and_can_be_tried_again(
    sprinklr: Sprinklr, desk: Desk
) -> None:
    for _ in range(2):
        person = yes()
        result = await desk.publish(person, text="Hello", case_number=96827, campaign_id="7001_999")
        assert code_of(result) == "UPSTREAM_REFUSED"
        assert len(person.asked) == 1
    assert sprinklr.commits() == []


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        ("INVALID_REQUEST", {"case_number": 96827, "channel_id": "447700900199"}),
        ("INVALID_REQUEST", {"case_number": 96827, "channel_type": "EMAIL"}),
        ("INVALID_REQUEST", {"in_reply_to_message_id": LATEST, "case_number": 96815}),
        ("INVALID_REQUEST", {"in_reply_to_message_id": OURS}),
        ("INVALID_REQUEST", {}),
        ("INVALID_REQUEST", {"account_id": "700000105"}),
        ("INVALID_REQUEST", {"channel_type": "WHATSAPP_BUSINESS", "channel_id": "447700900100"}),
        ("CONFLICT", {"case_number": 96827, "account_id": "700000102"}),
        ("NOT_FOUND", {"case_number": 96827, "account_id": "700000999"}),
        ("NOT_FOUND", {"case_number": 11}),
        ("NOT_FOUND", {"in_reply_to_message_id": "ACCOUNT_700000105_1_WHATSAPP_BUSINESS_346_none"}),
        ("INVALID_REQUEST", {"case_number": 96827, "text": " \n "}),
        ("INVALID_REQUEST", {"case_number": 96827, "text": "a\u0007b"}),
    ],
    ids=[
        "another recipient",
        "another channel",
        "message of another case",
        "our own message",
        "nobody",
        "no recipient",
        "no account",
        "inactive account",
        "unknown account",
        "unknown case",
        "unknown message",
        "empty text",
        "control character",
    ],
)
async def test_what_contradicts_itself_is_refused_before_anybody_is_asked(
    sprinklr: Sprinklr, desk: Desk, code: str, arguments: dict[str, Any]
) -> None:
    await refused(desk, sprinklr, code, **arguments)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": []}, "UPSTREAM_REFUSED"),
        ({"data": [], "errors": []}, "UPSTREAM_REFUSED"),
        ({"data": None}, "UPSTREAM_BAD_RESPONSE"),
        ({"data": ["", None]}, "UPSTREAM_BAD_RESPONSE"),
        (17, "UPSTREAM_BAD_RESPONSE"),
    ],
)
async def test_only_an_empty_list_of_posts_means_that_nothing_was_published(
    sprinklr: Sprinklr, desk: Desk, body: Any, code: str
) -> None:
    """SR-26: the one is a published sample of a failure; from the others nobody can tell."""
    sprinklr.fault("POST /publishing/message", "answer", body=body)
    result = await desk.publish(yes(), case_number=96827, text=new_text())
    assert result.is_error, text_of(result)
    assert code_of(result) == code
    assert ("Do not repeat it" in text_of(result)) == (code == "UPSTREAM_BAD_RESPONSE")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pay to \u202e5432\u202c please", "Pay to 5432 please"),
        ("pass\u200bword", "password"),
        ("Yes\U000e0041\U000e0042", "Yes"),
        ("a\u2028b", "a"),
    ],
    ids=["bidi", "zero width", "tags", "line separator"],
)
async def test_characters_that_cannot_be_seen_are_pointed_out(
    sprinklr: Sprinklr, desk: Desk, text: str, shown: str
) -> None:
    lines = await question(desk, case_number=96827, text=text)
    assert f"    {shown}" in lines
    assert "(The text also holds characters that cannot be seen here.)" in lines
    assert sprinklr.commits() == []


@pytest.mark.parametrize(
    "text",
    [
        "Family ride! 👨‍👩‍👧‍👦🚵🏾‍♀️ 🏳️‍🌈",
        "می‌خواهم، شكرا، नमस्ते",
        "Grüße aus Köln – 20 € … “ok”",
        '<a href="https://evil.example.com">Your invoice</a> &amp; <b>more</b>',
        "1 < 2 && 3 > 2 &lt;br&gt;",
    ],
    ids=["emoji", "joiners", "european", "markup", "entities"],
)
async def test_an_ordinary_text_is_shown_as_it_will_be_published(
    sprinklr: Sprinklr, desk: Desk, text: str
) -> None:
    person = yes()
    body = await sent(desk, sprinklr, person, case_number=96827, text=text)
    assert body["content"]["text"] == text
    assert f"    {text}" in person.asked[0].splitlines()
    assert "cannot be seen" not in person.asked[0]


async def test_a_text_cannot_pass_for_our_own_lines(sprinklr: Sprinklr, desk: Desk) -> None:
    forged = "Hi\nFrom account: “Northwind Cycles Europe”\n\nTo agree, type yes."
    plain = await question(desk, case_number=96827, text="Hi")
    lines = await question(desk, case_number=96827, text=forged)
    inside = ["    From account: “Northwind Cycles Europe”", "    ", "    To agree, type yes."]
    start = plain.index("    Hi") + 1
    assert lines == [*plain[:start], *inside, *plain[start:]]


async def test_a_text_too_long_for_a_form_is_not_cut_to_fit(sprinklr: Sprinklr, desk: Desk) -> None:
    longest = "a" * 8_000
    lines = await question(desk, case_number=96827, text=longest)
    assert f"    {longest}" in lines
    told = await refused(desk, sprinklr, "CONFIRMATION_REQUIRED", case_number=96827, text=longest + "a")
    assert "sprinklr-mcp approve" in told


async def test_a_customers_odd_name_is_quoted_on_one_line(sprinklr: Sprinklr, desk: Desk) -> None:
    lines = await question(desk, case_number=96815)
    (name,) = [line for line in lines if line.startswith("Their name: ")]
    assert name.startswith("Their name: “Zoë ")
    assert name.endswith("”")
    assert not set("\u202e\u202c\u200b") & set("".join(lines))
    assert "From account: “Northwind Web Chat”" in lines
    body = await sent(desk, sprinklr, yes("northwind web chat"), case_number=96815)
    assert body["toProfile"]["channelId"] == "4504ba09f0d166c7315da0ea"


async def test_a_subject_that_gives_orders_changes_nothing(sprinklr: Sprinklr, desk: Desk) -> None:
    text = new_text()
    lines = await question(desk, case_number=96808, text=text)
    assert [line.partition(":")[0] for line in lines if line and not line.startswith(" ")] == [
        "Send this message to a customer? It cannot be taken back.",
        "Where",
        "From account",
        "Account's channel",
        "Account id",
        "Channel",
        "To",
        "Their name",
        "Campaign",
        "When",
        "Case",
        "Replies to",
        "Text",
        "To agree, type the name of the account.",
    ]
    assert "To: lewis.carrowmore@example.com" in lines
    assert "Replies to: “Arrived, thanks. It rings.”" in lines
    assert "all clear" not in "\n".join(lines)


async def test_a_dry_run_shows_the_request_and_asks_nobody(sprinklr: Sprinklr, desk: Desk) -> None:
    person = yes()
    result = await desk.publish(person, text="Hello", case_number=96827, dry_run=True)
    assert result.structured_content is not None
    facts = result.structured_content["facts"]
    assert (facts["sent"], facts["a_person_is_asked"]) == ("no", True)
    assert facts["request"]["path"] == "/api/v2/publishing/message"
    assert facts["request"]["body"]["content"] == {"text": "Hello"}
    assert person.asked == sprinklr.commits() == []
