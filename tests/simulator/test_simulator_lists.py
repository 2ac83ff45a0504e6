"""The user, the workspaces and the lists that names are looked up in."""

from typing import Any

import pytest
from customer_app import App
from sample_tenant import CHAT, USER


def bootstrap(app: App, name: str) -> Any:
    answer = app.get("/api/v1/bootstrap/resources", params={"types": name}).json()
    assert list(answer) == [name]
    return answer[name]


def test_me_is_the_user_behind_the_token_without_permissions(app: App) -> None:
    me = {name: value for name, value in USER.items() if name != "permissions"}
    assert app.get("/api/v2/me").json() == {"data": me, "errors": []}


def test_the_workspaces_have_ids_as_text(app: App) -> None:
    workspaces = app.get("/api/v2/client/accessible-clients").json()["data"]
    assert workspaces[0] == {"id": "7001", "name": "Acme Care"}


def test_the_accounts_come_without_an_envelope(app: App) -> None:
    assert bootstrap(app, "USER_ACCESSIBLE_ACCOUNTS")[0] == CHAT
    assert len(bootstrap(app, "USER_ACCESSIBLE_ACCOUNTS")) == 3
    assert len(bootstrap(app, "PARTNER_ACCOUNTS")) == 2


def test_queues_and_users_come_from_the_data(app: App) -> None:
    assert bootstrap(app, "UNIVERSAL_CASE_QUEUES")[0]["name"] == "Delivery"
    user = bootstrap(app, "ACCESSIBLE_USERS")[0]
    assert (user["userId"], user["firstName"], user["visibleId"]) == (1000411001, "Grace", "Grace Okafor")


@pytest.mark.parametrize("name", ["UM_STATUSES", "USER_GROUPS"])
def test_a_list_without_data_is_empty(app: App, name: str) -> None:
    assert bootstrap(app, name) == []


def test_a_list_without_data_is_the_contracts_example_if_there_is_one(app: App) -> None:
    assert bootstrap(app, "MACROS")["SHARED"][0]["name"] == "Close Case"


def test_the_permissions_are_told_by_area(app: App) -> None:
    assert "DELETE" in bootstrap(app, "PERMISSIONS")["CASE"]


def test_the_campaigns_are_a_list(app: App) -> None:
    assert [row["id"] for row in app.get("/api/v2/campaign").json()["data"]] == ["7001_12"]
