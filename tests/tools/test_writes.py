"""Writes refuse what contradicts itself, and name the read that tells whether they happened."""

from typing import Any

import pytest
from canned import ACCOUNT_ID, Canned, body_of, checked, gathered
from examples import ASSET, CASE, CASE_ID, LINE, MESSAGE, PERSON, PROFILE_ID, TEXT, action_of

from sprinklr_mcp.calls.describing import settling
from sprinklr_mcp.sending.building import freeze
from sprinklr_tools.problems import Unclear
from sprinklr_tools.request import Request

CHANNEL_ID = PERSON["channel_id"]
BY_PERSON = 'get_profile_by_user_id {"channel_type":"TWITTER","channel_id":"155500001"'
JOURNEY = {"journey_id": ASSET, "name": "Ilse", **PERSON}
DEFLECT = {"asset_id": ASSET, "account_id": ACCOUNT_ID, **PERSON}


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("add_comment", {"text": TEXT, "entity_type": "CASE", "entity_id": CASE_ID}, "case_number"),
        ("update_profile", {"profile_id": PROFILE_ID, "channel_type": "TWITTER", "phone": "+4915"}, "Which"),
        ("update_profile", {"profile_id": PROFILE_ID, **PERSON, "phone": "+4915"}, "Which"),
        (
            "update_case",
            {"case_number": CASE, "status": "New", "custom_fields": {"spr_uc_status": ["Closed"]}},
            "status and custom_fields",
        ),
        (
            "update_case",
            {"case_number": CASE, "priority": "High", "custom_fields": {"spr_uc_priority": ["High"]}},
            "priority and custom_fields",
        ),
        (
            "create_case",
            {
                "message_id": MESSAGE,
                "subject": LINE,
                "case_type": "A",
                "custom_fields": {"spr_uc_type": ["B"]},
            },
            "case_type and custom_fields",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(tool: str, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(Unclear) as refused:
        checked(tool, **arguments)
    assert told in f"{refused.value.message} {refused.value.next}"


def test_a_note_on_a_case_may_name_it_by_its_number() -> None:
    assert checked("add_comment", text=TEXT, entity_type="CASE", entity_id=CASE) == ("CASE", CASE)


def test_custom_fields_go_beside_the_arguments_of_other_properties() -> None:
    fields = {"spr_uc_priority": ["High"], "_c_1": ["a"]}
    created = body_of("create_case", message_id=MESSAGE, subject=LINE, status="New", custom_fields=fields)
    assert created["workflow"]["customProperties"] == fields
    updated = body_of("update_case", case_number=CASE, status="New", custom_fields=fields)
    assert updated["syncedSelectedCustomProperties"] == {**fields, "spr_uc_status": ["New"]}


def test_a_case_for_a_person_gets_its_status_where_the_call_documents_it() -> None:
    body = body_of("create_case_via_profile", subject=LINE, **PERSON, status="New", priority="High")
    assert body["status"] == "New"
    assert body["workflow"]["customProperties"] == {"spr_uc_priority": ["High"]}


@pytest.mark.parametrize(
    ("tool", "arguments", "read"),
    [
        ("add_comment", {"text": TEXT, "case_number": CASE}, f'list_comments {{"case_number":"{CASE}"'),
        (
            "add_comment",
            {"text": TEXT, "entity_type": "CASE", "entity_id": CASE},
            f'list_comments {{"case_number":"{CASE}"',
        ),
        ("add_comment", {"text": TEXT, "entity_type": "MESSAGE", "entity_id": MESSAGE}, ""),
        ("create_case", {"message_id": MESSAGE, "subject": LINE}, f'get_message {{"message_id":"{MESSAGE}"'),
        (
            "create_case_via_profile",
            {"subject": LINE, **PERSON},
            f'search_cases {{"channel_id":"{CHANNEL_ID}"',
        ),
        (
            "create_case_via_profile",
            {"subject": LINE, "channel_type": "EMAIL", "email": "a@example.com"},
            "",
        ),
        ("create_profile", {"name": "Ilse", **PERSON}, BY_PERSON),
        ("update_profile", {"full_name": "Ilse", **PERSON}, BY_PERSON),
        (
            "update_profile",
            {"full_name": "Ilse", "profile_id": PROFILE_ID},
            f'get_profile_by_id {{"profile_id":"{PROFILE_ID}"',
        ),
        (
            "publish_message",
            {"text": TEXT, "case_number": CASE},
            f'get_case_conversation {{"case_number":"{CASE}"',
        ),
        (
            "publish_message",
            {"text": TEXT, "account_id": ACCOUNT_ID, **PERSON},
            f'search_messages {{"channel_type":"TWITTER","account_id":"{ACCOUNT_ID}","sender":"brand"',
        ),
        (
            "publish_message",
            {"text": TEXT, "in_reply_to_message_id": MESSAGE},
            'search_messages {"sender":"brand"',
        ),
        ("deflect_call", {**DEFLECT, "case_number": CASE}, f'get_case_conversation {{"case_number":"{CASE}"'),
        ("deflect_call", DEFLECT, ""),
        ("trigger_journey", JOURNEY, BY_PERSON),
    ],
)
def test_a_write_names_the_read_that_tells_whether_it_happened(
    tool: str, arguments: dict[str, Any], read: str
) -> None:
    told = settling(action_of(tool, arguments), freeze(Request("POST", "/api/v2/any")))
    assert told.startswith(f"See what happened with sprinklr_{read}") if read else told == ""


def test_a_message_without_a_campaign_says_where_its_ids_are_listed() -> None:
    action = action_of("publish_message", {"text": TEXT, "case_number": CASE})
    with pytest.raises(Unclear) as refused:
        gathered(action, Canned({}, campaign=None))
    assert "sprinklr_get_default_campaign" in refused.value.next
