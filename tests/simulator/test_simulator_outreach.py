"""Journeys and deflections reach a person: the profile and the message can be read afterwards."""

import json
from typing import Any

import pytest
from customer_app import App
from sample_tenant import ASSET, CASE, JOURNEY

TRIGGER = "/api/v2/marketing-journey/triggerJourney"
DEFLECT = "/api/v2/deflect"
PERSON = {"name": "Ilse Winter", "channelType": "WHATSAPP_BUSINESS", "channelId": "447700900123"}
WANTED = {
    "assetId": ASSET["id"],
    "snId": "447700900123",
    "accountId": 500012345,
    "deflectionType": "WHATSAPP_BUSINESS",
}


def trigger(app: App, journey: object, **profile: Any) -> dict[str, Any]:
    answer = app.post(TRIGGER, {"journeyId": journey, "unifiedProfile": {"profiles": [PERSON], **profile}})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def profile_of(app: App) -> dict[str, Any]:
    query = {"snType": PERSON["channelType"], "snUserId": PERSON["channelId"]}
    return app.get("/api/v2/profile", params=query).json()["data"]


def messages_to_caller(app: App) -> list[dict[str, Any]]:
    part = {"type": "EQUALS", "key": "channelType", "values": ["WHATSAPP_BUSINESS"]}
    body = {
        "filter": {"type": "AND", "filters": [part]},
        "timeFilter": {"key": "channelCreatedTime", "since": 1700000000000, "until": 4102444800000},
        "page": {"size": 50},
    }
    found = app.post("/api/v2/search/MESSAGE", body)
    assert found.status_code == 200, found.text
    return found.json()["data"]["results"]


def cases_of_caller(app: App) -> list[dict[str, Any]]:
    part = {"type": "IN", "key": "contact.channelId", "values": [WANTED["snId"]]}
    body = {"filter": {"type": "AND", "filters": [part]}, "page": {"size": 50}}
    return app.post("/api/v2/search/CASE", body).json()["data"]["results"]


def test_a_trigger_makes_the_persons_profile(app: App) -> None:
    answer = trigger(app, JOURNEY["id"], contact={"firstName": "Ilse"})
    profile = profile_of(app)
    assert (answer["status"], profile["contact"]["firstName"]) == ("SUCCESS", "Ilse")
    assert answer["trackingId"].startswith(f"{JOURNEY['id']}_")
    assert answer["trackingId"].endswith(f"_{profile['id']}")


def test_a_trigger_for_a_known_person_changes_their_profile_but_no_custom_field(app: App) -> None:
    trigger(app, JOURNEY["id"])
    before = profile_of(app)["id"]
    trigger(
        app,
        JOURNEY["id"],
        contact={"lastName": "Winter"},
        profileWorkflow={"customProperties": {"_c_tier": ["gold"]}},
    )
    after = profile_of(app)
    assert (after["id"], after["contact"]["lastName"]) == (before, "Winter")
    assert after["profileWorkflow"]["customProperties"] == {}


def test_a_journey_that_rests_says_so_and_writes_the_profile_all_the_same(app: App) -> None:
    assert trigger(app, "j2")["status"] == "FAILED"
    assert profile_of(app)["profiles"][0]["name"] == "Ilse Winter"


def test_an_unknown_journey_is_400_and_makes_no_profile(app: App) -> None:
    answer = app.post(TRIGGER, {"journeyId": "j9", "unifiedProfile": {"profiles": [PERSON]}})
    assert answer.status_code == 400
    query = {"snType": PERSON["channelType"], "snUserId": PERSON["channelId"]}
    assert app.get("/api/v2/profile", params=query).status_code == 404


def test_a_deflection_answers_in_two_envelopes_and_writes_to_the_caller(app: App) -> None:
    answer = app.post(DEFLECT, {**WANTED, "createCase": False}).json()
    (identifier,) = json.loads(answer["data"]["data"])
    assert answer == {"data": {"data": f'["{identifier}"]', "errors": []}, "errors": []}
    (message,) = messages_to_caller(app)
    assert (message["channelMessageId"], message["brandPost"]) == (identifier, True)
    assert message["content"]["text"] == ASSET["text"]
    assert message["receiverProfile"]["channelId"] == "447700900123"
    assert cases_of_caller(app) == []


def test_a_deflection_opens_a_case_with_its_note(app: App) -> None:
    changes = {"createCase": True, "comment": "Called twice.", "customProperties": {"_c_a": ["Delivery"]}}
    assert app.post(DEFLECT, {**WANTED, **changes}).status_code == 200
    (case,) = cases_of_caller(app)
    assert (case["associatedBrandMessageCount"], case["workflow"]["customProperties"]) == (
        1,
        {"_c_a": ["Delivery"]},
    )
    (message,) = messages_to_caller(app)
    assert message["associatedCaseNumber"] == case["caseNumber"]
    parts = [
        {"type": "EQUALS", "key": "entityType", "values": ["UNIVERSAL_CASE"]},
        {"type": "IN", "key": "entityId", "values": [str(case["caseNumber"])]},
    ]
    body = {"filter": {"type": "AND", "filters": parts}, "page": {"size": 10}}
    notes = app.post("/api/v2/search/COMMENT", body).json()["data"]["results"]
    assert [note["text"] for note in notes] == ["Called twice."]


def test_a_deflection_from_a_case_hangs_its_message_on_it(app: App) -> None:
    assert app.post(DEFLECT, {**WANTED, "caseNumber": str(CASE["caseNumber"])}).status_code == 200
    assert messages_to_caller(app)[0]["associatedCaseNumber"] == CASE["caseNumber"]
    assert cases_of_caller(app) == []


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"accountId": 1}, 410),
        ({"deflectionType": "SPRINKLR_LIVE_CHAT"}, 411),
        ({"deflectionType": "EMAIL"}, 412),
        ({"assetId": "a0"}, 413),
        ({"accountId": 700000124, "deflectionType": "SPRINKLR_LIVE_CHAT"}, 415),
        ({"caseNumber": "1"}, 400),
    ],
)
def test_a_deflection_that_can_not_be_made_has_its_own_status(
    app: App, changes: dict[str, Any], status: int
) -> None:
    assert app.post(DEFLECT, {**WANTED, **changes}).status_code == status
    assert messages_to_caller(app) == []
    assert app.log("commits") == []
