"""The older search for cases finds words where people wrote them, in the names of version 1."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import CASE, OTHER_CASE

SEARCH = "/api/v1/case/search"
ALL = {"filterType": "IN", "field": "channelType", "values": ["SPRINKLR"]}


def found(app: App, query: str = "", *filters: dict[str, Any], **paging: Any) -> dict[str, Any]:
    body = {"query": query, "filters": [ALL, *filters], "paginationInfo": {"start": 0, "rows": 20, **paging}}
    answer = app.post(SEARCH, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(app: App, query: str = "", *filters: dict[str, Any], **paging: Any) -> list[int]:
    results = found(app, query, *filters, **paging)["searchResults"]
    return [result["universalCaseApiDTO"]["caseNumber"] for result in results]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("PARCEL where", [20418877]),
        ("hello?", [20418877]),
        ("20418878", [20418878]),
        ("parcel unicorn", []),
    ],
)
def test_every_word_must_stand_in_the_case_or_its_messages(app: App, query: str, wanted: list[int]) -> None:
    assert numbers(app, query) == wanted


def test_a_case_has_the_names_of_version_1(app: App) -> None:
    answer = found(app, "20418877")
    (result,) = answer["searchResults"]
    case = result["universalCaseApiDTO"]
    assert (answer["totalHits"], answer["hasMore"]) == (1, False)
    assert (case["id"], case["caseCreationTime"]) == (CASE["id"], CASE["createdTime"])
    assert case["universalCaseWorkflow"]["cProp"] == {"spr_uc_status": ["New"]}
    assert (case["commentCount"], case["fromUserSocialNetwork"]) == (2, "SPRINKLR_LIVE_CHAT")
    assert result["profile"]["universalProfileId"] == "6710f4a2c9b1e70012ab34cd"


def test_an_assigned_case_is_found_by_its_user(app: App) -> None:
    part = {"filterType": "IN", "field": "assignedToUserId", "values": [1000411018]}
    assert numbers(app, "", part) == []
    change = {"caseNumbers": [OTHER_CASE["caseNumber"]], "updateActions": ["ASSIGN_TO_USER"]}
    app.call("PUT", "/api/v2/case", json={**change, "assignedTo": 1000411018})
    assert numbers(app, "", part) == [OTHER_CASE["caseNumber"]]


def test_deleted_cases_come_too_and_can_be_left_out(app: App) -> None:
    part = {"filterType": "EQUALS", "field": "deleted", "values": [False]}
    assert sorted(numbers(app)) == [4501877, 20418877, 20418878]
    assert sorted(numbers(app, "", part)) == [20418877, 20418878]


def test_pages_go_by_rows_and_times_bound_them(app: App) -> None:
    first = found(app, rows=2)
    assert (len(first["searchResults"]), first["hasMore"], first["totalHits"]) == (2, True, 3)
    assert len(numbers(app, start=2, rows=2)) == 1
    assert numbers(app, untilDate=CASE["createdTime"]) == [20418877]
    oldest_first = numbers(app, sortKey="caseCreationTime", sortDirection="ASC")
    assert oldest_first[0] == 20418877


def test_a_search_without_the_channel_or_with_an_unknown_field_is_400(app: App) -> None:
    paging = {"start": 0, "rows": 20}
    other = {"filterType": "IN", "field": "subscriber", "values": [1]}
    for filters in ([], [ALL, other]):
        assert (
            app.post(SEARCH, {"query": "", "filters": filters, "paginationInfo": paging}).status_code == 400
        )
