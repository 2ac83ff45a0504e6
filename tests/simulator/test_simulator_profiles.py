"""A created profile is the person who was created; a changed one keeps what was not named."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import PROFILE

CREATE = "/api/v2/profile?syncPartnerProfileListIfNotSet=false"
UPDATE = "/api/v2/profile/partial-update"
ADA = {
    "contact": {"fullName": "Ada Winters", "email": "ada@example.com"},
    "profiles": [{"name": "Ada Winters", "channelType": "EMAIL", "channelId": "ada@example.com"}],
    "profileWorkflow": {"profileLists": [50], "customProperties": {"_c_tier": ["gold"], "_c_size": ["M"]}},
}
BY_CHANNEL = {"snType": "EMAIL", "snUserId": "ada@example.com"}


def created(app: App, body: dict[str, Any] = ADA) -> dict[str, Any]:
    answer = app.post(CREATE, body)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def read(app: App, identifier: str) -> dict[str, Any]:
    return app.get(f"/api/v2/profile/{identifier}").json()["data"]


def custom_of(profile: dict[str, Any]) -> dict[str, Any]:
    return profile["profileWorkflow"]["customProperties"]


def test_a_created_profile_reads_back_as_created(app: App) -> None:
    made = created(app)
    assert made["contact"]["fullName"] == "Ada Winters"
    assert read(app, made["id"]) == made
    assert app.get("/api/v2/profile", params=BY_CHANNEL).json()["data"] == made
    assert made["createdTime"] == made["modifiedTime"]


def test_a_created_profile_is_found_by_a_search(app: App) -> None:
    made = created(app)
    part = {"type": "EQUALS", "key": "channelId", "values": ["ada@example.com"]}
    body = {"filter": {"type": "AND", "filters": [part]}, "page": {"size": 10}}
    found = app.post("/api/v2/search/PROFILE", body).json()["data"]["results"]
    assert found == [made]


def test_creating_a_known_identity_changes_the_profile_that_has_it(app: App) -> None:
    made = created(app)
    app.advance(5)
    again = created(app, {**ADA, "contact": {"phoneNo": "+447700900199"}, "profileWorkflow": {}})
    assert (again["id"], again["createdTime"]) == (made["id"], made["createdTime"])
    assert again["modifiedTime"] > made["modifiedTime"]
    assert again["contact"] == {**made["contact"], "phoneNo": "+447700900199"}
    assert again["profileWorkflow"]["profileLists"] == [50]
    assert custom_of(again) == custom_of(made)


def test_a_second_identity_is_added_and_finds_the_same_person(app: App) -> None:
    made = created(app)
    other = {"name": "Ada", "channelType": "TWITTER", "channelId": "1555"}
    created(app, {**ADA, "profiles": [*ADA["profiles"], other]})
    found = app.get("/api/v2/profile", params={"snType": "TWITTER", "snUserId": "1555"}).json()["data"]
    assert found["id"] == made["id"]
    assert len(found["profiles"]) == 2


def test_without_the_flag_lists_that_are_not_sent_are_cleared(app: App) -> None:
    created(app)
    answer = app.post("/api/v2/profile", {**ADA, "profileWorkflow": {}})
    assert answer.json()["data"]["profileWorkflow"]["profileLists"] == []


@pytest.mark.parametrize(
    ("variant", "value", "left"),
    [
        (
            "selectivePartnerCustomProperties",
            {"_c_tier": ["basic"]},
            {"_c_tier": ["basic"], "_c_size": ["M"]},
        ),
        ("selectivePartnerCustomProperties", {"_c_tier": [""]}, {"_c_size": ["M"]}),
        ("partnerCustomProperties", {"_c_tier": ["basic"]}, {"_c_tier": ["basic"]}),
        ("partnerCustomPropertiesAdded", {"_c_size": ["L"]}, {"_c_tier": ["gold"], "_c_size": ["M", "L"]}),
        ("partnerCustomPropertiesRemoved", {"_c_tier": ["gold"]}, {"_c_size": ["M"]}),
    ],
)
def test_an_update_of_custom_fields_does_what_its_variant_says(
    app: App, variant: str, value: dict[str, Any], left: dict[str, Any]
) -> None:
    made = created(app)
    answer = app.post(UPDATE, {"id": made["id"], "profileWorkflowUpdateRequestDTO": {variant: value}})
    assert answer.json() == {"data": made["id"], "errors": []}
    assert custom_of(read(app, made["id"])) == left


def test_an_update_changes_the_named_fields_alone(app: App) -> None:
    key = {"channelType": "TWITTER", "channelId": "155500001"}
    changes = {"contactInfo": {"firstName": "Ilse", "email": "not@example.com"}}
    answer = app.post(UPDATE, {"profileKey": key, "profileUpdateRequestDTO": changes})
    assert answer.json()["data"] == PROFILE["id"]
    changed = read(app, str(PROFILE["id"]))
    # An e-mail address is none of the fields that this call can change.
    assert changed["contact"] == {"email": "dana@example.com", "firstName": "Ilse"}
    assert changed["profiles"] == PROFILE["profiles"]


def test_replacing_and_adding_custom_fields_in_one_update_is_400(app: App) -> None:
    both = {"partnerCustomProperties": {}, "partnerCustomPropertiesAdded": {}}
    answer = app.post(UPDATE, {"id": PROFILE["id"], "profileWorkflowUpdateRequestDTO": both})
    assert answer.status_code == 400
    assert app.log("commits") == []


def test_changing_an_unknown_profile_is_404_and_makes_none(app: App) -> None:
    assert app.post(UPDATE, {"id": "6710f4a2c9b1e70012ab0000"}).status_code == 404
    assert app.post(CREATE, {**ADA, "id": "6710f4a2c9b1e70012ab0000"}).status_code == 404
    assert app.get("/api/v2/profile", params=BY_CHANNEL).status_code == 404
    assert app.log("commits") == []
