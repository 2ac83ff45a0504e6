"""Every entry of the contract can be called, and what breaks the contract is refused as documented."""

import hashlib
import json
from importlib import resources
from typing import Any

import pytest
from customer_app import App
from sample_tenant import REPLY

from sprinklr_simulator.contract import read_contract, read_served_contract
from sprinklr_simulator.handlers import all_handlers

VALUES: dict[str, str] = {
    "entityType": "CASE",
    "entityId": "20418877",
    "commentId": "64e5febee06bd34894334000",
    "caseId": "66f1a2b3c4d5e6f708192a3b",
    "profileId": "6710f4a2c9b1e70012ab34cd",
    "contentId": "66aa0011bb22cc33dd44ee55",
    "fieldName": "spr_uc_status",
    "accountId": "700000123",
    "channelId": "66bb",
    "postId": "700000018628713",
    "draftId": "700000018628713",
    "id": "66f1a2b3c4d5e6f708192a3b",
    "snType": "TWITTER",
    "snUserId": "155500001",
    "userName": "Ilse Brandt",
    "messageId": REPLY["inReplyToMessageId"],
    "conversationId": "c1",
    "userId": "1000411001",
    "status": "Available",
    "fileName": "label.png",
}
# No data is searched by this name, so the cursor is not looked up.
OTHER_VALUES = {"continue_search": {"entityType": "USER"}}


def entries() -> list[dict[str, Any]]:
    text = resources.files("sprinklr_simulator").joinpath("data/contract.json").read_text(encoding="utf-8")
    return [entry for entry in json.loads(text) if entry["path"]]


def send_example(app: App, entry: dict[str, Any]) -> Any:
    values = {**VALUES, **OTHER_VALUES.get(entry["action"], {})}
    path = entry["path"].removeprefix("/{env}")
    for parameter in entry["path_parameters"]:
        path = path.replace("{" + parameter["name"] + "}", values[parameter["name"]])
    example = entry["request_example"]
    known = example if isinstance(example, dict) else {}
    query = {
        parameter["name"]: parameter.get(
            "enum", [known.get(parameter["name"], values.get(parameter["name"]))]
        )[0]
        for parameter in entry["query"]
        if parameter["required"]
    }
    request: dict[str, Any] = {"params": query}
    if entry["request_content_type"] == "application/json":
        request["json"] = example
    elif entry["request_content_type"]:
        name = entry["request_schema"]["required"][0]
        request["files"] = [(name, ("label.png", b"\x89PNG\r\n", "image/png"))]
    return app.call(entry["method"], path, **request)


def test_every_contract_entry_answers(app: App) -> None:
    assert len(entries()) > 50
    for entry in entries():
        app.reset()
        app.log_in()
        answer = send_example(app, entry)
        assert answer.status_code in entry["success_status"], (entry["action"], answer.text)
        assert (answer.status_code == 204) == (not answer.content)
        committed = [commit["action"] for commit in app.log("commits")]
        assert bool(committed) == (entry["risk"] != "read"), entry["action"]


def test_every_handler_stands_at_an_address_of_the_contract() -> None:
    addresses = {(operation.method, operation.path) for operation in read_served_contract().operations}
    assert set(all_handlers()) <= addresses


def test_every_call_of_a_tool_has_a_handler() -> None:
    by_example = {operation.tool for operation in read_served_contract().operations if operation.tool} - {
        operation.tool
        for operation in read_served_contract().operations
        if (operation.method, operation.path) in all_handlers()
    }
    assert by_example == set()


def test_what_is_made_up_says_so_in_its_path() -> None:
    published = {(operation.method, operation.path) for operation in read_contract().operations}
    served = {(operation.method, operation.path) for operation in read_served_contract().operations}
    assert len(served - published) == 3
    assert all(path.startswith("/api/v2/assumed/") for _, path in served - published)


def test_an_unknown_path_is_404_and_a_wrong_method_405(app: App) -> None:
    assert app.get("/api/v2/nothing").status_code == 404
    assert app.get("/elsewhere/x").status_code in (404, 421)
    answer = app.call("DELETE", "/api/v2/me")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert app.call("PATCH", "/api/v2/case/delete").status_code == 405


