"""Searches say what they looked for and what they left out, and no page is another's."""

from collections.abc import Mapping
from typing import Any, cast

import pytest
from canned import NOW, Canned, body_of, checked, gathered
from examples import AGENT, BEGIN, END, PROFILE_ID, action_of

from sprinklr_mcp.calls.rendering import render
from sprinklr_tools.actions.profiles.reading import GetProfileById, Profile
from sprinklr_tools.problems import Missing, Unclear
from sprinklr_tools.reading import Json, Record

IDENTITY: Json = {"channelType": "WHATSAPP_BUSINESS", "channelId": "447700900100"}
SOMEBODY = Profile.of(Record({"id": PROFILE_ID, "profiles": [IDENTITY]}))
NOTHING: Json = {"results": [], "totalCount": 0}


def told(tool: str, payload: Json, facts: Any = None, **arguments: Any) -> dict[str, Any]:
    """What a model gets as facts."""
    return render(action_of(tool, arguments).answer(payload, facts)).structured["facts"]


@pytest.mark.parametrize(
    ("contact", "kept"),
    [
        ({"channelType": "WHATSAPP_BUSINESS", "channelId": "447700900100"}, True),
        ({"id": "WHATSAPP_BUSINESS_447700900100", "channelId": "447700900100"}, True),
        ({"id": "WHATSAPP_BUSINESS_7", "fromSnUserId": "447700900100"}, True),
        ({"id": "WHATSAPP_BUSINESS_7"}, True),
        ({"id": "SMS_447700900100", "channelId": "447700900100"}, False),
        ({"channelType": "SMS", "channelId": "447700900100"}, False),
        ({"id": "WHATSAPP_BUSINESS_1", "channelId": "1"}, False),
        ({"channelId": "447700900100"}, False),
        ({}, False),
    ],
)
def test_a_persons_case_is_known_by_its_channel_or_its_contacts_id(
    contact: dict[str, Json], kept: bool
) -> None:
    rows: list[Json] = [{"id": "1", "caseNumber": 1, "contact": contact}]
    facts = told("list_cases_by_profile", {"results": rows}, SOMEBODY, profile_id=PROFILE_ID)
    assert len(facts.get("cases", [])) == int(kept)
    assert facts.get("other_people") == (None if kept else 1)


def test_a_person_without_channels_is_told_before_anything_is_built() -> None:
    action = action_of("list_cases_by_profile", {"profile_id": PROFILE_ID})
    with pytest.raises(Missing):
        gathered(action, Canned({GetProfileById: Profile.of(Record({"id": PROFILE_ID}))}))


def test_a_cursor_of_another_search_is_not_taken_for_page_one() -> None:
    with pytest.raises(Unclear, match="cursor"):
        checked("search_cases", text="parcel", cursor="67f0aa11bb22cc33dd44ee55")


def test_cases_found_by_words_are_the_newest_that_are_not_deleted() -> None:
    body = body_of("search_cases", text="parcel", assignee_id=AGENT, cursor="20")
    assert {"filterType": "IN", "field": "deleted", "values": [False]} in body["filters"]
    assert body["paginationInfo"] == {
        "start": 20,
        "rows": 20,
        "sortKey": "caseCreationTime",
        "sortDirection": "DESC",
    }


@pytest.mark.parametrize("named", [{"statuses": ["new"]}, {"priority": "high"}, {"case_type": "complaint"}])
def test_names_are_said_to_be_compared_where_nothing_is_found(named: Mapping[str, Any]) -> None:
    hint = told("search_cases", NOTHING, **named)["next"]
    assert "compared to the letter" in hint
    assert "sprinklr_list_case_values" in hint
    found: Json = {"results": [{"id": "1", "caseNumber": 1}]}
    assert "next" not in told("search_cases", found, **named)
    assert "next" not in told("search_cases", NOTHING, queue_id="1")


def test_the_time_that_was_searched_is_told_where_the_call_does_not_say_it() -> None:
    window = ("2026-10-21T12:00:00Z", "2026-11-20T12:00:00Z")
    found: Json = {"results": [{"messageId": "1"}]}
    for payload in (NOTHING, found):
        facts = told("search_messages", payload, NOW, text="parcel")
        assert (facts["searched_from"], facts["searched_to"]) == window
    given = {"text": "parcel", "sent_after": BEGIN, "sent_before": END}
    empty = told("search_messages", NOTHING, NOW, **given)
    assert (empty["searched_from"], empty["searched_to"]) == ("2026-01-01T00:00:00Z", "2026-01-07T23:00:00Z")
    assert "searched_from" not in told("search_messages", found, NOW, **given)
    assert "searched_from" not in told("search_messages", found, NOW, cursor="abc")


def test_a_time_before_all_times_breaks_nothing() -> None:
    body = body_of("search_messages", text="parcel", sent_before="0001-01-02T00:00:00Z")
    assert body["timeFilter"]["since"] < body["timeFilter"]["until"] < 0


def test_each_word_is_looked_for_by_itself() -> None:
    filters = body_of("smart_assist_search", text="gift  card refund gift", drafts=True)["filters"]
    assert [one["values"] for one in filters] == [["gift"], ["card"], ["refund"]]
    assert {one["filterType"] for one in filters} == {"CONTAINS"}
    with pytest.raises(Unclear):
        checked("smart_assist_search", text="one two three four five six")


def test_an_excerpt_says_that_it_is_one() -> None:
    short, long = ({"markUpText": "<p>" + "a" * size + "</p>"} for size in (300, 301))
    articles: list[Json] = [cast(Json, {"id": "1", "content": one}) for one in (short, long)]
    answer = action_of("smart_assist_search", {"text": "a"}).answer({"searchResults": articles}, None)
    assert [one.text for one in answer.articles] == ["a" * 300, "a" * 300 + "…"]


def test_plain_tags_are_facts_and_leave_no_holes() -> None:
    article: Json = {"id": "1", "tags": ["returns", "gift card"]}
    assert told("get_kb_content", article, content_id="1")["tags"] == ["returns", "gift card"]
    assert "tags" not in told("get_kb_content", {"id": "1", "tags": [""]}, content_id="1")


def test_users_of_a_name_are_not_counted_by_all_users() -> None:
    user: Json = {
        "id": "7",
        "name": {"givenName": "Grace"},
        "globalAttributes": {"partnerCustomProperties": {"spr_user_availability_status": ["Available"]}},
    }
    listed: Json = {"totalResults": 250, "Resources": [user]}
    named = told("search_users", listed, name="grace")
    assert named["page"]["shown"] == 1
    assert "total" not in named["page"]
    assert named["page"]["next"]["arguments"]["cursor"] == "2"
    assert "availability" not in named["users"][0]
    assert told("search_users", listed)["page"]["total"] == 250


def test_a_report_that_ends_before_it_starts_is_refused() -> None:
    report = {"engine": "A", "report": "A", "dimensions": [], "measures": [{"measurement": "M"}]}
    with pytest.raises(Unclear, match="start is after end"):
        checked("query_report", **report, start=END, end=BEGIN)
    assert checked("query_report", **report, start=BEGIN, end=END) is None
