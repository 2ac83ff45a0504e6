"""A published message goes out once, hangs on its case, and only from where it may."""

from copy import deepcopy
from typing import Any

import pytest
from customer_app import App, by_code_token
from sample_tenant import CASE, REPLY

PATH = "/api/v2/publishing/message"


def messages_of(app: App, case_id: str = str(CASE["id"])) -> list[str]:
    return app.get("/api/v2/case/associated-messages", params={"id": case_id}).json()["data"]


def test_a_reply_becomes_a_brand_message_of_the_same_case(app: App) -> None:
    answer = app.post(PATH, REPLY)
    assert answer.status_code == 200
    post, errors = answer.json()["data"][0], answer.json()["errors"]
    assert (post.startswith("POST_"), errors) == (True, [])
    message_id = messages_of(app)[-1]
    assert message_id.startswith("ACCOUNT_700000123_")
    assert "_SPRINKLR_LIVE_CHAT_313_" in message_id
    message = app.post("/api/v2/message/bulk-fetch", [message_id]).json()["data"][0]
    assert (message["brandPost"], message["content"]) == (True, {"text": "It comes tomorrow."})
    assert f"POST_{message['postId']}" == post
    assert message["associatedCaseNumber"] == 20418877
    case = app.get(f"/api/v2/case/{CASE['id']}").json()["data"]
    assert (case["associatedBrandMessageCount"], case["version"]) == (1, 5)


def test_publishing_twice_sends_twice(app: App) -> None:
    posts = [app.post(PATH, REPLY).json()["data"][0] for _ in range(2)]
    assert len(set(posts)) == 2
    assert len(messages_of(app)) == 4
    assert [commit["tool"] for commit in app.log("commits")] == ["publish_message"] * 2


def test_a_message_that_answers_none_goes_to_the_persons_newest_case(app: App) -> None:
    message = {name: value for name, value in REPLY.items() if name != "inReplyToMessageId"}
    assert app.post(PATH, message).status_code == 200
    assert len(messages_of(app)) == 3


@pytest.mark.parametrize(
    "later", [{"scheduleDate": 4102444800000}, {"approval": {"type": "USER", "id": "1"}}]
)
def test_a_message_that_waits_is_not_in_the_case_yet(app: App, later: dict[str, Any]) -> None:
    assert app.post(PATH, {**REPLY, **later}).status_code == 200
    assert len(messages_of(app)) == 2
    assert len(app.log("commits")) == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("accountId", 1, "not found"),
        ("accountId", 700000124, "not active"),
        ("accountId", 700000125, "Access to resource is forbidden"),
        ("accountId", "700000123", "is not of type"),
        ("taxonomy", {"campaignId": "7001_99"}, "Campaign"),
        ("taxonomy", {}, "campaignId"),
        ("inReplyToMessageId", "ACCOUNT_0", "was not found"),
        ("toProfile", {"channelType": "TWITTER", "channelId": "1"}, "can't send"),
        ("content", {}, "text"),
    ],
)
def test_a_wrong_message_is_400_and_sends_nothing(app: App, name: str, value: Any, words: str) -> None:
    answer = app.post(PATH, {**deepcopy(REPLY), name: value})
    assert answer.status_code == 400
    assert words in answer.json()["errors"][0]["message"]
    assert app.log("commits") == []
    assert len(messages_of(app)) == 2


def test_a_workspace_that_the_token_does_not_cover_is_401(app: App) -> None:
    app.token = by_code_token(app, ("7001",))
    assert app.call("POST", PATH, json=REPLY, headers={"workspace_id": "7002"}).status_code == 401
    assert app.call("POST", PATH, json=REPLY, headers={"workspace_id": "7001"}).status_code == 200


def posts(app: App, kind: str, key: str, *values: object) -> list[dict[str, Any]]:
    part = {"type": kind, "key": key, "values": [*values]}
    body = {"filter": {"type": "AND", "filters": [part]}, "page": {"size": 10}}
    return app.post("/api/v2/search/OUTBOUND_MESSAGE", body).json()["data"]["results"]


def test_posts_are_found_by_what_became_of_them(app: App) -> None:
    for later in ({}, {"scheduleDate": 4102444800000}, {"approval": {"type": "USER", "id": "1"}}):
        assert app.post(PATH, {**REPLY, **later}).status_code == 200
    (published,) = posts(app, "IN", "status", "PUBLISHED")
    assert (published["content"], published["accountIds"]) == (REPLY["content"], [700000123])
    assert published["authorId"] == 1000411001
    assert len(posts(app, "IN", "status", "SCHEDULED", "IN_APPROVAL")) == 2
    (scheduled,) = posts(app, "BETWEEN", "scheduleDate", 4102444700000, 4102444900000)
    assert scheduled["status"] == "SCHEDULED"