def test_errors_have_the_shape_that_was_seen(app: App) -> None:
    body = app.get("/api/v2/nothing").json()
    assert body["data"] == []
    assert set(body["errors"][0]) == {"id", "code", "message"}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v2/case/case-numbers", {}),
        ("/api/v2/case/associated-messages", {"id": "66f1a2b3c4d5e6f708192a3b", "cursor": "yesterday"}),
        ("/api/v1/bootstrap/resources", {"types": "NOTHING"}),
    ],
)
def test_a_missing_or_mistyped_parameter_is_400(app: App, path: str, query: dict[str, str]) -> None:
    assert app.get(path, params=query).status_code == 400


@pytest.mark.parametrize(
    "body", [["20418877", "20418877"], [], {"caseNumbers": ["1"]}, [20418877], ["#1"], "x"]
)
def test_a_body_that_breaks_the_schema_is_400_and_does_nothing(app: App, body: object) -> None:
    assert app.post("/api/v2/case/case-numbers/delete", body).status_code == 400
    assert app.log("commits") == []


def test_a_body_that_is_no_json_is_400(app: App) -> None:
    headers = {"Content-Type": "application/json"}
    answer = app.call("POST", "/api/v2/comment/CASE/20418877", content=b'{"text": ', headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("body", [b'{"text": NaN}', b"[" * 100_000, b'{"text": "\xff"}', b""])
def test_a_hostile_body_is_400(app: App, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = app.call("POST", "/api/v2/comment/CASE/20418877", content=body, headers=headers)
    assert answer.status_code == 400


def test_half_a_character_is_taken_and_replaced(app: App) -> None:
    body, headers = b'{"text": "a\\ud800"}', {"Content-Type": "application/json"}
    answer = app.call("POST", "/api/v2/comment/CASE/20418877", content=body, headers=headers)
    assert answer.json()["data"]["text"].startswith("a")


def test_a_wrong_content_type_is_415(app: App) -> None:
    path = "/api/v2/comment/CASE/20418877"
    assert app.call("POST", path, data={"text": "x"}).status_code == 415
    assert app.call("POST", path, json={"text": "x"}, headers={"Accept": "text/html"}).status_code == 415


def test_a_post_without_length_is_411(app: App) -> None:
    path = "/api/v2/user/update-user-status?userId=1&status=Busy"
    headers = {"Authorization": f"Bearer {app.token}", "Key": app.place.api_key}
    request = app.http.build_request("POST", app.path(path), headers=headers)
    assert app.http.send(request).status_code == 204
    del request.headers["content-length"]
    assert app.http.send(request).status_code == 411


def test_two_entries_on_one_address_are_both_accepted(app: App) -> None:
    closing = {
        "caseNumbers": [20418877],
        "updateActions": ["SYNC_SELECTED_PROPERTIES"],
        "syncedSelectedCustomProperties": {"spr_uc_status": ["Closed"]},
    }
    assert app.call("PUT", "/api/v2/case", json=closing).status_code == 200
    assert app.get("/api/v1/bootstrap/resources", params={"types": "MACROS"}).status_code == 200


def test_an_upload_needs_its_file(app: App) -> None:
    path = "/api/v2/media/upload?assetType=image&fileName=a.png"
    assert app.call("POST", path, files={"other": b"x"}).status_code == 400


def test_an_upload_is_logged_by_the_hash_of_its_bytes(app: App) -> None:
    path, content = "/api/v2/media/upload?assetType=image&fileName=a.png", b"\r\n--\x00\xff\r\n\r\n"
    answer = app.call("POST", path, files={"file": ("a.png", content, "image/png")})
    assert answer.status_code == 200
    described = app.log("commits")[0]["body"]["file"]
    assert described["sha256"] == hashlib.sha256(content).hexdigest()
    assert app.log("requests")[-1]["body"] == [{"name": "file", **described}]
