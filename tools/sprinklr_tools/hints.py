"""Where the ids that arguments take come from, and what they look like: for errors, which must lead on.

One table for all actions, since a name means the same everywhere. Knows no error code.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True)
class Hint:
    """What an argument looks like, and who gives it."""

    form: str
    source: str


HINTS = {
    "account_id": Hint("digits", "sprinklr_list_accounts lists them"),
    "add_queue_ids": Hint("digits", "sprinklr_list_case_values lists queues"),
    "asset_id": Hint("letters and digits", "no tool lists them: ask the person"),
    "assignee_id": Hint("digits", "sprinklr_search_users finds it"),
    "campaign_id": Hint("letters and digits, such as 7001_12", "sprinklr_get_default_campaign lists them"),
    "case_id": Hint("24 hexadecimal digits", "sprinklr_get_case_by_number gives it"),
    "case_number": Hint("digits", "people see it on the case; sprinklr_search_cases finds cases"),
    "channel_id": Hint("no spaces; a user name is no id", "cases, messages and profiles give it"),
    "channel_type": Hint("capital letters, such as TWITTER or EMAIL", "cases and messages give it"),
    "content_id": Hint("letters and digits", "sprinklr_smart_assist_search finds articles"),
    "custom_fields": Hint("field names to lists of texts", "sprinklr_get_custom_field tells what one takes"),
    "email": Hint("such as ada@example.com", "ask the person"),
    "entity_id": Hint("no spaces and no slashes", "the answer that names the record gives it"),
    "entity_type": Hint("such as _c_loyalty_member", "ask the person which types the tenant has"),
    "field_name": Hint("such as spr_uc_status", "an administrator knows it"),
    "in_reply_to_message_id": Hint("a long id", "sprinklr_list_case_messages gives it"),
    "journey_id": Hint("letters and digits", "no tool lists them: ask the person"),
    "macro_id": Hint("letters and digits", "sprinklr_list_case_values lists macros"),
    "message_id": Hint("a long id", "sprinklr_list_case_messages gives it"),
    "message_ids": Hint("long ids", "sprinklr_list_case_messages gives them"),
    "phone": Hint("digits, with + and the country", "ask the person"),
    "profile_id": Hint("24 hexadecimal digits", "sprinklr_get_profile_by_user_id gives it"),
    "queue_id": Hint("digits", "sprinklr_list_case_values lists queues"),
    "queue_ids": Hint("digits", "sprinklr_list_case_values lists queues"),
    "username": Hint("as the channel shows it", "profiles name it; ids are surer"),
}


def form_of(argument: str) -> str | None:
    """Return what an argument looks like and who gives it."""
    hint = HINTS.get(argument)
    return f"{hint.form}; {hint.source}" if hint else None


def what_to_check(action: BaseModel) -> str:
    """Say which arguments of a call may name what is not there, and where right ones come from."""
    given = [name for name in HINTS if getattr(action, name, None) is not None]
    if getattr(action, "cursor", None) is not None:
        return "Call again without cursor: one lives five minutes."
    if not given:
        return "Check the arguments; the same call will be refused again."
    return "Check " + "; ".join(f"{name}: {HINTS[name].source}" for name in given) + "."
