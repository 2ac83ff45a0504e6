"""Cases are opened, and changed by the actions that are named; profiles are found."""

from typing import Any

import httpx2
import pytest
from customer_app import App
from sample_tenant import CASE, MENTION, PROFILE, QUESTION_ID

TYPE = "spr_uc_type"
NEW = {"spr_uc_status": ["New"]}


def update(app: App, *actions: str, **fields: Any) -> httpx2.Response:
    body = {"caseNumbers": ["20418877"], "updateActions": actions, **fields}
    return app.call("PUT", "/api/v2/case", json=body)


def updated(app: App, *actions: str, **fields: Any) -> dict[str, Any]:
    answer = update(app, *actions, **fields)
    assert answer.status_code == 200, answer.text
    case = answer.json()["data"][0]
    assert app.get(f"/api/v2/case/{CASE['id']}").json()["data"] == case
    return case


def by_number(app: App, number: int) -> dict[str, Any]:
    return app.get("/api/v2/case/case-numbers", params={"case-number": number}).json()["data"][0]


def test_a_case_is_opened_for_a_message_once(app: App) -> None:
    body = {
        "firstMessageId": MENTION["messageId"],
        "subject": "Nobody answers",
        "priority": "high",
        "workflow": {"customProperties": {"spr_uc_status": ["New"], "spr_uc_priority": ["High"]}},
    }
    case = app.post("/api/v2/case", body).json()["data"]
    assert (case["caseNumber"], case["version"], case["status"], case["priority"]) == (
        20418879,
        0,
        "New",
        "high",
    )
    assert case["workflow"]["customProperties"]["spr_uc_priority"] == ["high"]
    assert by_number(app, 20418879) == case
    messages = app.get("/api/v2/case/associated-messages", params={"id": case["id"]}).json()["data"]
    assert messages == [MENTION["messageId"]]
    assert app.post("/api/v2/case", body).status_code == 400
    assert app.post("/api/v2/case", {**body, "firstMessageId": "ACCOUNT_0"}).status_code == 400
    assert app.post("/api/v2/case", {**body, "firstMessageId": QUESTION_ID}).status_code == 400
    assert len(app.log("commits")) == 1


def test_a_case_for_a_person_makes_one_profile_and_a_note(app: App) -> None:
    body = {
        "channelType": "EMAIL",
        "contactInfo": {"email": "new@example.com", "fullName": "New Person"},
        "commentDTO": {"comment": "By the web form"},
    }
    cases = [app.post("/api/v2/case/profile", body).json()["data"] for _ in range(2)]
    assert cases[0]["contact"]["id"] == "EMAIL_new@example.com"
    assert cases[0]["workflow"]["customProperties"] == {"spr_is_profile_case": ["true"]}
    channel = {"type": "IN", "key": "channelId", "values": ["new@example.com"]}
    search = {"filter": {"type": "AND", "filters": [channel]}, "page": {"size": 5}}
    assert len(app.post("/api/v2/search/PROFILE", search).json()["data"]["results"]) == 1
    assert app.post("/api/v2/case/profile", {**body, "contactInfo": {}}).status_code == 400


def test_a_status_is_set_by_its_property_and_mirrored_on_top(app: App) -> None:
    wanted = {"spr_uc_status": ["Closed"]}
    case = updated(app, "SYNC_SELECTED_PROPERTIES", syncedSelectedCustomProperties=wanted)
    assert (case["status"], case["version"]) == ("Closed", 5)
    assert app.log("commits")[0]["tool"] == "update_case"


def test_properties_are_added_replaced_and_removed(app: App) -> None:
    case = updated(app, "ADD_PROPERTIES", addedCustomProperties={TYPE: ["Problem"], "x": ["1", "2"]})
    assert case["workflow"]["customProperties"] == {**NEW, TYPE: ["Problem"], "x": ["1", "2"]}
    assert case["caseType"] == "Problem"
    case = updated(app, "REMOVE_PROPERTIES", removedCustomProperties={TYPE: ["Problem"], "x": ["1"]})
    assert case["workflow"]["customProperties"] == {**NEW, "x": ["2"]}
    case = updated(app, "SYNC_PROPERTIES", syncedCustomProperties={"y": ["3"]})
    assert case["workflow"]["customProperties"] == {"y": ["3"]}


def test_a_case_is_assigned_in_the_name_of_the_tokens_user(app: App) -> None:
    assignment = updated(app, "ASSIGN_TO_USER", assignedTo=1000411018)["workflow"]["assignment"]
    assert (assignment["assigneeId"], assignment["assignedById"]) == ("1000411018", 1000411001)


def test_queues_are_added_and_removed(app: App) -> None:
    def numbers(case: dict[str, Any]) -> list[int]:
        return [queue["queueId"] for queue in case["workflow"]["queues"]]

    assert numbers(updated(app, "ADD_QUEUES", addedQueues=["104596", "104410"])) == [104410, 104596]
    assert numbers(updated(app, "REMOVE_QUEUES", removedQueues=["104410"])) == [104596]
    assert numbers(updated(app, "SYNC_QUEUES", syncedQueues=["104410"])) == [104410]


def test_several_actions_are_one_version(app: App) -> None:
    case = updated(app, "EDIT_SUBJECT", "SET_DUE_DATE", subject="New", dueDate=1, description="no")
    assert (case["subject"], case["dueDate"], case["version"]) == ("New", 1, 5)
    assert "description" not in case


@pytest.mark.parametrize(
    ("action", "fields", "status"),
    [
        ("ASSIGN_TO_USER", {}, 400),
        ("ASSIGN_TO_USER", {"assignedTo": 1}, 400),
        ("ADD_QUEUES", {"addedQueues": ["1"]}, 400),
        ("EDIT_SUBJECT", {"subject": "x", "caseNumbers": [20418877, 1]}, 404),
        ("SET_STATUS", {"status": "Closed"}, 400),
    ],
)
def test_a_change_that_can_not_be_made_changes_nothing(
    app: App, action: str, fields: dict[str, Any], status: int
) -> None:
    assert update(app, action, **fields).status_code == status
    assert app.get(f"/api/v2/case/{CASE['id']}").json()["data"] == CASE
    assert app.log("commits") == []


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"/api/v2/profile/{PROFILE['id']}", {}),
        ("/api/v2/profile", {"snType": "TWITTER", "snUserId": "155500001"}),
        ("/api/v2/profile/search", {"snType": "TWITTER", "userName": "ilse brandt"}),
    ],
)
def test_a_profile_is_found_by_id_and_on_its_channels(app: App, path: str, query: dict[str, str]) -> None:
    assert app.get(path, params=query).json()["data"] == PROFILE


def test_a_profile_is_not_found_on_another_channel(app: App) -> None:
    assert app.get("/api/v2/profile", params={"snType": "EMAIL", "snUserId": "155500001"}).status_code == 404
    assert app.get("/api/v2/profile/0").status_code == 404
