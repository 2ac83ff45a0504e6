"""The user, the workspaces and the lists that names are looked up in."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import CHAT, FIELD, MACRO, USER


def bootstrap(app: App, name: str) -> Any:
    answer = app.get("/api/v1/bootstrap/resources", params={"types": name}).json()
    assert list(answer) == [name]
    return answer[name]


def test_me_is_the_user_behind_the_token_without_permissions(app: App) -> None:
    hidden = ("permissions", "createdTime", "modifiedTime")
    me = {name: value for name, value in USER.items() if name not in hidden}
    assert app.get("/api/v2/me").json() == {"data": me, "errors": []}


def test_the_workspaces_have_ids_as_text(app: App) -> None:
    workspaces = app.get("/api/v2/client/accessible-clients").json()["data"]
    assert workspaces[0] == {"id": "7001", "name": "Acme Care"}


def test_the_accounts_come_without_an_envelope(app: App) -> None:
    assert bootstrap(app, "USER_ACCESSIBLE_ACCOUNTS")[0] == CHAT
    assert len(bootstrap(app, "USER_ACCESSIBLE_ACCOUNTS")) == 4
    assert len(bootstrap(app, "PARTNER_ACCOUNTS")) == 3


def test_queues_and_users_come_from_the_data(app: App) -> None:
    assert bootstrap(app, "UNIVERSAL_CASE_QUEUES")[0]["name"] == "Delivery"
    user = bootstrap(app, "ACCESSIBLE_USERS")[0]
    assert (user["userId"], user["firstName"], user["visibleId"]) == (1000411001, "Grace", "Grace Okafor")


@pytest.mark.parametrize("name", ["UM_STATUSES", "USER_GROUPS"])
def test_a_list_without_data_is_empty(app: App, name: str) -> None:
    assert bootstrap(app, name) == []


def test_macros_of_ones_own_stand_apart_from_those_of_everybody(app: App) -> None:
    macros = bootstrap(app, "MACROS")
    assert [macro["id"] for macro in macros["SHARED"]] == [MACRO["id"], "m2"]
    assert macros["USER"] == [{**MACRO, "id": "m3"}]


def test_work_queues_are_others_than_the_queues_of_cases(app: App) -> None:
    answer = app.get("/api/v2/work-queue/getAllWorkQueues").json()
    assert [queue["workQueueName"] for queue in answer["data"]] == ["Live chat"]


def test_a_custom_field_is_read_by_its_name_and_an_unknown_one_is_404(app: App) -> None:
    assert app.get("/api/v2/custom-field/spr_uc_status").json() == {"data": FIELD, "errors": []}
    assert app.get("/api/v2/custom-field/spr_uc_other").status_code == 404


def test_custom_fields_are_searched_by_what_they_are_for(app: App) -> None:
    def names(asset_type: str) -> list[str]:
        part = {"type": "IN", "key": "assetTypes", "values": [asset_type]}
        body = {"filter": {"type": "AND", "filters": [part]}, "page": {"size": 10}}
        found = app.post("/api/v2/search/CUSTOM_FIELD", body).json()["data"]["results"]
        return [field["fieldName"] for field in found]

    assert names("UNIVERSAL_CASE") == ["spr_uc_status"]
    assert names("PROFILE") == []


def test_the_permissions_are_told_by_area(app: App) -> None:
    assert "DELETE" in bootstrap(app, "PERMISSIONS")["CASE"]


def test_the_campaigns_are_a_list(app: App) -> None:
    assert [row["id"] for row in app.get("/api/v2/campaign").json()["data"]] == ["7001_12"]


def looked_up(app: App, kind: str, query: str, **page: int) -> dict[str, Any]:
    asked = {"lookupType": kind, "query": query, "page": {"page": 0, "size": 10, **page}}
    answer = app.post("/api/v2/lookup/byDimensions", {"filters": [], "dimensionLookups": [asked]})
    assert list(answer.json()["data"]) == [kind]
    return answer.json()["data"][kind]


def test_a_part_of_a_name_finds_ids(app: App) -> None:
    assert [user["id"] for user in looked_up(app, "USER", "steiner")["result"]] == ["1000411018"]
    (account,) = looked_up(app, "ACCOUNT_ID", "messages")["result"]
    assert (account["id"], account["channelType"], account["active"]) == (
        "500012345",
        "WHATSAPP_BUSINESS",
        True,
    )
    assert looked_up(app, "CATALOG", "x") == {"hasMore": False, "result": []}
    assert (
        looked_up(app, "USER", "", size=2)["hasMore"],
        looked_up(app, "USER", "", page=1, size=2)["hasMore"],
    ) == (
        True,
        False,
    )
