"""The calls whose answers are counted: every tool that reads, on small and on large data of the simulator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONG_AGO, LATER = "2020-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
"""Fixed times: the figures must not depend on the day."""
CASE, CASE_ID = {"case_number": "96829"}, {"case_id": "6afafdbdb2caf0d65f0d1ebf"}
PROFILE = {"profile_id": "6a633559a8726a576db1a7de"}
PERSON = {"channel_type": "EMAIL", "channel_id": "eloise.garancon@example.com"}
MESSAGES = (
    "ACCOUNT_700000107_1794833843257_EMAIL_36_6afafdb3f1a8470eeb5aa739",
    "ACCOUNT_700000107_1794833849257_EMAIL_36_6afafdb9f37fcecfe07fadaf",
    "ACCOUNT_700000107_1794851849257_EMAIL_36_6afb44094e2d939e8f773250",
)
LONG_CASE = {"case_number": "96700"}
"""A case with 50 messages and 10 comments."""
REPORT = {
    "engine": "INBOUND_MESSAGE",
    "report": "INBOUND_MESSAGE",
    "start": LONG_AGO,
    "end": LATER,
    "dimensions": ["SN_TYPE", "LANGUAGE"],
    "measures": [{"measurement": "INBOUND_COUNT"}],
}
WINDOW = {"sent_after": LONG_AGO, "sent_before": LATER}

CALLS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("get_case_by_number", CASE),
    ("get_case_by_number", {"case_number": "96832"}),
    ("get_case_by_id", CASE_ID),
    ("list_case_messages", CASE),
    ("get_case_conversation", CASE),
    ("get_case_conversation", {"case_number": "96832"}),
    ("get_case_conversation", {"case_number": "96770"}),
    ("get_case_conversation", LONG_CASE),
    ("list_comments", CASE),
    ("list_comments", LONG_CASE),
    ("list_comments", {"case_number": "96832"}),
    ("list_cases_by_profile", PROFILE),
    ("get_message", {"message_id": MESSAGES[0]}),
    ("get_messages", {"message_ids": list(MESSAGES)}),
    ("get_profile_by_id", PROFILE),
    ("get_profile_by_user_id", PERSON),
    ("search_cases", {"created_after": LONG_AGO}),
    ("search_cases", {"statuses": ["New"]}),
    ("search_cases", {"text": "refund"}),
    ("search_messages", {"sender": "customer", **WINDOW}),
    ("search_messages", {"case_number": "96829", **WINDOW}),
    ("search_profiles", {"channel_type": "TWITTER"}),
    ("search_profiles", {"email": "eloise.garancon@example.com"}),
    ("get_profile_by_username", {"channel_type": "TWITTER", "username": "ruby_greenhalf_example"}),
    ("smart_assist_search", {"text": "delivery"}),
    ("get_kb_content", {"content_id": "6728dac30e0cf77f5199bf5b"}),
    ("query_report", REPORT),
    ("get", {"path": "/api/v2/campaign"}),
    ("get_default_campaign", {}),
    ("get_me", {}),
    ("list_accounts", {}),
    ("list_case_values", {"kind": "statuses"}),
    ("list_case_values", {"kind": "queues"}),
    ("list_case_values", {"kind": "macros"}),
    ("get_custom_field", {"field_name": "spr_uc_priority"}),
    ("search_users", {}),
)
