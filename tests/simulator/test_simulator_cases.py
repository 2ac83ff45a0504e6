"""Cases, messages and comments behave as the contract tells, and the log says what happened."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import CASE, COMMENT, FOLLOW_UP, QUESTION, QUESTION_ID

ID, NUMBER = str(CASE["id"]), "20418877"
BY_NUMBER = ("/api/v2/case/case-numbers/delete", [NUMBER])
BY_ID = ("/api/v2/case/delete", [ID])


def by_number(app: App, number: str = NUMBER) -> list[dict[str, Any]]:
    return app.get("/api/v2/case/case-numbers", params={"case-number": number}).json()["data"]


def test_a_case_is_read_by_number_and_by_id(app: App) -> None:
    assert by_number(app) == [CASE]
    assert app.get(f"/api/v2/case/{ID}").json() == {"data": CASE, "errors": []}


def test_an_unknown_number_gives_an_empty_list_and_an_unknown_id_a_404(app: App) -> None:
    assert by_number(app, "1") == []
    assert app.get(f"/api/v2/case/{NUMBER}").status_code == 404


def test_the_cursor_of_associated_messages_shows_later_ones_only(app: App) -> None:
    path = "/api/v2/case/associated-messages"
    assert app.get(path, params={"id": ID}).json()["data"] == [QUESTION_ID, FOLLOW_UP["messageId"]]
    later = app.get(path, params={"id": ID, "cursor": 1763890000000}).json()["data"]
    assert later == [FOLLOW_UP["messageId"]]
    assert app.get(path, params={"id": ID, "cursor": 1763890060000}).json()["data"] == []
    assert app.get(path, params={"id": "0" * 24}).status_code == 404


@pytest.mark.parametrize(("path", "body"), [BY_NUMBER, BY_ID])
def test_a_second_delete_is_refused_with_400(app: App, path: str, body: list[str]) -> None:
    first = app.post(path, body)
    assert (first.status_code, first.content) == (204, b"")
    assert by_number(app)[0]["deleted"] is True
    assert app.post(path, body).status_code == 400
    assert [commit["path"] for commit in app.log("commits")] == ["/prod2" + path]


@pytest.mark.parametrize(("path", "body"), [(BY_NUMBER[0], [NUMBER, "999"]), (BY_ID[0], [ID, "0" * 24])])
def test_a_list_with_an_unknown_case_deletes_none(app: App, path: str, body: list[str]) -> None:
    assert app.post(path, body).status_code == 404
    assert by_number(app)[0]["deleted"] is False
    assert app.log("commits") == []


def test_a_message_is_read_by_its_id_without_its_case(app: App) -> None:
    path = "/api/v2/message/byMessageId"
    message = app.get(path, params={"messageId": QUESTION_ID}).json()["data"]
    assert message == {name: value for name, value in QUESTION.items() if name != "associatedCaseNumber"}
    assert app.get(path, params={"messageId": "ACCOUNT_0"}).status_code == 404


def test_messages_that_nobody_knows_are_dropped_without_a_word(app: App) -> None:
    answer = app.post("/api/v2/message/bulk-fetch", ["ACCOUNT_0", QUESTION_ID])
    assert answer.json() == {"data": [QUESTION], "errors": []}
    assert app.post("/api/v2/message/bulk-fetch", [QUESTION_ID] * 51).status_code == 400


def test_a_comment_goes_to_the_case_number_in_the_name_of_the_tokens_user(app: App) -> None:
    answer = app.post(f"/api/v2/comment/CASE/{NUMBER}", {"text": "Refund approved."})
    comment = answer.json()["data"]
    assert (comment["commentingUser"], comment["entityId"], len(comment["id"])) == (1000411001, NUMBER, 24)
    commit = app.log("commits")[0]
    assert (commit["number"], commit["action"], commit["body"]) == (
        1,
        "Add comment",
        {"text": "Refund approved."},
    )
    assert comments(app)[-1] == comment


@pytest.mark.parametrize("entity", [f"CASE/{ID}", "CASE/1", "MESSAGE/x", "PROFILE/x", "CAMPAIGN/x"])
def test_a_comment_on_nothing_is_a_404(app: App, entity: str) -> None:
    assert app.post(f"/api/v2/comment/{entity}", {"text": "x"}).status_code == 404


@pytest.mark.parametrize(
    "entity", [f"MESSAGE/{QUESTION_ID}", "PROFILE/6710f4a2c9b1e70012ab34cd", "CAMPAIGN/7001_12"]
)
def test_a_comment_can_stand_on_other_things_than_cases(app: App, entity: str) -> None:
    assert app.post(f"/api/v2/comment/{entity}", {"text": "x"}).status_code == 200


def test_a_comment_on_a_deleted_case_is_refused(app: App) -> None:
    app.post(*BY_NUMBER)
    assert app.post(f"/api/v2/comment/CASE/{NUMBER}", {"text": "x"}).status_code == 400


def test_a_comment_is_changed_and_taken_away(app: App) -> None:
    path = f"/api/v2/comment/CASE/{NUMBER}/{COMMENT['id']}"
    assert app.call("PUT", path, json={"text": "new"}).json()["data"]["text"] == "new"
    assert app.call("DELETE", path).status_code == 204
    assert app.call("DELETE", path).status_code == 404
    assert COMMENT["id"] not in [comment["id"] for comment in comments(app)]


def comment_search(*keys: str) -> dict[str, Any]:
    values = {"entityType": "UNIVERSAL_CASE", "entityId": NUMBER}
    filters = [{"type": "IN", "key": key, "values": [values[key]]} for key in keys]
    replies = {"type": "EXISTS", "key": "includeReplyOnComments", "values": ["false"]}
    return {
        "filter": {"type": "AND", "filters": [*filters, replies]},
        "sorts": [{"key": "createdTime", "order": "ASC"}],
        "page": {"size": 20},
    }


def comments(app: App) -> list[dict[str, Any]]:
    answer = app.post("/api/v2/search/COMMENT", comment_search("entityType", "entityId"))
    return answer.json()["data"]["results"]


def test_a_comment_search_needs_type_and_id(app: App) -> None:
    assert comments(app)[0] == COMMENT
    assert app.post("/api/v2/search/COMMENT", comment_search("entityId")).status_code == 400


def test_a_search_goes_on_by_a_cursor_that_lives_five_minutes(app: App) -> None:
    search = comment_search("entityType", "entityId") | {"page": {"size": 1}}
    first = app.post("/api/v2/search/COMMENT", search).json()["data"]
    assert len(first["results"]) == 1
    query = dict([first["cursor"].split("=")])
    second = app.get("/api/v2/search/COMMENT", params=query).json()["data"]
    assert second["results"][0]["id"] != first["results"][0]["id"]
    assert "cursor" not in second
    app.advance(301)
    assert app.get("/api/v2/search/COMMENT", params=query).status_code == 400


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"type": "IN", "key": "contact.channelId", "values": ["dana@example.com", "x"]}, 2),
        ({"type": "NOT_EQUALS", "key": "contact.channelId", "values": ["dana@example.com"]}, 1),
        ({"type": "EQUALS", "key": "deleted", "values": ["false"]}, 2),
        ({"type": "EQUALS", "key": "caseNumber", "values": [20418877]}, 1),
        ({"type": "GT", "key": "createdTime", "values": [1763890000500]}, 2),
        ({"type": "IN", "key": "workflow.customProperties.spr_uc_status", "values": ["New"]}, 3),
        ({"type": "IN", "key": "workflow.queues.queueId", "values": ["104410"]}, 3),
        ({"type": "NOT", "filters": [{"type": "EQUALS", "key": "deleted", "values": ["false"]}]}, 1),
    ],
)
def test_cases_are_found_by_filters(app: App, condition: dict[str, Any], count: int) -> None:
    search = {"filter": {"type": "AND", "filters": [condition]}, "page": {"size": 1}, "includeCount": True}
    assert app.post("/api/v2/search/CASE", search).json()["data"]["count"] == count


def test_messages_and_profiles_are_found_by_the_names_that_filters_use(app: App) -> None:
    by_case = {"type": "AND", "filters": [{"type": "IN", "key": "caseNumber", "values": [20418877]}]}
    times = {"key": "channelCreatedTime", "since": 1763890000001, "until": 1763890900000}
    found = app.post("/api/v2/search/MESSAGE", {"filter": by_case, "timeFilter": times}).json()["data"]
    assert [message["messageId"] for message in found["results"]] == [FOLLOW_UP["messageId"]]
    channel = {"type": "IN", "key": "channelId", "values": ["66bb0011bb22cc33dd44ee55"]}
    search = {"filter": {"type": "AND", "filters": [channel]}, "page": {"size": 5}}
    assert len(app.post("/api/v2/search/PROFILE", search).json()["data"]["results"]) == 1
