"""What a person is asked holds all that will be sent, and what contradicts itself is refused before."""

from typing import Any

import pytest
from canned import ACCOUNT_ID, Canned, a_case, an_account, asked, gathered, lines_in, value_in
from examples import ASSET, CASE, MACRO, PERSON, action_of
from pydantic import ValidationError

from sprinklr_tools.actions.cases.macros import CaseValues, ListCaseValues
from sprinklr_tools.actions.cases.reading import GetCaseByNumber
from sprinklr_tools.actions.profiles.reading import GetProfileByUserId, Profile
from sprinklr_tools.actions.publishing.accounts import Account, Accounts, ListAccounts
from sprinklr_tools.problems import Unclear
from sprinklr_tools.question import Question
from sprinklr_tools.reading import CustomerText, Json, Record

CALLER = {"channel_type": "WHATSAPP_BUSINESS", "channel_id": "447700900199"}
DEFLECT = {"asset_id": ASSET, "account_id": ACCOUNT_ID, **CALLER}
MESSAGE = {"text": "Hello.", "account_id": ACCOUNT_ID, **CALLER}
JOURNEY = {"journey_id": ASSET, "name": "Ilse Brandt", **PERSON}
WHATSAPP = an_account("WHATSAPP_BUSINESS")


def of_account(account: Account = WHATSAPP) -> dict[Any, Any]:
    return {ListAccounts: Accounts((account,)), GetCaseByNumber: a_case()}


def test_each_parameter_of_a_journey_is_shown_uncut() -> None:
    parameters = {f"p{number}": f"{number} " + "long " * 90 + "end" for number in range(12)}
    question = asked("trigger_journey", {**JOURNEY, "parameters": parameters}, {})
    shown = lines_in(question, "Parameter")
    assert [one.value for one in shown] == [f"{name} = {value}" for name, value in parameters.items()]
    assert all(one.whole for one in shown)


@pytest.mark.parametrize("name", ["", "a\nb", "a\u202eb", "\ud800", "a" * 201])
def test_a_parameter_that_no_line_can_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        action_of("trigger_journey", {**JOURNEY, "parameters": {name: "x"}})


def test_the_note_of_a_deflected_call_is_shown_whole() -> None:
    question = asked("deflect_call", {**DEFLECT, "comment": "Wants a van.\nSoon."}, of_account())
    (note,) = lines_in(question, "Internal note")
    assert (note.value, note.whole) == ("Wants a van.\nSoon.", True)


def test_a_call_is_not_deflected_to_a_case_and_to_a_new_one() -> None:
    action = action_of("deflect_call", {**DEFLECT, "case_number": CASE, "create_case": True})
    reader = Canned(of_account())
    with pytest.raises(Unclear):
        gathered(action, reader)
    assert reader.read == []


@pytest.mark.parametrize(("tool", "arguments"), [("deflect_call", DEFLECT), ("publish_message", MESSAGE)])
def test_the_accounts_channel_stands_beside_its_name(tool: str, arguments: dict[str, Any]) -> None:
    question = asked(tool, arguments, of_account())
    assert [one.name for one in question.lines if "ccount" in one.name][:2] == [
        "From account",
        "Account's channel",
    ]
    assert value_in(question, "Account's channel") == "WHATSAPP_BUSINESS"


@pytest.mark.parametrize(("tool", "arguments"), [("deflect_call", DEFLECT), ("publish_message", MESSAGE)])
@pytest.mark.parametrize("account", [an_account("EMAIL", "EMAIL"), an_account("FBPAGE", "FACEBOOK")])
def test_a_recipient_on_another_channel_than_the_accounts_is_refused(
    tool: str, arguments: dict[str, Any], account: Account
) -> None:
    with pytest.raises(Unclear, match="recipient on WHATSAPP_BUSINESS"):
        asked(tool, arguments, of_account(account))


@pytest.mark.parametrize(
    ("account", "channel"),
    [
        (an_account("FBPAGE", "FACEBOOK"), "FACEBOOK"),
        (an_account("FBPAGE", "FACEBOOK"), "FBPAGE"),
        (an_account("WHATSAPP_BUSINESS"), "WHATSAPP"),
        (an_account("FACEBOOK"), "FACEBOOK_MESSENGER"),
        (an_account(None), "SMS"),
        (an_account(CustomerText("Odd: <b>")), "SMS"),
    ],
)
def test_other_spellings_of_the_accounts_channel_are_taken(account: Account, channel: str) -> None:
    assert asked("publish_message", {**MESSAGE, "channel_type": channel}, of_account(account)).lines


def test_an_account_is_known_in_both_spellings() -> None:
    page = Account.of(Record({"accountId": 1, "accountType": "FBPAGE", "snType": "FACEBOOK"}))
    assert (page.channel_type, page.network) == ("FBPAGE", "FACEBOOK")


def test_it_is_the_recipient_that_is_not_verified() -> None:
    unknown = asked("publish_message", MESSAGE, of_account())
    assert value_in(unknown, "To") == "447700900199 (not verified)"
    assert value_in(unknown, "Their name") == "unknown"
    profile = Profile.of(Record({"id": "1", "contact": {"fullName": "Maya"}}))
    known = asked("publish_message", MESSAGE, {**of_account(), GetProfileByUserId: profile})
    assert (value_in(known, "To"), value_in(known, "Their name")) == ("447700900199", "Maya")


def about_macro(**members: Json) -> Question:
    macro: Json = {"id": MACRO, "name": "Hand over", **members}
    values: CaseValues = action_of("list_case_values", {"kind": "macros"}).answer(
        {"MACROS": {"SHARED": [macro]}}, None
    )
    answers = {GetCaseByNumber: a_case(), ListCaseValues: values}
    return asked("apply_macro", {"case_number": CASE, "macro_id": MACRO}, answers)


def test_what_a_macro_changes_is_shown_line_by_line() -> None:
    question = about_macro(
        actions={"CASE_REMOVE_QUEUE": ["104410"], "EXECUTE_RULE": []},
        idVsCustomPropertyDetails={
            "spr_uc_status": {"actionType": "set", "values": ["Closed"]},
            "spr_uc_tag": {"actionType": "merge", "values": ["vip", 7]},
            "_c_note": {"actionType": "set", "values": ["Ignore: <b>all</b>\nof it"]},
        },
    )
    changes = [one.value for one in lines_in(question, "Change")]
    assert changes == [
        "sets spr_uc_status: Closed",
        "adds spr_uc_tag: vip, 7",
        "sets _c_note: Ignore: <b>all</b>\nof it",
        "does CASE_REMOVE_QUEUE: 104410",
        "does EXECUTE_RULE",
    ]
    assert [isinstance(one, CustomerText) for one in changes] == [False, False, True, False, False]


def test_a_macro_of_which_nothing_is_told_promises_nothing() -> None:
    assert value_in(about_macro(), "Change") == "what it changes is not told"
